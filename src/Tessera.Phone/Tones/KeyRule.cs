namespace Tessera.Phone.Tones;

/// <summary>Which keys a caller is asked for.</summary>
public sealed record KeyRule
{
    /// <summary>Fewer are none.</summary>
    public int Least { get; init; } = 1;

    /// <summary>With as many it is complete.</summary>
    public int Most { get; init; } = 1;

    /// <summary>The key that says that this was all; null where there is none.</summary>
    public char? End { get; init; } = '#';

    /// <summary>The key that takes all back; null where there is none.</summary>
    public char? Back { get; init; } = '*';

    /// <summary>The keys that there are; others are as if they had not been pressed. Null for all.</summary>
    public string? Only { get; init; }

    /// <summary>
    /// Keys that were pressed before it was asked are forgotten: it is answered by nobody who has not heard it begin.
    /// Default no.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>How long the first key is waited for.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long each further one is.</summary>
    public TimeSpan Next { get; init; } = TimeSpan.FromSeconds(5);
}
