using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Money;

/// <summary>What one database transaction writes about a holder's money: all of it, or nothing.</summary>
/// <param name="Basis">What it was decided on; not taken if the holder's purse has moved on since.</param>
public sealed record Booking(HolderPurse Basis, DateTimeOffset Time)
{
    public LedgerEntry? Entry { get; init; }

    /// <summary>A new intent, which takes every pending add of its card in flight.</summary>
    public Intent? Opened { get; init; }

    /// <summary>
    /// What became of an open intent. Done makes the adds it carried downloaded, not done makes them pending again.
    /// </summary>
    public IntentStep? Step { get; init; }

    /// <summary>A new state of a card's copy, or a new copy.</summary>
    public CopyStep? Copy { get; init; }

    /// <summary>What a card may do without its issuer from here on.</summary>
    public LimitsStep? Limits { get; init; }

    public BookedMovement? Movement { get; init; }

    /// <summary>Adds for the cards whose copies have to follow the account.</summary>
    public RecordedChange? Adds { get; init; }

    /// <summary>Makes an active card suspect.</summary>
    public CardAlarm? Alarm { get; init; }

    public CardId? Revoked { get; init; }

    /// <summary>A new state of a card that was reported stolen, or is no more.</summary>
    public CardStanding? Standing { get; init; }

    /// <summary>What was done about a late settlement.</summary>
    public LateResolution? Resolution { get; init; }

    /// <summary>Whether the holder knows what became of an intent.</summary>
    public Telling? Telling { get; init; }
}

/// <summary>A new state of an intent.</summary>
/// <param name="Untold">The holder does not know it yet.</param>
public sealed record IntentStep(IntentId Intent, IntentState State, bool Suspended, bool Untold = false);

/// <summary>The holder was told what became of an intent; or was not, after all.</summary>
public sealed record Telling(IntentId Intent, bool Told);

/// <summary>A proven balance and number of a card.</summary>
public sealed record CopyStep(CardId Card, uint Balance, uint Number, Bytes LastS2);

/// <summary>What is left of a card's allowance, or another greatest debit without PIN; null leaves it as it is.</summary>
public sealed record LimitsStep(CardId Card, uint? Allowance, uint? GreatestWithoutPin)
{
    /// <summary>What the holder gets back unproven, once; null leaves it as it is.</summary>
    public long? GivenBack { get; init; }

    /// <summary>What the issuer has borne of it by now; null leaves it as it is.</summary>
    public long? Borne { get; init; }
}

/// <summary>What a card proved that cannot be true, kept for whoever looks into it.</summary>
/// <param name="Evidence">The authenticated octets.</param>
public sealed record CardAlarm(CardId Card, string What, Bytes Evidence);

/// <summary>How a card stands that is neither suspect nor revoked.</summary>
/// <param name="State">Stolen, disabled, found or active.</param>
public sealed record CardStanding(CardId Card, CardState State);

/// <summary>An alarm and when it was raised.</summary>
public sealed record RaisedAlarm(CardAlarm Alarm, DateTimeOffset Time);

/// <summary>What was done about a movement whose session did not learn of it.</summary>
public sealed record LateResolution(IntentId Intent, LateState State);

/// <summary>Where a late movement stands.</summary>
public enum LateState
{
    /// <summary>Not late: its own session learned of it.</summary>
    None = 0,

    /// <summary>Paid, and nobody has delivered yet.</summary>
    Owed = 1,

    Fulfilled = 2,
    Refunded = 3,
}

/// <summary>What proves a movement (docs/protocols/purse.md §5).</summary>
public enum EvidenceKind
{
    Receipt = 1,
    Proof = 2,
    State = 3,
}

/// <summary>The octets that prove a movement, so that anyone with the keys can check again.</summary>
/// <param name="Nonce">
/// What the proof or state was made over; empty for a receipt: its intent has it, and one of an offline debit has none.
/// </param>
public sealed record Evidence(EvidenceKind Kind, Bytes Octets, Bytes Nonce)
{
    public static Evidence Of(OfflineReceipt receipt) => new(EvidenceKind.Receipt, Bytes.Of(receipt), Bytes.Empty);

    public static Evidence Of(PurseReceipt receipt) => new(EvidenceKind.Receipt, Bytes.Of(receipt), Bytes.Empty);

    public static Evidence Of(PurseProof proof, Bytes nonce) => new(EvidenceKind.Proof, Bytes.Of(proof), nonce);

    public static Evidence Of(PurseState state, Bytes nonce) => new(EvidenceKind.State, Bytes.Of(state), nonce);
}

/// <summary>One movement of one card in the book; (card, number) is there once.</summary>
/// <param name="Digest">Of what the terminal showed; empty where only the card's state proved the movement.</param>
/// <param name="Balance">Of the card, after it.</param>
/// <param name="Intent">None for a movement that no intent had asked for.</param>
/// <param name="Alternative">Which one of the intent, from 0; -1 without an intent.</param>
/// <param name="Account">The holder's account after it.</param>
public sealed record BookedMovement(
    CardId Card,
    uint Number,
    Movement Movement,
    Bytes Digest,
    uint Balance,
    IntentId? Intent,
    int Alternative,
    EntryId? Entry,
    Evidence Evidence,
    LateState Late,
    long Account,
    DateTimeOffset Time);
