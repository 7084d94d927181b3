namespace Tessera.Terminal.Displays;

/// <summary>What was typed; zeroed when disposed, never printed.</summary>
public sealed record Entry : ScreenAnswer, IDisposable
{
    private readonly char[] _characters;

    /// <summary>Takes a copy; the caller clears its own.</summary>
    public Entry(ReadOnlySpan<char> characters) => _characters = characters.ToArray();

    /// <summary>The characters themselves. Do not keep a copy of a secret.</summary>
    public ReadOnlySpan<char> Reveal() => _characters;

    public void Dispose() => Array.Clear(_characters);

    public override string ToString() => nameof(Entry);

    public bool Equals(Entry? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
