namespace Tessera.Phone.Modems.Fsk;

/// <summary>
/// Hears the frames of a <see cref="CodedSender"/>. Each word that seems to be one is followed beside the others, so
/// that a wrong one hides no right one.
/// </summary>
public sealed class CodedReceiver : IModemReceiver
{
    private const int MaxReceptions = 4;
    private const int MaxQueue = 16;

    private readonly FskDemodulator _demodulator;
    private readonly List<CodedReception> _receptions = [];
    private readonly Queue<ModemFrame> _frames = new();
    private ulong _heard;
    private ulong _known;

    public CodedReceiver(FskChannel channel) => _demodulator = new FskDemodulator(channel, Take);

    public void Write(ReadOnlySpan<short> samples, bool concealed = false) => _demodulator.Write(samples, concealed);

    public bool TryRead(out ModemFrame frame) => _frames.TryDequeue(out frame);

    private void Take(FskBit bit)
    {
        for (var i = _receptions.Count - 1; i >= 0; i--)
        {
            var reception = _receptions[i];
            if (!reception.Hear(bit)) continue;
            _receptions.RemoveAt(i);
            if (reception.TryRead(out var frame)) Keep(frame);
        }

        _heard = (_heard << 1) | (bit.One ? 1UL : 0);
        _known = (_known << 1) | (bit.Concealed ? 0UL : 1);
        var (length, score, isFound) = FrameWord.Find(_heard, _known);
        if (!isFound) return;

        _receptions.Add(new CodedReception(length, score));
        if (_receptions.Count > MaxReceptions) _receptions.Remove(_receptions.MinBy(other => other.Score)!);
    }

    private void Keep(ModemFrame frame)
    {
        if (_frames.Count == MaxQueue) _frames.Dequeue();
        _frames.Enqueue(frame);
    }
}
