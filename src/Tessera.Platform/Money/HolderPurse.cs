using Tessera.Cards;
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
}

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

    /// <summary>The largest debit of each open intent of all cards, together.</summary>
    public long Holds => Open.Where(intent => !intent.Suspended).Sum(intent => intent.Hold);

    public long Spendable => Account - Holds;

    /// <summary>Copies that follow the account: all but those of revoked cards.</summary>
    public IEnumerable<CardCopy> Kept => Copies.Where(copy => copy.IsKept);

    /// <summary>Most the account may hold so that each card can hold its copy; none without a card.</summary>
    public uint? Ceiling => Kept.Any() ? Kept.Min(copy => copy.Registration.GreatestBalance) : null;

    public CardCopy? CopyOf(CardId card) => Copies.FirstOrDefault(copy => copy.Card == card);

    public Intent? OpenOf(CardId card) => Open.FirstOrDefault(intent => intent.Card == card);
}
