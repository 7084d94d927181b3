namespace Tessera.Phone.Tones;

/// <summary>How the keys of a call are told.</summary>
public enum KeySource
{
    /// <summary>By their tones, in the sound of the call.</summary>
    Sound,

    /// <summary>By telephone events (RFC 4733).</summary>
    Events,
}

/// <summary>
/// The keys of a call from one source. A peer that tells keys by events lets their tones be heard as well, or a part of
/// them; who listens to both hears keys twice. So it is decided once for a call, by what was agreed upon.
/// </summary>
public sealed class KeyListener(KeySource source)
{
    private const int MaxWaiting = 256;

    private readonly DtmfDetector _detector = new();
    private readonly Queue<char> _keys = new();

    public KeySource Source { get; } = source;

    /// <summary>Hears the next samples of the call.</summary>
    public void Hear(ReadOnlySpan<short> samples)
    {
        if (Source != KeySource.Sound) return;
        _detector.Write(samples);
        while (_detector.TryRead(out var key)) Keep(key.Key);
    }

    /// <summary>A telephone event told of a key.</summary>
    public void Tell(char key)
    {
        if (Source == KeySource.Events) Keep(key);
    }

    /// <summary>The next key that was pressed.</summary>
    public bool TryRead(out char key) => _keys.TryDequeue(out key);

    private void Keep(char key)
    {
        if (_keys.Count < MaxWaiting) _keys.Enqueue(key);
    }
}
