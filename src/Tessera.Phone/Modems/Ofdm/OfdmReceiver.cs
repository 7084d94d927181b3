namespace Tessera.Phone.Modems.Ofdm;

/// <summary>
/// Hears the bursts of the native mode, wherever in the stream they begin. What was concealed is an erasure, a lost
/// training symbol is bridged by the channel of the last burst, and a lost header is found by trying.
/// </summary>
public sealed class OfdmReceiver : IModemReceiver
{
    private const int Kept = 4096;

    /// <summary>The frames that wait to be read; behind them the oldest is dropped.</summary>
    private const int MaxQueue = 64;

    private readonly SoundHistory _sound = new(Kept);
    private readonly BurstSearch _search = new();
    private readonly Queue<ModemFrame> _frames = [];
    private KnownBurst? _known;
    private Burst? _burst;

    /// <summary>How many bursts were heard of which no frame could be made.</summary>
    public int Broken { get; private set; }

    public void Write(ReadOnlySpan<short> samples, bool concealed = false)
    {
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, Carriers.SymbolLength);
            _sound.Append(samples[..count], concealed);
            samples = samples[count..];
            while (TryAdvance()) { }
        }
    }

    public bool TryRead(out ModemFrame frame) => _frames.TryDequeue(out frame);

    private bool TryAdvance()
    {
        if (_burst is null)
        {
            if (_search.Next(_sound) is not { } start) return false;
            _burst = new Burst(start, _known);
        }

        if (!_burst.TryHear(_sound)) return false;
        if (_burst.TryDecode(out var frame, out var known)) Take(frame, known);
        else if (_burst.IsOver && _burst.IsReal) Broken++;
        if (!_burst.IsOver) return true;
        _search.Resume(_burst.End);
        _burst = null;
        return true;
    }

    private void Take(ModemFrame frame, KnownBurst known)
    {
        if (_frames.Count == MaxQueue) _frames.Dequeue();
        _frames.Enqueue(frame with { Constellation = known.Header.Constellation });
        _known = known;
        _search.Slot = known.Start;
    }
}
