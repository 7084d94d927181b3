using System.Net;
using System.Threading.Channels;
using Tessera.Smpp;
using Tessera.Wire;

namespace Tessera.Gateway.Tests.Road;

/// <summary>A message that the gateway handed over.</summary>
internal sealed record Submitted(SubmitSm Message, string Id);

/// <summary>An SMSC of which the test says what becomes of each message: the real server side on a loopback socket.</summary>
internal sealed class PlayedCentre : IAsyncDisposable
{
    private const string Password = "secret";

    private readonly Channel<Submitted> _down = Channel.CreateUnbounded<Submitted>();
    private readonly Channel<SmppServerSession> _bound = Channel.CreateUnbounded<SmppServerSession>();
    private SmppListener _listener;
    private SmppServerSession? _esme;
    private int _ids;

    public PlayedCentre() => _listener = Listen(0);

    public IPEndPoint EndPoint => _listener.EndPoint;

    public SmppClientOptions Esme { get; } = new() { SystemId = "gateway", Password = Password };

    /// <summary>What a submission is answered with; null closes the connection instead.</summary>
    public Func<SubmitSm, CommandStatus?> Answer { get; set; } = _ => CommandStatus.Ok;

    /// <summary>What happens between a submission and its answer.</summary>
    public Func<Submitted, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Messages handed over so far.</summary>
    public int Count => _ids;

    public ChannelReader<Submitted> Down => _down.Reader;

    public Task<Submitted> NextAsync(CancellationToken cancel) =>
        _down.Reader.ReadAsync(cancel).AsTask().WaitAsync(GatewayWorld.Patience, cancel);

    /// <summary>Delivers a message of a phone.</summary>
    public Task<CommandStatus> DeliverAsync(string number, Bytes userData, CancellationToken cancel) =>
        DeliverAsync(MessageOf(number, userData), cancel);

    public static DeliverSm MessageOf(string number, Bytes userData) => new()
    {
        Source = SmppAddress.International(number),
        Destination = SmppAddress.International("5000"),
        EsmClass = EsmClass.WithHeader,
        ProtocolId = 0x7F,
        DataCoding = DataCoding.Sim,
        Text = userData,
    };

    /// <summary>Delivers until the gateway says what became of it.</summary>
    public async Task<CommandStatus> DeliverAsync(DeliverSm message, CancellationToken cancel)
    {
        while (true)
        {
            var esme = await EsmeAsync(cancel);
            try
            {
                var status = (await esme.DeliverAsync(message, cancel)).Status;
                if (status != CommandStatus.SystemError) return status;
                await esme.Completion.WaitAsync(cancel);
            }
            catch (Exception e) when (e is ConnectionLostException or InvalidOperationException)
            {
                if (_esme == esme) _esme = null;
            }
        }
    }

    public Task<CommandStatus> ReceiptAsync(Submitted sent, MessageState state, CancellationToken cancel) =>
        DeliverAsync(ReceiptOf(sent, state), cancel);

    public static DeliverSm ReceiptOf(Submitted sent, MessageState state) =>
        DeliveryReceipt.Of(sent.Id, state, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)
            .ToDeliverSm(sent.Message.Destination, sent.Message.Source);

    /// <summary>Goes away, and comes back at the same place.</summary>
    public async Task StopAsync()
    {
        await _listener.DisposeAsync();
        _esme = null;
    }

    public void Start() => _listener = Listen(EndPoint.Port);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task<SmppServerSession> EsmeAsync(CancellationToken cancel) =>
        _esme is { CanReceive: true } bound ? bound : _esme = await _bound.Reader.ReadAsync(cancel);

    private SmppListener Listen(int port) => SmppListener.Listen(new IPEndPoint(IPAddress.Loopback, port), new SmppServerOptions
    {
        Authenticate = (bind, _) => new(
            string.Equals(bind.Password, Password, StringComparison.Ordinal) ? CommandStatus.Ok : CommandStatus.InvalidPassword),
        Submit = SubmitAsync,
        Bound = session => _bound.Writer.TryWrite(session),
    });

    private async ValueTask<SubmitSmResp> SubmitAsync(
        SmppServerSession session, SubmitSm message, CancellationToken cancel)
    {
        var id = $"{Interlocked.Increment(ref _ids):x4}";
        await Before(new Submitted(message, id)).WaitAsync(cancel);
        if (Answer(message) is not { } status) throw new ConnectionLostException("The centre was cut off.");
        if (status == CommandStatus.Ok) _down.Writer.TryWrite(new Submitted(message, id));
        return new SubmitSmResp(status, status == CommandStatus.Ok ? id : "");
    }
}
