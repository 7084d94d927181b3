using System.Net;
using System.Text;
using Tessera.Phone.Sip;
using Tessera.Testing;
using Tessera.Wire;

namespace Tessera.Phone.Tests.Sip;

/// <summary>
/// A network in memory on a clock that the test moves: datagrams take a millisecond, and some are lost, by a seed.
/// </summary>
internal sealed class MemoryNetwork(ManualTime time, int seed = 0, double loss = 0)
{
    private static readonly TimeSpan Transit = TimeSpan.FromMilliseconds(1);

    private readonly Random _random = new(seed);
    private readonly Dictionary<IPEndPoint, Action<Bytes, IPEndPoint>> _places = [];
    private readonly List<ITimer> _underWay = [];

    /// <summary>Decides what is lost, besides chance.</summary>
    public Func<SipMessage, bool> Drops { get; set; } = _ => false;

    public List<SipMessage> Log { get; } = [];

    public ManualTime Time => time;

    public SipEndpoint Add(string address, SipEndpointOptions? options = null, bool reliable = false) => SipEndpoint.Start(
        [new MemoryTransport(this, IPEndPoint.Parse(address), reliable ? "TCP" : "UDP")], (options ?? new()) with { Time = time });

    public RawPeer AddPeer(string address) => new(this, IPEndPoint.Parse(address));

    public void Attach(IPEndPoint place, Action<Bytes, IPEndPoint> receive) => _places[place] = receive;

    public void Carry(Bytes message, IPEndPoint from, IPEndPoint to)
    {
        var read = ReadOrNull(message);
        if (read is not null) Log.Add(read);
        if (_random.NextDouble() < loss || (read is not null && Drops(read))) return;
        _underWay.Add(time.CreateTimer(
            _ => _places.GetValueOrDefault(to)?.Invoke(message, from), state: null, Transit, Timeout.InfiniteTimeSpan));
    }

    /// <summary>Lets time pass.</summary>
    public void Run(double seconds = 0.1) => time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>What went over the network, in short: methods and statuses.</summary>
    public string Story() => string.Join(' ', Log.Select(message => message is SipRequest request
        ? request.Method : ((int)((SipResponse)message).Status).ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public static SipMessage? ReadOrNull(Bytes message)
    {
        try
        {
            return SipMessage.Read(message.Span);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    private sealed class MemoryTransport(MemoryNetwork network, IPEndPoint local, string name) : ISipTransport
    {
        public string Name => name;

        public IPEndPoint Local => local;

        public void Start(ISipReceiver receiver) =>
            network.Attach(local, (message, from) => receiver.Received(message.Span, new SipFlow(name, from)));

        public void Send(Bytes message, IPEndPoint remote) => network.Carry(message, local, remote);

        public bool IsConnected(IPEndPoint remote) => name is "TCP";

        public ValueTask DisposeAsync()
        {
            network.Attach(local, (_, _) => { });
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A peer of which the test writes every octet.</summary>
internal sealed class RawPeer
{
    private readonly MemoryNetwork _network;
    private readonly IPEndPoint _place;

    public RawPeer(MemoryNetwork network, IPEndPoint place)
    {
        (_network, _place) = (network, place);
        network.Attach(place, (message, _) =>
        {
            StartLines.Add(Encoding.UTF8.GetString(message.Span).Split("\r\n")[0]);
            if (MemoryNetwork.ReadOrNull(message) is { } read) Received.Add(read);
        });
    }

    /// <summary>What came and is no broken message: an answer to one repeats its faults.</summary>
    public List<SipMessage> Received { get; } = [];

    public List<string> StartLines { get; } = [];

    public SipResponse LastResponse => (SipResponse)Received[^1];

    public SipRequest LastRequest => (SipRequest)Received[^1];

    /// <summary>Sends a text whose lines end as SIP wants it, and lets it be answered.</summary>
    public void Send(SipEndpoint to, string text)
    {
        _network.Carry(new Bytes(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"))), _place, to.Address);
        _network.Run();
    }

    public void Send(SipEndpoint to, SipMessage message)
    {
        _network.Carry(message.ToBytes(), _place, to.Address);
        _network.Run();
    }

    /// <summary>Answers a request of the endpoint.</summary>
    public void Answer(SipEndpoint to, SipRequest request, int status, params IEnumerable<SipHeader> more) =>
        Send(to, request.Response((SipStatus)status, "peer", more));

    /// <summary>Answers an INVITE with what it offers.</summary>
    public void AnswerOk(SipEndpoint to, SipRequest invite, string tag = "peer") => Send(to, invite
        .Response(SipStatus.Ok, tag, new SipHeader("Contact", $"<sip:peer@{_place}>"))
        .With(invite.Body, "application/sdp"));
}
