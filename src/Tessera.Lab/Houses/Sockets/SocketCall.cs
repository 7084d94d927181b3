using System.Net.Sockets;
using Tessera.Lab.Calls;
using Tessera.Phone.Sip;

namespace Tessera.Lab.Houses.Sockets;

/// <summary>
/// A call that goes through the socket: a call on each side with the same codec and payload types, so that packets can
/// pass as they are, and what is heard of them.
/// </summary>
/// <param name="outgoing">The house calls.</param>
internal sealed class SocketCall(
    SipCall incoming, bool outgoing, LineGate gate, Earpiece earpiece, LineLog log, TimeProvider time, Action changed)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private readonly LineWatch _watch = new(log.Note);
    private readonly Traffic _out = new();
    private readonly Traffic _in = new();
    private volatile LineTap? _tap;
    private volatile bool _stands;

    /// <summary>Who is called, or calls; empty where it is not known.</summary>
    public string Number { get; } =
        outgoing ? Uri.UnescapeDataString(incoming.Invite.Uri.User ?? "") : incoming.Caller.Number ?? "";

    public LineUse Use => _stands ? _watch.Use : LineUse.Ringing;

    public LineWay WayOf(LineDirection direction)
    {
        var traffic = TrafficOf(direction);
        return new LineWay(
            _watch.ModemOf(direction), _watch.OctetsOf(direction), Interlocked.Read(ref traffic.Passed),
            Interlocked.Read(ref traffic.Lost));
    }

    /// <summary>Cuts it: both ends hear that it is over.</summary>
    public void Cut() => _cut.Cancel();

    /// <summary>Sets it up, and passes it on until it is over.</summary>
    /// <param name="onward">Whom it goes to.</param>
    /// <exception cref="SocketException">This machine has no port for it.</exception>
    public async Task RunAsync(SipEndpoint endpoint, SipUri onward, CallOptions options)
    {
        await using var relay = new PacketRelay(gate, time, Take, Lose);
        var name = Number.Length > 0 ? Number : "somebody";
        log.Note(outgoing ? $"The house calls {name}." : $"The house is called by {name}.");
        var (near, far) = outgoing ? (relay.House, relay.Network) : (relay.Network, relay.House);
        var end = await new PassedCall(incoming, near, far)
        {
            Rings = () => log.Note(outgoing ? "It rings there." : "It rings in the house."),
            Stands = (here, there) => Stand(relay, outgoing ? here : there, outgoing ? there : here),
        }.RunAsync(endpoint, onward, options, _cut.Token);
        log.Note($"The call is over: {WordsOf(end)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_tap is { } tap) await tap.DisposeAsync();
        _cut.Dispose();
    }

    private void Stand(PacketRelay relay, AudioAgreement house, AudioAgreement network)
    {
        _tap = new LineTap(house, network, earpiece, _watch, time, changed);
        relay.Start(house.Remote, network.Remote);
        _stands = true;
        log.Note($"The call stands, with {house.Codec.ToString().ToUpperInvariant()}.");
    }

    private void Take(LineDirection direction, ReadOnlyMemory<byte> packet)
    {
        Interlocked.Increment(ref TrafficOf(direction).Passed);
        _tap?.Take(direction, packet);
    }

    private void Lose(LineDirection direction) => Interlocked.Increment(ref TrafficOf(direction).Lost);

    private Traffic TrafficOf(LineDirection direction) => direction == LineDirection.Out ? _out : _in;

    private string WordsOf(CallEnd end)
    {
        var (caller, called) = outgoing ? ("the house", "the other end") : ("the caller", "the house");
        return end switch
        {
            _ when _cut.IsCancellationRequested => "it was cut.",
            { Reason: CallEndReason.RemoteHungUp } => $"{called} hung up.",
            { Reason: CallEndReason.HungUp } => $"{caller} hung up.",
            _ => end.Text,
        };
    }

    /// <summary>Packets, counted by the threads that pass them on.</summary>
    private sealed class Traffic
    {
        public long Passed;
        public long Lost;
    }
}
