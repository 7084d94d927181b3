using Tessera.Phone.Sound;

namespace Tessera.Phone.Tones;

/// <summary>Makes the sound of keys (ITU-T Q.23).</summary>
public sealed class DtmfGenerator
{
    /// <summary>Keys that may wait.</summary>
    public const int MaxWaiting = 1024;

    private readonly DtmfOptions _options;
    private readonly int _on;
    private readonly int _period;
    private readonly Queue<char> _waiting = new();
    private Oscillator? _low;
    private Oscillator? _high;

    /// <summary>Samples of the key under way and its pause.</summary>
    private int _at;

    public DtmfGenerator(DtmfOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.On, TimeSpan.FromMilliseconds(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Off, TimeSpan.Zero, nameof(options));
        _options = options;
        _on = AudioBlock.SamplesIn(options.On);
        _period = AudioBlock.SamplesIn(options.On + options.Off);
    }

    public DtmfGenerator() : this(new DtmfOptions()) { }

    /// <summary>All keys were heard, and the pause behind the last one.</summary>
    public bool IsIdle => _low is null && _waiting.Count == 0;

    /// <summary>Presses keys behind those pressed before.</summary>
    /// <exception cref="ArgumentException">No telephone has one of them.</exception>
    /// <exception cref="InvalidOperationException">Too many wait.</exception>
    public void Press(string keys)
    {
        foreach (var key in keys) Dtmf.PlaceOf(key);
        if (_waiting.Count + keys.Length > MaxWaiting)
            throw new InvalidOperationException($"More than {MaxWaiting} keys would wait.");
        foreach (var key in keys) _waiting.Enqueue(key);
    }

    /// <summary>Fills the span with the next samples: silence with no key to press.</summary>
    public void Read(Span<short> samples)
    {
        foreach (ref var sample in samples) sample = Next();
    }

    /// <summary>The whole sound of some keys.</summary>
    public static short[] Samples(string keys, DtmfOptions options)
    {
        var generator = new DtmfGenerator(options);
        generator.Press(keys);
        var samples = new short[keys.Length * generator._period];
        generator.Read(samples);
        return samples;
    }

    private short Next()
    {
        if (_low is null && !Begin()) return 0;

        var sample = _at < _on ? Level.Clip(_low!.Next() + _high!.Next()) : (short)0;
        if (++_at == _period) _low = null;
        return sample;
    }

    private bool Begin()
    {
        if (!_waiting.TryDequeue(out var key)) return false;
        var (row, column) = Dtmf.PlaceOf(key);
        _low = new Oscillator(Dtmf.Low[row], _options.Low);
        _high = new Oscillator(Dtmf.High[column], _options.High);
        _at = 0;
        return true;
    }
}
