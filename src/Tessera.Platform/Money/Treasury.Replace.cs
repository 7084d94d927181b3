using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;

namespace Tessera.Platform.Money;

/// <summary>What became of an intent that nobody could prove, by decision of the issuer.</summary>
public enum FinalOutcome
{
    /// <summary>The holder gets back what was kept aside.</summary>
    Unpaid = 1,

    /// <summary>The merchant gets the alternative that is named, the holder the rest.</summary>
    Paid = 2,
}

public sealed partial class Treasury
{
    /// <summary>
    /// A card gives way to another, or to none: its hold goes to suspense, where alone late proof is booked, and its
    /// successor begins at zero with one add of what the account has left, in the same step. Asked again it goes on where
    /// it was cut.
    /// </summary>
    /// <param name="successor">A registered card of the same holder without a copy yet; null for none.</param>
    /// <returns>The account after it; a refusal where the card has no purse, or the successor has no room.</returns>
    /// <exception cref="ArgumentException">The successor is not such a card.</exception>
    public Task<Booked> ReplaceAsync(CardId card, CardRegistration? successor, CancellationToken cancel) =>
        BookAsync(card, purse =>
        {
            if (purse?.CopyOf(card) is not { } copy)
                return Decision.Of(NotBooked(RefusalReason.UnknownCard, "The card has no purse here."));
            var begins = successor is not null && purse.CopyOf(successor.Card) is null;
            if (begins) CheckReplacement(purse, successor!);
            if (!copy.IsKept && !begins) return Decision.Of(new Booked(null, purse.Account));

            var left = purse.Account - (copy.IsKept ? (purse.OpenOf(card)?.Hold ?? 0) + copy.Allowance : 0);
            if (begins && left > successor!.GreatestBalance)
                return Decision.Of(NotBooked(
                    RefusalReason.TooMuchForCard, $"{left} on a card that may hold {successor.GreatestBalance}.", purse));
            var booking = copy.IsKept
                ? purse.Revoke(card, begins ? successor!.Card : null, Now())
                : purse.Begin(successor!.Card, Now());
            return Decision.Of(new Booked(booking.Entry?.Id, left), booking);
        }, cancel);

    /// <summary>The intent of a card whose outcome is open; null for none.</summary>
    public async Task<Intent?> FindOpenAsync(CardId card, CancellationToken cancel) =>
        (await store.FindAsync(card, cancel))?.OpenOf(card);

    /// <summary>
    /// The holder of a card that is gone gets back what the card was allowed to spend offline and nobody has proven that it
    /// did. What is cleared later is paid by the issuer, up to what was given back (docs/protocols/purse.md §8).
    /// </summary>
    /// <param name="wait">How long receipts have to have had time to come, from the revocation on.</param>
    /// <returns>A refusal where the card is not revoked, nothing of that is in suspense, or it is too early.</returns>
    public Task<Booked> GiveBackAsync(CardId card, TimeSpan wait, CancellationToken cancel) =>
        BookAsync(() => store.FindAsync(card, cancel), async purse =>
        {
            if (purse?.CopyOf(card) is not { } copy)
                return Decision.Of(NotBooked(RefusalReason.UnknownCard, "The card has no purse here."));
            if (copy.IsKept)
                return Decision.Of(NotBooked(
                    RefusalReason.NothingToDo, "The card was not replaced or retired: it can still prove it.", purse));
            var order = purse.OpenOf(card) is { Suspended: true, IsAllowance: true } open ? open : null;
            if (copy.Allowance + (order?.Hold ?? 0) == 0)
                return Decision.Of(NotBooked(RefusalReason.NothingToDo, "No allowance of the card is in suspense.", purse));
            var since = await store.SuspendedAsync(AccountId.Suspense(card, purse.Currency), cancel);
            if (Now() - since is { } age && age < wait)
                return Decision.Of(NotBooked(
                    RefusalReason.TooEarly, $"It waits for {age.TotalDays:0.0} days, not {wait.TotalDays:0.#}.", purse));

            var booking = purse.GiveBack(copy, order, Now());
            return Decision.Of(
                new Booked(booking.Entry!.Id, purse.Account + booking.Entry.To(purse.AccountId)), booking);
        }, cancel);

    /// <summary>
    /// The issuer decides what became of the open intent of a card that is gone, because no proof came: what is in suspense
    /// for it goes to the merchant, to the holder, or in part to each. It is final: proof that comes later moves nothing any
    /// more, and is kept as an alarm where it says otherwise.
    /// </summary>
    /// <param name="alternative">Which one was paid, from 0; not used where nothing was.</param>
    /// <param name="wait">How long the intent has to have been open.</param>
    /// <returns>
    /// A refusal where the card is not revoked, nothing of it is open, or it is too early.
    /// </returns>
    /// <exception cref="ArgumentException">There is no such alternative, or it pays nothing.</exception>
    public Task<Booked> DecideAsync(
        CardId card, FinalOutcome outcome, int alternative, TimeSpan wait, CancellationToken cancel) =>
        BookAsync(card, purse =>
        {
            if (purse?.CopyOf(card) is not { } copy)
                return Decision.Of(NotBooked(RefusalReason.UnknownCard, "The card has no purse here."));
            if (copy.IsKept)
                return Decision.Of(NotBooked(
                    RefusalReason.NothingToDo, "The card was not replaced or retired: it can still prove it.", purse));
            if (purse.OpenOf(card) is not { Suspended: true, IsAllowance: false } open)
                return Decision.Of(NotBooked(RefusalReason.NothingToDo, "No payment of the card is open.", purse));
            if (Now() - open.Opened is var age && age < wait)
                return Decision.Of(NotBooked(
                    RefusalReason.TooEarly, $"It is open for {age.TotalDays:0.0} days, not {wait.TotalDays:0.#}.", purse));
            if (outcome == FinalOutcome.Paid
                && ((uint)alternative >= (uint)open.Moves.Count || open.Moves[alternative].Kind != MoveKind.Debit))
                throw new ArgumentException("No payment among the alternatives has that number.", nameof(alternative));

            var booking = outcome == FinalOutcome.Unpaid
                ? purse.NotDone(open, Now())
                : purse.DecidedPaid(open, open.Moves[alternative], Now());
            return Decision.Of(
                new Booked(booking.Entry?.Id, purse.Account + (booking.Entry?.To(purse.AccountId) ?? 0)), booking);
        }, cancel);
}
