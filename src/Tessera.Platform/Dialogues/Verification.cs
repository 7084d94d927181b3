namespace Tessera.Platform.Dialogues;

/// <summary>
/// By what it may be verified that a holder is there, as the issuer of purses and an application want it
/// (docs/protocols/finger.md §3).
/// </summary>
[Flags]
public enum Verification
{
    Pin = 1,

    /// <summary>A finger that the card compares, and no PIN in its place.</summary>
    Finger = 2,

    /// <summary>
    /// The finger where terminal and card take one, the PIN where not, and where a finger was not recognised or not laid.
    /// </summary>
    Either = Pin | Finger,

    /// <summary>
    /// An identification is made by a verifier, to which the terminal sends what the holder enters, encrypted: it never moves
    /// value, for which the card itself wants its holder (docs/protocols/verifier.md §5).
    /// </summary>
    Verifier = 4,

    Any = Either | Verifier,
}
