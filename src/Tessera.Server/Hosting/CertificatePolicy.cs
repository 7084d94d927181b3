namespace Tessera.Server.Hosting;

/// <summary>What the server wants of the certificates of cards when a session begins (docs/protocols/identity.md §5).</summary>
public enum CertificatePolicy
{
    /// <summary>Nothing: cards prove themselves by their purses and data stores.</summary>
    Ignored,

    /// <summary>A card that has one has to prove it, and it has to be trusted.</summary>
    Checked,

    /// <summary>And a card without one is not accepted. SIMs, which prove themselves by their packets, are.</summary>
    Required,
}
