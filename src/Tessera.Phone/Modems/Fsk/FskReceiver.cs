using Tessera.Phone.Modems.Hdlc;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>Finds HDLC frames on a channel.</summary>
public sealed class FskReceiver : IModemReceiver
{
    /// <summary>Frames kept for a reader; what comes after them is lost.</summary>
    public const int MaxQueue = 1024;

    private const double BestQuality = 60;

    private readonly FskDemodulator _demodulator;
    private readonly HdlcDecoder _decoder = new(FskSender.LongestFrame);
    private readonly Queue<ModemFrame> _frames = new();
    private double _signal;
    private double _power;

    public FskReceiver(FskChannel channel) => _demodulator = new FskDemodulator(channel, Take);

    public void Write(ReadOnlySpan<short> samples, bool concealed = false) => _demodulator.Write(samples, concealed);

    public bool TryRead(out ModemFrame frame) => _frames.TryDequeue(out frame);

    private void Take(FskBit bit)
    {
        _signal += bit.Signal;
        _power += bit.Power;
        var heard = _decoder.Write(bit.One, out var octets);
        if (heard == HdlcEvent.None) return;

        if (heard == HdlcEvent.Frame && _frames.Count < MaxQueue) _frames.Enqueue(new ModemFrame(octets, Quality()));
        (_signal, _power) = (0, 0);
    }

    private double Quality() =>
        Math.Min(BestQuality, 10 * Math.Log10(_signal / Math.Max(_power - _signal, double.Epsilon)));
}
