using Tessera.Cards.Purse;
using Tessera.Wire;

namespace Tessera.Platform.Money;

public sealed partial class Treasury
{
    /// <summary>
    /// Books what a receipt proves; the same receipt again gives the same settlement. A receipt that proves nothing
    /// leaves the intent as it is and comes back with a refusal.
    /// </summary>
    /// <param name="alternative">Which one the script ran, from 0.</param>
    /// <param name="amount">What was moved: the alternative's own, or what the holder typed.</param>
    /// <param name="digest">What the terminal showed, as it went into MOVE.</param>
    /// <exception cref="ArgumentException">No such intent or alternative.</exception>
    public Task<Settlement> SettleAsync(
        IntentId intent, int alternative, uint amount, Bytes digest, PurseReceipt s3, CancellationToken cancel) =>
        BookAsync(intent, async (purse, known) =>
        {
            if ((uint)alternative >= (uint)known.Moves.Count)
                throw new ArgumentException($"The intent has {known.Moves.Count} alternatives.", nameof(alternative));
            var move = known.Moves[alternative];
            var movement = move.With(amount);
            if (!keys.Verifies(known, movement, digest, s3))
                return Decision.Of(Unproven(known, purse, "S3 does not verify."));
            if (!known.IsOpen) return await AgainAsync(purse, known, movement, s3.Balance, Bytes.Of(s3), cancel);

            return move.Allows(movement)
                ? Done(purse, known, alternative, movement, s3.Balance, digest, Evidence.Of(s3))
                : Impossible(purse, known, Bytes.Of(s3));
        }, cancel);

    /// <summary>
    /// Books what PROVE answered for the number of an open intent: it, or the movement that took its place.
    /// </summary>
    /// <param name="nonce">What PROVE was given.</param>
    /// <exception cref="ArgumentException">No such intent.</exception>
    public Task<Settlement> ProveAsync(IntentId intent, PurseProof proof, Bytes nonce, CancellationToken cancel) =>
        BookAsync(intent, async (purse, known) =>
        {
            if (proof.Number != known.Number || !keys.Verifies(known.Card, known.S1.KeyVersion, proof, nonce))
                return Decision.Of(Unproven(known, purse, "The proof does not verify."));
            if (proof.Movement.Kind == MoveKind.OfflineDebit)
            {
                var offline = await OfflineAsync(
                    purse, purse.CopyOf(known.Card)!, proof.ToLogged(), Evidence.Of(proof, nonce), cancel);
                return Decision.Of(Unsettled(known, purse, offline.Outcome), offline.Booking);
            }

            if (!known.IsOpen)
                return await AgainAsync(purse, known, proof.Movement, proof.Balance, Bytes.Of(proof), cancel);

            return Proven(purse, known, proof, Evidence.Of(proof, nonce));
        }, cancel);

    /// <summary>What a proof for the number of an open intent says: it, or the movement that took its place.</summary>
    private Decision<Settlement> Proven(HolderPurse purse, Intent open, PurseProof proof, Evidence evidence)
    {
        if (open.Alternative(proof.Movement) is >= 0 and var alternative)
            return Done(purse, open, alternative, proof.Movement, proof.Balance, proof.Digest, evidence);
        var booking = purse.Unexplained(open, proof, evidence, Now());
        return purse.CopyOf(open.Card)!.Accords(booking.Movement!)
            ? Decision.Of(NotPaid(open, booking), booking)
            : Impossible(purse, open, evidence.Octets);
    }

    private Decision<Settlement> Done(
        HolderPurse purse, Intent intent, int alternative, Movement movement, uint balance, Bytes digest,
        Evidence evidence)
    {
        var late = intent.State == IntentState.Unknown;
        var booking = purse.Done(intent, alternative, movement, balance, digest, evidence, late, Now());
        return purse.CopyOf(intent.Card)!.Accords(booking.Movement!)
            ? Decision.Of(Settled(intent, booking.Movement!), booking)
            : Impossible(purse, intent, evidence.Octets);
    }

    /// <summary>Evidence for an intent that was closed before: the same outcome, or one that cannot be.</summary>
    private async Task<Decision<Settlement>> AgainAsync(
        HolderPurse purse, Intent intent, Movement movement, uint balance, Bytes octets, CancellationToken cancel)
    {
        var booked = await store.FindMovementAsync(intent.Id, cancel);
        if (booked?.Movement == movement && booked.Balance == balance) return Decision.Of(Settled(intent, booked));
        return intent.Alternative(movement) < 0
            ? Decision.Of(Unsettled(intent, purse))
            : Impossible(purse, intent, octets);
    }

    private Decision<Settlement> Impossible(HolderPurse purse, Intent intent, Bytes octets)
    {
        var detail = $"The card proves for number {intent.Number} what the book excludes.";
        return Decision.Of(
            Unsettled(intent, purse, new Refusal(RefusalReason.CardSuspect, detail)),
            new Booking(purse, Now()) { Alarm = new CardAlarm(intent.Card, detail, octets) });
    }

    private Settlement Unproven(Intent intent, HolderPurse purse, string detail) =>
        Unsettled(intent, purse, new Refusal(RefusalReason.AuthenticationFailed, detail));

    private Task<T> BookAsync<T>(
        IntentId intent, Func<HolderPurse, Intent, Decision<T>> decide, CancellationToken cancel) =>
        BookAsync(intent, (purse, known) => Task.FromResult(decide(purse, known)), cancel);

    /// <summary>The intent as open in the version of the purse that is decided on, or closed for good.</summary>
    private async Task<T> BookAsync<T>(
        IntentId intent, Func<HolderPurse, Intent, Task<Decision<T>>> decide, CancellationToken cancel)
    {
        var known = await store.FindIntentAsync(intent, cancel)
            ?? throw new ArgumentException("No such intent.", nameof(intent));
        return await BookAsync(() => store.FindAsync(known.Holder, cancel), async purse =>
        {
            var current = purse!.Open.FirstOrDefault(open => open.Id == intent)
                ?? (known.IsOpen ? await store.FindIntentAsync(intent, cancel) : known);
            return await decide(purse, current!);
        }, cancel);
    }
}
