namespace Tessera.Platform.Dialogues;

/// <summary>Why a dialogue ended without a result.</summary>
public enum DialogueEnd
{
    /// <summary>The holder pressed cancel.</summary>
    Cancelled,

    /// <summary>The holder did not answer in time.</summary>
    TimedOut,

    /// <summary>The account has not enough to spend.</summary>
    NotEnough,

    /// <summary>The bank of the holder did not give the money to load.</summary>
    NotFunded,

    /// <summary>The PIN is blocked and the holder did not unblock it.</summary>
    PinBlocked,

    /// <summary>The card did not do what was asked, for a reason the holder was told.</summary>
    CardRefused,

    /// <summary>The terminal cannot do a step of the dialogue, or does not allow it.</summary>
    TerminalRefused,

    /// <summary>The verifier does not know the holder, or cannot be asked.</summary>
    NotVerified,

    /// <summary>Something was paid, but not for certain what: the settlement is on record as owed.</summary>
    Unclear,
}

/// <summary>A dialogue ended without a result; the holder knows why.</summary>
public sealed class DialogueEndedException(DialogueEnd end) : Exception($"The dialogue ended: {end}.")
{
    public DialogueEnd End { get; } = end;

    /// <summary>How often the holder chose or typed something before; 0 where they left at the first question.</summary>
    public int Answers { get; internal set; }
}
