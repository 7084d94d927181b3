namespace Tessera.Story;

/// <summary>How a story came to its end, as its holder learned of it.</summary>
public enum StoryEnding
{
    /// <summary>Paid in one go.</summary>
    PaidAtOnce,

    /// <summary>The holder learned at the next contact that the payment was made.</summary>
    SettledLater,

    /// <summary>The holder learned that the payment was not made, and paid.</summary>
    NotMadeThenPaid,

    /// <summary>The same session asked for the PIN again and paid once.</summary>
    AskedAgain,

    /// <summary>Something does not hold.</summary>
    Fault,
}

/// <summary>What became of a story.</summary>
/// <param name="Length">How much of it could be cut.</param>
/// <param name="Cuts">The cuts that were made, each with its place.</param>
/// <param name="Visits">How often the card was put in.</param>
/// <param name="Faults">What does not hold; empty is what it must be.</param>
/// <param name="Told">Everything the holder was told, in order.</param>
public sealed record StoryOutcome(
    StoryLength Length,
    IReadOnlyList<MadeCut> Cuts,
    int Visits,
    StoryEnding Ending,
    IReadOnlyList<string> Faults,
    string Told);
