using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;

namespace Tessera.Platform.Money;

public sealed partial class Treasury
{
    /// <summary>Most lines of one page of history.</summary>
    public const int MaxPage = 100;

    /// <summary>A load: the account grows by a funded amount, and every card of the holder gets an add.</summary>
    /// <param name="source">Who funds it: the name of a funding account.</param>
    /// <param name="idempotencyKey">Names this load among those of its source; given twice, it is booked once.</param>
    /// <exception cref="ArgumentException">
    /// No amount, or the key belongs to a load of another amount or holder.
    /// </exception>
    public Task<Booked> FundAsync(
        HolderId holder, uint amount, string source, string idempotencyKey, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfZero(amount);
        ArgumentException.ThrowIfNullOrEmpty(idempotencyKey);
        var key = $"load:{source}:{idempotencyKey}";
        return BookAsync(() => store.FindAsync(holder, cancel), async purse =>
        {
            if (purse is null)
                return Decision.Of(NotBooked(RefusalReason.UnknownCard, "The holder has no purse."));
            if (await store.FindEntryAsync(key, cancel) is { } before)
            {
                if (before.To(purse.AccountId) != amount)
                    throw new ArgumentException("The key belongs to another load.", nameof(idempotencyKey));
                return Decision.Of(new Booked(before.Id, purse.Account));
            }

            if (purse.Account + amount > (purse.Ceiling ?? uint.MaxValue))
                return Decision.Of(NotBooked(
                    RefusalReason.TooMuchForAccount, $"The cards may hold {purse.Ceiling ?? uint.MaxValue}.", purse));
            var booking = purse.Load(
                amount, AccountId.Funding(source, purse.Currency), "Load", key, Now());
            return Decision.Of(new Booked(booking.Entry!.Id, purse.Account + amount) { IsNew = true }, booking);
        }, cancel);
    }

    /// <summary>
    /// Movements of the holder that were paid and whose sessions never learned of it, the oldest first.
    /// </summary>
    public async Task<IReadOnlyList<Settlement>> OwedAsync(HolderId holder, CancellationToken cancel)
    {
        List<Settlement> owed = [];
        foreach (var movement in await store.OwedAsync(holder, MaxPage, cancel))
        {
            var intent = await store.FindIntentAsync(movement.Intent!.Value, cancel);
            owed.Add(Settled(intent!, movement));
        }

        return owed;
    }

    /// <summary>What a late settlement owed was delivered.</summary>
    /// <returns>A refusal where nothing is owed.</returns>
    public Task<Refusal?> FulfilAsync(IntentId intent, CancellationToken cancel) =>
        BookAsync(intent, async (purse, known) =>
            await store.FindMovementAsync(known.Id, cancel) is { Late: LateState.Owed or LateState.Fulfilled }
                ? Decision.Of<Refusal?>(null, new Booking(purse, Now())
                {
                    Resolution = new LateResolution(known.Id, LateState.Fulfilled),
                })
                : Decision.Of<Refusal?>(new Refusal(RefusalReason.NothingToDo, "Nothing is owed.")), cancel);

    /// <summary>Gives a debit back: from the merchant to the account, with an add for every card. Once.</summary>
    public Task<Booked> RefundAsync(IntentId intent, string what, CancellationToken cancel) =>
        BookAsync(intent, async (purse, known) =>
        {
            var key = $"refund:{known.Id}";
            if (await store.FindEntryAsync(key, cancel) is { } before)
                return Decision.Of(new Booked(before.Id, purse.Account));
            if (await store.FindMovementAsync(known.Id, cancel) is not { } movement || !IsRefundable(movement))
                return Decision.Of(NotBooked(RefusalReason.NothingToDo, "No debit to give back.", purse));
            var booking = purse.Refund(known, movement, what, key, Now());
            return Decision.Of(new Booked(booking.Entry!.Id, purse.Account + movement.Movement.Amount), booking);
        }, cancel);

    /// <summary>
    /// Gives up a card for good. Its hold goes to suspense, where alone late proof is booked; a replacement begins at
    /// zero with one add of the account, in the same step.
    /// </summary>
    /// <param name="replacement">A registered card of the same holder without a copy yet.</param>
    public Task<Booked> RevokeAsync(CardId card, CardRegistration? replacement, CancellationToken cancel) =>
        BookAsync(card, purse =>
        {
            if (purse?.CopyOf(card) is not { } copy)
                return Decision.Of(NotBooked(RefusalReason.UnknownCard, "The card has no purse here."));
            if (!copy.IsKept) return Decision.Of(new Booked(null, purse.Account));
            if (replacement is not null) CheckReplacement(purse, replacement);
            var booking = purse.Revoke(card, replacement?.Card, Now());
            return Decision.Of(
                new Booked(booking.Entry?.Id, purse.Account + (booking.Entry?.To(purse.AccountId) ?? 0)), booking);
        }, cancel);

    /// <summary>A holder's money as <paramref name="card"/> sees it, with a page of history.</summary>
    /// <param name="before">Read on before this position; <see cref="long.MaxValue"/> for the newest.</param>
    /// <param name="count">1 to <see cref="MaxPage"/>.</param>
    /// <returns>None if the holder has no purse.</returns>
    public async Task<PurseView?> ViewAsync(
        HolderId holder, CardId? card, long before, int count, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxPage);
        if (await store.FindAsync(holder, cancel) is not { } purse) return null;
        return new PurseView(
            holder, purse.Currency, purse.Account, purse.Spendable, purse.Holds,
            card is { } id ? purse.CopyOf(id) : null,
            await store.HistoryAsync(purse.AccountId, before, count, cancel));
    }

    private static bool IsRefundable(BookedMovement movement) =>
        movement is { Entry: not null, Late: not LateState.Fulfilled, Movement.Kind: MoveKind.Debit };

    private static Booked NotBooked(RefusalReason reason, string detail, HolderPurse? purse = null) =>
        new(null, purse?.Account ?? 0, new Refusal(reason, detail));

    private static void CheckReplacement(HolderPurse purse, CardRegistration replacement)
    {
        if (replacement.Holder != purse.Holder || replacement.Currency != purse.Currency ||
            replacement.State != CardState.Active || purse.CopyOf(replacement.Card) is not null)
            throw new ArgumentException("Not a new card of this holder and currency.", nameof(replacement));
    }
}
