namespace Tessera.Testing.Lines;

/// <summary>What a receiver hears in the place of a packet that was lost.</summary>
public enum Concealment
{
    /// <summary>The last packet once more.</summary>
    Repeat,

    Zeros,
}
