using Tessera.Cards.Purse;

namespace Tessera.Platform.Money;

internal static partial class Bookings
{
    /// <summary>
    /// A proven offline debit: out of what was held for it, to the acceptor that it names. An open intent whose number it
    /// took is not done.
    /// </summary>
    public static Booking Offline(
        this HolderPurse purse, CardCopy copy, LoggedMovement proven, Evidence evidence, DateTimeOffset now)
    {
        var (movement, digest, balance, number) = proven;
        var displaced = purse.OpenOf(copy.Card) is { } open && open.Number == number ? open : null;
        var back = displaced is { Suspended: true } ? displaced.Hold : 0;
        var entry = purse.OfflineEntry(copy, movement.Amount, back, Acceptance.Of(digest), now);
        var change = entry.To(purse.AccountId);
        return new Booking(purse, now)
        {
            Entry = entry,
            Step = displaced is null ? null : new IntentStep(
                displaced.Id, IntentState.NotDone, displaced.Suspended, Untold: displaced.IsPayment),
            Copy = number == copy.Number + 1
                ? copy.Follow(new CopyStep(copy.Card, balance, number, movement.S2))
                : null,
            Limits = new LimitsStep(copy.Card, copy.Allowance - movement.Amount, null),
            Movement = new BookedMovement(
                copy.Card, number, movement, digest, balance, null, -1, entry.Id, evidence, LateState.None,
                purse.Account + change, now),
            Adds = change == 0
                ? null
                : purse.Add(copy.Card, null, now, change, purse.ToKept(change, except: copy.Card)),
        };
    }

    /// <summary>Gives an offline debit back: from the acceptor to the account, with an add for every card.</summary>
    public static Booking Refund(
        this HolderPurse purse, BookedMovement movement, string what, string key, DateTimeOffset now)
    {
        var amount = movement.Movement.Amount;
        var acceptor = AccountId.Acceptor(Acceptance.Of(movement.Digest).Id, purse.Currency);
        return new Booking(purse, now)
        {
            Entry = new LedgerEntry(
                EntryId.New(now), EntryKind.Refund, what, now,
                [new Posting(acceptor, -amount), new Posting(purse.AccountId, amount)], key: key),
            Adds = purse.Add(null, null, now, amount, purse.ToKept(amount)),
        };
    }

    /// <summary>A kept card's debit is paid by the account, a revoked one's by what suspense has of it.</summary>
    private static LedgerEntry OfflineEntry(
        this HolderPurse purse, CardCopy copy, uint amount, long back, Acceptance acceptance, DateTimeOffset now)
    {
        var suspense = AccountId.Suspense(copy.Card, purse.Currency);
        IEnumerable<Posting> postings = copy.IsKept
            ? [new Posting(purse.AccountId, -amount)]
            : [new Posting(suspense, -amount - back), new Posting(purse.AccountId, back)];
        return new LedgerEntry(
            EntryId.New(now), copy.IsKept ? EntryKind.Debit : EntryKind.Release,
            $"Offline at acceptor {acceptance.Id}", now,
            [
                .. postings.Where(posting => posting.Amount != 0),
                new Posting(AccountId.Acceptor(acceptance.Id, purse.Currency), amount),
            ]);
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
