using System.Diagnostics.CodeAnalysis;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Money;

/// <summary>What became of an intent, as data to tell the holder and to fulfil by.</summary>
/// <param name="State">Unchanged from before where <paramref name="Refusal"/> is set.</param>
/// <param name="Move">Which alternative was done; none unless done.</param>
/// <param name="Amount">Minor units really moved; 0 unless done.</param>
/// <param name="What">What it was for, as the holder reads it.</param>
/// <param name="Late">Its own session did not learn it: fulfil or refund.</param>
/// <param name="Account">The account after it.</param>
/// <param name="Refusal">Why the evidence was not taken.</param>
public sealed record Settlement(
    IntentId Intent,
    CardId Card,
    SessionReference Session,
    IntentState State,
    AuthorisedMove? Move,
    uint Amount,
    string What,
    bool Late,
    long Account,
    DateTimeOffset Time,
    Refusal? Refusal = null)
{
    /// <summary>Something could be paid by the intent: the holder is told what became of it.</summary>
    public bool IsPayment { get; init; }
}

/// <summary>What the server concludes from one S1: the ground on which a movement can be authorised.</summary>
/// <param name="Settlements">
/// What the holder has not been told about earlier intents: what the S1 proved, and what was known before.
/// </param>
/// <param name="Open">The intent whose outcome it leaves open; ask again over a fresh nonce.</param>
public sealed record Contact(
    CardId Card, PurseState S1, Bytes Nonce, IReadOnlyList<Settlement> Settlements, IntentId? Open, Refusal? Refusal)
{
    /// <summary>What the issuer wants of the card before anything else.</summary>
    public MoveKind? Order { get; init; }

    /// <summary>The amount of that order; 0 where it has none.</summary>
    public uint OrderAmount { get; init; }

    /// <summary>The card takes no debit above it without PIN, minor units.</summary>
    public uint GreatestWithoutPin { get; init; } = uint.MaxValue;

    /// <summary>Numbers that the card has and the book has not: each is to be proven before anything else.</summary>
    public IReadOnlyList<uint> Missing { get; init; } = [];

    /// <summary>The card is who it says, its copy agrees, and nothing is open: a movement may be authorised.</summary>
    public bool IsSettled => Refusal is null && Open is null && Order is null && Missing.Count == 0;
}

/// <summary>An intent on record, its script ready to be sent; or why there is none.</summary>
public sealed record Authorisation(Intent? Intent, Refusal? Refusal)
{
    [MemberNotNullWhen(true, nameof(Intent))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsGranted => Intent is not null;
}

/// <summary>What became of the receipt of an offline debit that was handed in.</summary>
/// <param name="Account">Who is paid by it.</param>
/// <param name="IsNew">False where it was booked before.</param>
/// <param name="Refusal">Why it was not booked: with <see cref="RefusalReason.OpenIntent"/> it may be later.</param>
public sealed record Clearing(CardId Card, uint Number, uint Amount, AccountId Account, bool IsNew, Refusal? Refusal);

/// <summary>The outcome of a booking that asks no card: load, refund, revocation.</summary>
/// <param name="Account">The account after it.</param>
public sealed record Booked(EntryId? Entry, long Account, Refusal? Refusal = null)
{
    /// <summary>It was booked just now; false where it was booked before, or was not.</summary>
    public bool IsNew { get; init; }
}

/// <summary>One line of a holder's history.</summary>
/// <param name="Amount">Minor units into the account, signed.</param>
/// <param name="Balance">The account after it.</param>
/// <param name="Position">Where it stands in the ledger; pass it to read on.</param>
public sealed record HistoryLine(
    long Position,
    EntryId Entry,
    EntryKind Kind,
    string What,
    long Amount,
    long Balance,
    CardId? Card,
    DateTimeOffset Time);

/// <summary>A holder's money as one card sees it.</summary>
/// <param name="Holds">What open intents of all cards keep aside.</param>
/// <param name="Copy">What the card is known to hold, and the adds that wait for it.</param>
/// <param name="History">The newest first.</param>
public sealed record PurseView(
    HolderId Holder,
    ushort Currency,
    long Account,
    long Spendable,
    long Holds,
    CardCopy? Copy,
    IReadOnlyList<HistoryLine> History);
