using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>
/// The way of packets through a network: some are lost, some too late, the others come after latency and jitter buffer.
/// </summary>
public sealed class PacketPath : ILineStage
{
    private readonly PacketLoss _loss;
    private readonly Concealment _concealment;
    private readonly int _jitter;
    private readonly int _buffer;
    private readonly Random _random;
    private readonly Queue<Packet?> _underway = new();
    private Packet _last = new(new short[AudioBlock.Length], Concealed: false);
    private bool _lost;

    /// <param name="latency">Packets from the sender to the jitter buffer.</param>
    /// <param name="jitter">Packets by which one is late at most.</param>
    /// <param name="buffer">Packets the jitter buffer waits for late ones.</param>
    public PacketPath(PacketLoss loss, Concealment concealment, int latency, int jitter, int buffer, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(latency);
        ArgumentOutOfRangeException.ThrowIfNegative(jitter);
        ArgumentOutOfRangeException.ThrowIfNegative(buffer);
        (_loss, _concealment, _jitter, _buffer, _random) = (loss, concealment, jitter, buffer, new Random(seed));
        for (var i = 0; i < latency + buffer; i++) _underway.Enqueue(_last);
    }

    public bool Pass(Span<short> packet, bool concealed = false)
    {
        _lost = _loss.Next(_lost, _random);
        var late = _jitter > 0 && _random.Next(_jitter + 1) > _buffer;
        _underway.Enqueue(_lost || late ? null : new Packet(packet.ToArray(), concealed));

        var next = _underway.Dequeue();
        if (next is not null) _last = next;
        if (next is null && _concealment == Concealment.Zeros) packet.Clear();
        else _last.Samples.CopyTo(packet);
        return next is null || next.Concealed;
    }

    private sealed record Packet(short[] Samples, bool Concealed);
}
