namespace Tessera.Platform.Money;

/// <summary>Why the treasury did not do what it was asked for.</summary>
public enum RefusalReason
{
    /// <summary>No purse of that card or holder was opened.</summary>
    UnknownCard = 1,

    /// <summary>A MAC is wrong, its key version unknown, or its nonce was never issued: it proves nothing.</summary>
    AuthenticationFailed = 2,

    WrongCurrency = 3,

    /// <summary>Authentic, but older than what is booked: ask the card again, over a fresh nonce.</summary>
    Stale = 4,

    /// <summary>The card is suspect: what it proved cannot be true.</summary>
    CardSuspect = 5,

    CardRevoked = 6,

    /// <summary>Deactivated, PIN blocked or out of numbers.</summary>
    CardNotFit = 7,

    /// <summary>
    /// The outcome of an earlier intent of this card is open: ask the card again, over a fresh nonce.
    /// </summary>
    OpenIntent = 8,

    NotEnough = 9,

    /// <summary>The adds and the movement together are more than the purse on the card may hold.</summary>
    TooMuchForCard = 10,

    /// <summary>The account would exceed what the holder's cards may hold.</summary>
    TooMuchForAccount = 11,

    /// <summary>There is no movement to which this applies.</summary>
    NothingToDo = 12,

    /// <summary>The card was reported stolen.</summary>
    CardStolen = 13,

    /// <summary>The card takes no debit as great as this without PIN.</summary>
    PinNeeded = 14,

    /// <summary>The card was disabled by its issuer.</summary>
    CardDisabled = 16,

    /// <summary>Proof may still come: the time to wait for it is not over.</summary>
    TooEarly = 15,
}

/// <summary>A no of the treasury, with a sentence for the operator.</summary>
public sealed record Refusal(RefusalReason Reason, string Detail)
{
    /// <summary>The card was reported stolen or disabled: all it may do is deactivate its purse.</summary>
    public bool IsOut => Reason is RefusalReason.CardStolen or RefusalReason.CardDisabled;
}
