using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Money;

/// <summary>
/// The issuer's side of the purse (docs/protocols/purse.md §5, §6): it alone lets value move, and it books nothing that
/// a card has not proven.
/// </summary>
/// <remarks>
/// Every method decides on one version of the holder's purse and writes one booking; if the purse moved on meanwhile,
/// it decides again. All methods may be called at the same time, by any number of sessions.
/// </remarks>
/// <param name="policy">What the issuer wants of its cards; nothing, by default.</param>
public sealed partial class Treasury(
    IMoneyStore store, PurseKeyring keys, TimeProvider time, PursePolicy? policy = null)
{
    private const int MaxAttempts = 32;

    /// <summary>Begins the purse of a registered card: at zero, with one add of the whole account. Once.</summary>
    /// <exception cref="ArgumentException">
    /// It carries no purse, was revoked, or its currency is not the holder's.
    /// </exception>
    public async Task OpenAsync(CardRegistration card, CancellationToken cancel)
    {
        if (!card.Carries(PurseCommands.Aid)) throw new ArgumentException("The card carries no purse.", nameof(card));
        if (card.State == CardState.Revoked) throw new ArgumentException("The card was revoked.", nameof(card));

        await store.OpenAsync(card.Holder, card.Currency, cancel);
        await BookAsync(card.Holder, purse =>
        {
            if (purse!.Currency != card.Currency)
                throw new ArgumentException("The holder's purse has another currency.", nameof(card));
            return Decision.Of(true, purse.CopyOf(card.Card) is null ? purse.Begin(card.Card, Now()) : null);
        }, cancel);
    }

    /// <summary>
    /// A fresh nonce for INITIALIZE or PROVE, on record before it is sent: only an S1 over a nonce issued after an S2
    /// can prove that the S2 was not used.
    /// </summary>
    public async Task<Bytes> NonceAsync(CardId card, CancellationToken cancel)
    {
        var octets = new byte[PurseMac.NonceLength];
        do RandomNumberGenerator.Fill(octets);
        while (Conclusions.IsOwn(new Bytes(octets)));
        await store.IssueNonceAsync(card, new Bytes(octets), Now(), cancel);
        return new Bytes(octets);
    }

    /// <summary>Takes an S1: settles what it proves, and says whether a movement can be authorised on it.</summary>
    /// <param name="currency">As the card named it in its answer to SELECT.</param>
    /// <param name="nonce">
    /// What INITIALIZE was given: from <see cref="NonceAsync"/>, or zero from the card itself.
    /// </param>
    public async Task<Contact> ContactAsync(
        CardId card, ushort currency, PurseState s1, Bytes nonce, CancellationToken cancel)
    {
        Contact Refused(RefusalReason reason, string detail) =>
            new(card, s1, nonce, [], null, new Refusal(reason, detail));

        if (!keys.Verifies(card, currency, s1, nonce))
            return Refused(RefusalReason.AuthenticationFailed, "S1 does not verify.");
        var own = Conclusions.IsOwn(nonce);
        var issued = own ? null : await store.FindNonceAsync(card, nonce, cancel);
        if (!own && issued is null)
            return Refused(RefusalReason.AuthenticationFailed, "The nonce was not issued, or too long ago.");

        var contact = await BookAsync(card, purse =>
        {
            if (purse?.CopyOf(card) is not { } copy)
                return Decision.Of(Refused(RefusalReason.UnknownCard, "The card has no purse here."));
            if (purse.Currency != currency)
                return Decision.Of(Refused(RefusalReason.WrongCurrency, $"The purse is in {purse.Currency:X4}."));
            if (copy.Registration.State == CardState.Suspect)
                return Decision.Of(Refused(RefusalReason.CardSuspect, "The card is suspect."));
            return Conclude(purse, copy, new Contact(card, s1, nonce, [], null, null), issued);
        }, cancel);
        return contact with { Settlements = await UntoldAsync(card, cancel) };
    }

    private Decision<Contact> Conclude(HolderPurse purse, CardCopy copy, Contact contact, IssuedNonce? issued)
    {
        var (s1, open, now) = (contact.S1, purse.OpenOf(contact.Card), Now());
        var stands = contact with
        {
            Refusal = copy.IsKept
                ? Out(copy.Registration)
                : new Refusal(RefusalReason.CardRevoked, "The card was revoked."),
            Order = Wanted(copy, s1),
            GreatestWithoutPin = copy.Limits?.GreatestWithoutPin ?? uint.MaxValue,
        };
        var revoked = copy.IsKept ? null : new Refusal(RefusalReason.CardRevoked, "The card was revoked.");
        contact = contact with { Refusal = revoked };
        switch (Conclusions.Draw(s1, issued, copy, open))
        {
            case Conclusion.Done:
                var evidence = Evidence.Of(s1, contact.Nonce);
                var done = purse.Done(
                    open!, open!.Alternative(s1.Last), s1.Last, s1.Balance, Bytes.Empty, evidence, late: true, now);
                var limited = done.Limits?.GreatestWithoutPin ?? stands.GreatestWithoutPin;
                var after = done.Limits?.Allowance is { } allowance
                    ? copy with { Limits = (copy.Limits ?? new CopyLimits(0, null, 0)) with { Allowance = allowance } }
                    : copy;
                return copy.Accords(done.Movement!)
                    ? Decision.Of(stands with { Order = Wanted(after, s1), GreatestWithoutPin = limited }, done)
                    : Impossible();
            case Conclusion.NotDone:
                return Decision.Of(stands, purse.NotDone(open!, now));
            case Conclusion.Missing:
                return Decision.Of(contact with { Missing = [.. copy.Missing(s1.Number)] });
            case Conclusion.Open:
                return Decision.Of(contact with { Open = open!.Id });
            case Conclusion.Stale:
                return Decision.Of(contact with
                {
                    Refusal = revoked ?? new Refusal(RefusalReason.Stale, $"The book is at number {copy.Number}."),
                });
            case Conclusion.Impossible:
                return Impossible();
            default:
                var back = stands.Order is null ? purse.Back(copy.Card) : null;
                return back is null
                    ? Decision.Of(stands.Order is null ? Limited(stands, purse, copy) : stands)
                    : Decision.Of(stands, new Booking(purse, now) { Standing = back });
        }

        Decision<Contact> Impossible()
        {
            var detail = $"The card proves number {s1.Number}, balance {s1.Balance}; " +
                $"the book has {copy.Number}, {copy.Balance}.";
            var alarm = new Booking(purse, now) { Alarm = new CardAlarm(copy.Card, detail, Bytes.Of(s1)) };
            return Decision.Of(
                contact with { Refusal = revoked ?? new Refusal(RefusalReason.CardSuspect, detail) }, alarm);
        }
    }

    /// <summary>
    /// The intents of a session that are still open, the oldest first: what to resend after a restart.
    /// </summary>
    public Task<IReadOnlyList<Intent>> OpenIntentsAsync(SessionReference session, CancellationToken cancel) =>
        store.OpenIntentsAsync(session, cancel);

    private static Settlement Settled(Intent intent, BookedMovement movement)
    {
        var move = intent.Moves[movement.Alternative];
        return new Settlement(
            intent.Id, intent.Card, intent.Session, IntentState.Done, move, movement.Movement.Amount,
            move.Alternative.What, movement.Late != LateState.None, movement.Account, movement.Time)
        {
            IsPayment = intent.IsPayment,
        };
    }

    private static Settlement NotPaid(Intent intent, Booking booking) => NotPaid(
        intent, booking.Basis.Account + (booking.Entry?.To(booking.Basis.AccountId) ?? 0), booking.Time);

    private static Settlement NotPaid(Intent intent, long account, DateTimeOffset time) => new(
        intent.Id, intent.Card, intent.Session, IntentState.NotDone, null, 0, What(intent), Late: false, account, time)
    {
        IsPayment = intent.IsPayment,
    };

    private Settlement Unsettled(Intent intent, HolderPurse purse, Refusal? refusal = null) => new(
        intent.Id, intent.Card, intent.Session, intent.State, null, 0, What(intent), Late: false,
        purse.Account, intent.Closed ?? Now(), refusal)
    {
        IsPayment = intent.IsPayment,
    };

    /// <summary>To the millisecond, as it is kept: what is told now and what is read later are the same.</summary>
    private DateTimeOffset Now() =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>What could be paid; where nothing could, what else could happen.</summary>
    private static string What(Intent intent) => string.Join(" / ", intent.Moves
        .Where(move => !intent.IsPayment || move.Kind == MoveKind.Debit)
        .Select(move => move.Alternative.What).Distinct(StringComparer.Ordinal));

    private Task<T> BookAsync<T>(
        CardId card, Func<HolderPurse?, Decision<T>> decide, CancellationToken cancel) =>
        BookAsync(() => store.FindAsync(card, cancel), purse => Task.FromResult(decide(purse)), cancel);

    private Task<T> BookAsync<T>(
        HolderId holder, Func<HolderPurse?, Decision<T>> decide, CancellationToken cancel) =>
        BookAsync(() => store.FindAsync(holder, cancel), purse => Task.FromResult(decide(purse)), cancel);

    private async Task<T> BookAsync<T>(
        Func<Task<HolderPurse?>> read, Func<HolderPurse?, Task<Decision<T>>> decide, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (outcome, booking) = await decide(await read());
            if (booking is null || await store.CommitAsync(booking, cancel)) return outcome;
        }

        throw new TimeoutException($"The purse moved on {MaxAttempts} times before a decision on it was written.");
    }
}

/// <summary>An outcome, true once the booking that makes it so is written.</summary>
internal readonly record struct Decision<T>(T Outcome, Booking? Booking);

/// <summary>Makes decisions.</summary>
internal static class Decision
{
    public static Decision<T> Of<T>(T outcome, Booking? booking = null) => new(outcome, booking);
}
