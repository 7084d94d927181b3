namespace Tessera.Platform.Dialogues;

/// <summary>
/// By what a card may verify that its holder is there, as the issuer of purses and an application want it
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
}
