namespace Tessera.Testing.Lines;

/// <summary>The laws by which the samples are coded on their way.</summary>
public enum Companding
{
    None,
    MuLaw,
    ALaw,

    /// <summary>µ-law, then A-law, then µ-law again, as between networks of two continents.</summary>
    Transcoded,
}
