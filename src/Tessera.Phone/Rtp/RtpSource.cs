namespace Tessera.Phone.Rtp;

/// <summary>What a packet is to the stream it came in.</summary>
public enum Arrival
{
    /// <summary>It belongs to the stream.</summary>
    Taken,

    /// <summary>It came before.</summary>
    Duplicate,

    /// <summary>Its number belongs nowhere: it is not heard.</summary>
    Strange,

    /// <summary>With it another stream has begun: the numbers before it are forgotten.</summary>
    Restarted,
}

/// <summary>
/// Keeps account of the packets of one source: what was lost, what came twice, and the jitter (RFC 3550 §A.1, §A.3,
/// §A.8).
/// </summary>
public sealed class RtpSource
{
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;
    private const int Window = 64;
    private const int None = -1;

    private bool _started;
    private ushort _first;
    private ushort _highest;
    private uint _cycles;
    private ulong _seen;
    private int _expected = None;
    private uint _candidate;
    private long _expectedBefore;
    private long _receivedBefore;
    private uint _transit;
    private double _jitter;

    /// <summary>Whose packets are heard.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>Packets of this stream, duplicates left out.</summary>
    public long Received { get; private set; }

    /// <summary>Packets that were expected and have not come.</summary>
    public long Lost => _started ? Expected - Received : 0;

    /// <summary>In samples.</summary>
    public uint Jitter => (uint)_jitter;

    private long Expected => (long)(_cycles + _highest) - _first + 1;

    /// <summary>Takes the numbers of a packet.</summary>
    /// <param name="now">On a clock of as many samples a second as the timestamps have.</param>
    public Arrival Take(in RtpPacket packet, uint now)
    {
        if (!_started)
        {
            Start(packet, now);
            return Arrival.Taken;
        }

        if (packet.Ssrc != Ssrc) return Probe(packet, now);

        var step = (ushort)(packet.Sequence - _highest);
        if (step is >= MaxDropout and <= ushort.MaxValue - MaxMisorder + 1) return Probe(packet, now);

        _expected = None;
        if (!See(packet.Sequence, step)) return Arrival.Duplicate;
        Received++;
        Measure(packet.Timestamp, now);
        return Arrival.Taken;
    }

    /// <summary>What a report says of this source; the fraction is of the time since the last one.</summary>
    /// <param name="lastReport">The middle of the time in its last sender report (LSR), zero without one.</param>
    /// <param name="delay">Since then, in 1/65536 of a second (DLSR).</param>
    public ReceptionReport Report(uint lastReport, uint delay)
    {
        var (expected, received) = (Expected - _expectedBefore, Received - _receivedBefore);
        (_expectedBefore, _receivedBefore) = (Expected, Received);
        var lost = Math.Max(0, expected - received);
        return new ReceptionReport(
            Ssrc, (byte)(expected > 0 ? Math.Min(255, lost * 256 / expected) : 0),
            (int)Math.Clamp(Lost, ReceptionReport.MinLost, ReceptionReport.MaxLost), _cycles + _highest, Jitter,
            lastReport, delay);
    }

    /// <summary>A stream that jumped is believed when its next packet follows the one that jumped.</summary>
    private Arrival Probe(in RtpPacket packet, uint now)
    {
        var follows = packet.Sequence == _expected && packet.Ssrc == _candidate;
        (_expected, _candidate) = ((ushort)(packet.Sequence + 1), packet.Ssrc);
        if (!follows) return Arrival.Strange;
        Start(packet, now);
        return Arrival.Restarted;
    }

    private void Start(in RtpPacket packet, uint now)
    {
        (_started, Ssrc, _first, _highest, _cycles) = (true, packet.Ssrc, packet.Sequence, packet.Sequence, 0);
        (_seen, _expected, Received, _expectedBefore, _receivedBefore) = (1, None, 1, 0, 0);
        (_transit, _jitter) = (now - packet.Timestamp, 0);
    }

    /// <summary>Whether the packet is new; older than the window it is taken for one that came before.</summary>
    private bool See(ushort sequence, ushort step)
    {
        if (step is > 0 and < MaxDropout)
        {
            if (sequence < _highest) _cycles += 1 << 16;
            _highest = sequence;
            _seen = step < Window ? (_seen << step) | 1 : 1;
            return true;
        }

        var age = (ushort)-step;
        if (age >= Window || (_seen >> age & 1) != 0) return false;
        _seen |= 1UL << age;
        return true;
    }

    private void Measure(uint timestamp, uint now)
    {
        var transit = now - timestamp;
        var difference = Math.Abs((long)(int)(transit - _transit));
        _transit = transit;
        _jitter += (difference - _jitter) / 16;
    }
}
