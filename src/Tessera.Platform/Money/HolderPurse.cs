using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Money;

/// <summary>What the server knows of the purse on one card.</summary>
/// <param name="Balance">Last proven balance, minor units.</param>
/// <param name="Number">Number of the last proven movement.</param>
/// <param name="LastS2">S2 of that movement; zero where there was none.</param>
/// <param name="Pending">Sum of the adds that wait for the card.</param>
/// <param name="InFlight">Sum of the adds that an open intent carries.</param>
public sealed record CardCopy(
    CardRegistration Registration, uint Balance, uint Number, Bytes LastS2, long Pending, long InFlight)
{
    public CardId Card => Registration.Card;

    public bool IsKept => Registration.State != CardState.Revoked;

    /// <summary>What the issuer ordered the purse to do without it; null where nothing was ordered yet.</summary>
    public CopyLimits? Limits { get; init; }

    /// <summary>
    /// What the card may still spend offline, as far as it is proven: held on the account, and in suspense once the card
    /// is revoked.
    /// </summary>
    public uint Allowance => Limits?.Allowance ?? 0;

    /// <summary>What a revoked card may have spent of what its holder got back.</summary>
    public long AtRisk => (Limits?.GivenBack ?? 0) - (Limits?.Borne ?? 0);

    /// <summary>What was said of this card when it was issued; null where nothing was.</summary>
    public CardWish? Wish { get; init; }

    /// <summary>Offline debits that were booked and whose turn has not come: a number before them is not known.</summary>
    public IReadOnlyList<AheadMovement> Ahead { get; init; } = [];

    /// <summary>What they took from the account, and not yet from this copy.</summary>
    public long AheadAmount => Ahead.Sum(ahead => (long)ahead.Movement.Amount);
}

/// <summary>
/// What the issuer wants of one card in particular, ordered at its next contact; what is null is as for all cards.
/// </summary>
/// <param name="OfflineAllowance">See <see cref="PursePolicy.OfflineAllowance"/>.</param>
/// <param name="GreatestWithoutPin">See <see cref="PursePolicy.GreatestWithoutPin"/>.</param>
public sealed record CardWish(uint? OfflineAllowance, uint? GreatestWithoutPin);

/// <summary>What a card was ordered, and proved (docs/protocols/purse.md §8).</summary>
/// <param name="Allowance">Left of it, minor units.</param>
/// <param name="GreatestWithoutPin">Minor units; null where it was never ordered.</param>
/// <param name="Unseen">
/// Movements in the card's log that it does not know to be booked here: when they fill it, it debits nothing offline.
/// </param>
public sealed record CopyLimits(uint Allowance, uint? GreatestWithoutPin, uint Unseen)
{
    /// <summary>
    /// What the holder of a revoked card got back of what it was allowed, unproven: the issuer's risk from then on.
    /// </summary>
    public long GivenBack { get; init; }

    /// <summary>What of that was proven to be spent all the same, and borne by the issuer.</summary>
    public long Borne { get; init; }
}

/// <summary>An offline debit in the book beyond the last number of the copy.</summary>
/// <param name="Balance">Of the card, after it.</param>
public sealed record AheadMovement(uint Number, Movement Movement, uint Balance);

/// <summary>A holder's account, the copies on all cards and the open intents, all at one version.</summary>
/// <param name="Version">Grows with every booking; a booking made from an older version is not taken.</param>
/// <param name="Account">The truth, minor units.</param>
/// <param name="Open">Open intents, at most one a card.</param>
public sealed record HolderPurse(
    HolderId Holder,
    ushort Currency,
    long Version,
    long Account,
    IReadOnlyList<CardCopy> Copies,
    IReadOnlyList<Intent> Open)
{
    public AccountId AccountId => AccountId.Purse(Holder, Currency);

    /// <summary>The largest debit of each open intent of all cards and what cards may spend offline, together.</summary>
    public long Holds =>
        Open.Where(intent => !intent.Suspended).Sum(intent => intent.Hold) + Kept.Sum(copy => (long)copy.Allowance);

    public long Spendable => Account - Holds;

    /// <summary>Copies that follow the account: all but those of revoked cards.</summary>
    public IEnumerable<CardCopy> Kept => Copies.Where(copy => copy.IsKept);

    /// <summary>Most the account may hold so that each card can hold its copy; none without a card.</summary>
    public uint? Ceiling => Kept.Any() ? Kept.Min(copy => copy.Registration.GreatestBalance) : null;

    public CardCopy? CopyOf(CardId card) => Copies.FirstOrDefault(copy => copy.Card == card);

    public Intent? OpenOf(CardId card) => Open.FirstOrDefault(intent => intent.Card == card);
}
