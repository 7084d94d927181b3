using Tessera.Cards;
using Tessera.Cards.Purse;

namespace Tessera.Platform.Money;

internal static partial class Bookings
{
    /// <summary>Of the entry by which the issuer bears a late offline debit.</summary>
    public static string LateKey(CardId card, uint number) => $"late:{card}:{number}";

    /// <summary>
    /// A proven offline debit: out of what was held for it, to the acceptor that it names. Where that was given back to the
    /// holder of a revoked card, the issuer bears it. An open intent whose number it took is not done.
    /// </summary>
    public static Booking Offline(
        this HolderPurse purse, CardCopy copy, LoggedMovement proven, Evidence evidence, DateTimeOffset now)
    {
        var (movement, digest, balance, number) = proven;
        var displaced = purse.OpenOf(copy.Card) is { } open && open.Number == number ? open : null;
        var back = displaced is { Suspended: true } ? displaced.Hold : 0;
        var isLate = movement.Amount > copy.Allowance;
        var entry = purse.OfflineEntry(copy, proven, isLate, back, now);
        var change = entry.To(purse.AccountId);
        return new Booking(purse, now)
        {
            Entry = entry,
            Step = displaced is null ? null : new IntentStep(
                displaced.Id, IntentState.NotDone, displaced.Suspended, Untold: displaced.IsPayment),
            Copy = number == copy.Number + 1
                ? copy.Follow(new CopyStep(copy.Card, balance, number, movement.S2))
                : null,
            Limits = isLate
                ? new LimitsStep(copy.Card, null, null) { Borne = copy.Limits!.Borne + movement.Amount }
                : new LimitsStep(copy.Card, copy.Allowance - movement.Amount, null),
            Movement = new BookedMovement(
                copy.Card, number, movement, digest, balance, null, -1, entry.Id, evidence, LateState.None,
                purse.Account + change, now),
            Adds = change == 0
                ? null
                : purse.Add(copy.Card, null, now, change, purse.ToKept(change, except: copy.Card)),
        };
    }

    /// <summary>
    /// Gives an offline debit back: from the acceptor to the account, with an add for every card; or to the issuer, who
    /// had borne it.
    /// </summary>
    public static Booking Refund(
        this HolderPurse purse, BookedMovement movement, bool isLate, string what, string key, DateTimeOffset now)
    {
        var amount = movement.Movement.Amount;
        var acceptor = AccountId.Acceptor(Acceptance.Of(movement.Digest).Id, purse.Currency);
        var payer = isLate ? AccountId.LateOffline(purse.Currency) : purse.AccountId;
        return new Booking(purse, now)
        {
            Entry = new LedgerEntry(
                EntryId.New(now), EntryKind.Refund, what, now,
                [new Posting(acceptor, -amount), new Posting(payer, amount)], key: key),
            Adds = isLate ? null : purse.Add(null, null, now, amount, purse.ToKept(amount)),
        };
    }

    /// <summary>
    /// What a revoked card was allowed goes from suspense back to the holder, unproven; an open order of another allowance
    /// is closed with it. From here on it is the issuer's risk.
    /// </summary>
    public static Booking GiveBack(this HolderPurse purse, CardCopy copy, Intent? order, DateTimeOffset now)
    {
        var amount = copy.Allowance + (order?.Hold ?? 0);
        return new Booking(purse, now)
        {
            Entry = new LedgerEntry(
                EntryId.New(now), EntryKind.Release, "An allowance that nobody has spent", now,
                [
                    new Posting(AccountId.Suspense(copy.Card, purse.Currency), -amount),
                    new Posting(purse.AccountId, amount),
                ],
                order?.Id),
            Step = order is null ? null : new IntentStep(order.Id, IntentState.NotDone, order.Suspended),
            Limits = new LimitsStep(copy.Card, 0, null) { GivenBack = amount },
            Adds = purse.Add(copy.Card, null, now, amount, purse.ToKept(amount)),
        };
    }

    /// <summary>
    /// A kept card's debit is paid by the account, a revoked one's by what suspense has of it, or by the issuer where that
    /// was given back.
    /// </summary>
    private static LedgerEntry OfflineEntry(
        this HolderPurse purse, CardCopy copy, LoggedMovement proven, bool isLate, long back, DateTimeOffset now)
    {
        var (amount, acceptor) = ((long)proven.Movement.Amount, Acceptance.Of(proven.Digest).Id);
        var suspense = AccountId.Suspense(copy.Card, purse.Currency);
        IEnumerable<Posting> postings = copy.IsKept
            ? [new Posting(purse.AccountId, -amount)]
            :
            [
                new Posting(AccountId.LateOffline(purse.Currency), isLate ? -amount : 0),
                new Posting(suspense, isLate ? -back : -amount - back),
                new Posting(purse.AccountId, back),
            ];
        return new LedgerEntry(
            EntryId.New(now), copy.IsKept ? EntryKind.Debit : isLate ? EntryKind.Late : EntryKind.Release,
            $"Offline at acceptor {acceptor}", now,
            [
                .. postings.Where(posting => posting.Amount != 0),
                new Posting(AccountId.Acceptor(acceptor, purse.Currency), amount),
            ],
            key: isLate ? LateKey(copy.Card, proven.Number) : null);
    }

    /// <summary>
    /// Out of suspense: a revoked card had taken another allowance, which stays there; the one before goes back.
    /// </summary>
    private static LedgerEntry? GiveBack(this HolderPurse purse, Intent intent, CardCopy copy, DateTimeOffset now)
    {
        var before = copy.Allowance + copy.AheadAmount;
        return before == 0
            ? null
            : new LedgerEntry(
                EntryId.New(now), EntryKind.Release, "An allowance that was replaced", now,
                [
                    new Posting(AccountId.Suspense(copy.Card, purse.Currency), -before),
                    new Posting(purse.AccountId, before),
                ],
                intent.Id);
    }
}
