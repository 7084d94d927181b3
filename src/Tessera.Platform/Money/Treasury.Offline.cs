using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Wire;

namespace Tessera.Platform.Money;

public sealed partial class Treasury
{
    /// <summary>
    /// Takes the receipt of an offline debit that an acceptor hands in, in any order and any number of times. It is
    /// booked once, whether it or the card's own proof comes first.
    /// </summary>
    public Task<Clearing> ClearAsync(OfflineReceipt receipt, CancellationToken cancel) =>
        BookAsync(() => store.FindAsync(receipt.Card, cancel), async purse =>
        {
            var (card, proven) = (receipt.Card, receipt.Movement);
            Decision<Clearing> Because(Refusal? refusal, bool isNew = false, Booking? booking = null) => Decision.Of(
                new Clearing(
                    card, proven.Number, proven.Movement.Amount,
                    AccountId.Acceptor(receipt.Acceptance.Id, purse?.Currency ?? 0), isNew, refusal),
                booking);

            if (purse?.CopyOf(card) is not { } copy)
                return Because(new Refusal(RefusalReason.UnknownCard, "The card has no purse here."));
            if (proven.Movement.Kind != MoveKind.OfflineDebit || !keys.Verifies(receipt))
                return Because(new Refusal(RefusalReason.AuthenticationFailed, "The receipt does not verify."));
            var offline = await OfflineAsync(purse, copy, proven, Evidence.Of(receipt), cancel);
            return Because(offline.Outcome, offline is { Outcome: null, Booking: not null }, offline.Booking);
        }, cancel);

    /// <summary>
    /// Books what a card proves for a number that is missing in the book: an offline debit, the open intent, or a movement
    /// that nobody asked for.
    /// </summary>
    /// <param name="nonce">What PROVE was given.</param>
    /// <returns>Why it was not taken.</returns>
    public Task<Refusal?> ProveAsync(Contact contact, PurseProof proof, Bytes nonce, CancellationToken cancel) =>
        BookAsync(() => store.FindAsync(contact.Card, cancel), async purse =>
        {
            if (purse?.CopyOf(contact.Card) is not { } copy)
                return Decision.Of<Refusal?>(new Refusal(RefusalReason.UnknownCard, "The card has no purse here."));
            if (!keys.Verifies(copy.Card, contact.S1.KeyVersion, proof, nonce))
                return Decision.Of<Refusal?>(
                    new Refusal(RefusalReason.AuthenticationFailed, "The proof does not verify."));

            var evidence = Evidence.Of(proof, nonce);
            if (proof.Movement.Kind == MoveKind.OfflineDebit)
                return await OfflineAsync(purse, copy, proof.ToLogged(), evidence, cancel);
            if (purse.OpenOf(copy.Card) is not { } open || open.Number != proof.Number)
                return await KnownAsync(purse, copy, proof.ToLogged(), evidence, cancel) ??
                    Excluded(purse, copy, proof.Number, evidence);
            var proven = Proven(purse, open, proof, evidence);
            return Decision.Of(proven.Outcome.Refusal, proven.Booking);
        }, cancel);

    /// <summary>Gives an offline debit back to who paid it, whole: the holder, or the issuer where it came late. Once.</summary>
    public Task<Booked> RefundAsync(CardId card, uint number, string what, CancellationToken cancel) =>
        BookAsync(() => store.FindAsync(card, cancel), async purse =>
        {
            if (purse is null)
                return Decision.Of(NotBooked(RefusalReason.UnknownCard, "The card has no purse here."));
            var key = $"refund:{card}:{number}";
            if (await store.FindEntryAsync(key, cancel) is { } before)
                return Decision.Of(new Booked(before.Id, purse.Account));
            if (await store.FindMovementAsync(card, number, cancel) is not
                { Entry: not null, Movement.Kind: MoveKind.OfflineDebit } movement)
                return Decision.Of(NotBooked(RefusalReason.NothingToDo, "No offline debit to give back.", purse));
            var isLate = await store.FindEntryAsync(Bookings.LateKey(card, number), cancel) is not null;
            var booking = purse.Refund(movement, isLate, what, key, Now());
            return Decision.Of(
                new Booked(booking.Entry!.Id, purse.Account + booking.Entry.To(purse.AccountId)), booking);
        }, cancel);

    private async Task<Decision<Refusal?>> OfflineAsync(
        HolderPurse purse, CardCopy copy, LoggedMovement proven, Evidence evidence, CancellationToken cancel)
    {
        if (await KnownAsync(purse, copy, proven, evidence, cancel) is { } known) return known;
        var amount = proven.Movement.Amount;
        if (proven.Number <= copy.Number || proven.Number > copy.Number + PurseCommands.LogRecords || amount == 0)
            return Excluded(purse, copy, proven.Number, evidence);
        if (amount > copy.Allowance && amount > copy.AtRisk)
        {
            // The allowance may have been raised by an order that is not proven yet.
            return purse.OpenOf(copy.Card) is { } open && open.IsAllowance && open.Number < proven.Number
                ? Decision.Of<Refusal?>(
                    new Refusal(RefusalReason.OpenIntent, $"The outcome of number {open.Number} is open."))
                : Excluded(purse, copy, proven.Number, evidence);
        }

        var booking = purse.Offline(copy, proven, evidence, Now());
        return booking.Copy is not null && !copy.Accords(booking.Movement!)
            ? Excluded(purse, copy, proven.Number, evidence)
            : Decision.Of<Refusal?>(null, booking);
    }

    /// <summary>What is to be said of a number that is in the book; null where it is not.</summary>
    private async Task<Decision<Refusal?>?> KnownAsync(
        HolderPurse purse, CardCopy copy, LoggedMovement proven, Evidence evidence, CancellationToken cancel)
    {
        if (await store.FindMovementAsync(copy.Card, proven.Number, cancel) is not { } booked) return null;
        return booked.Movement == proven.Movement && booked.Balance == proven.Balance
            ? Decision.Of<Refusal?>(null)
            : Excluded(purse, copy, proven.Number, evidence);
    }

    private Decision<Refusal?> Excluded(HolderPurse purse, CardCopy copy, uint number, Evidence evidence)
    {
        var detail = $"The card proves for number {number} what the book excludes.";
        return Decision.Of<Refusal?>(
            new Refusal(RefusalReason.CardSuspect, detail),
            new Booking(purse, Now()) { Alarm = new CardAlarm(copy.Card, detail, evidence.Octets) });
    }
}
