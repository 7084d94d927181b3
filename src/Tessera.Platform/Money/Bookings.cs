using System.Buffers.Binary;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Money;

/// <summary>Each event of a purse as the booking it makes: no I/O, no clock, nothing decided elsewhere.</summary>
internal static partial class Bookings
{
    private const string BalanceField = "balance";

    private static readonly Bytes NoS2 = new(new byte[PurseMac.Length]);

    /// <summary>A card's copy begins at zero with one add of the whole account.</summary>
    public static Booking Begin(this HolderPurse purse, CardId card, DateTimeOffset now) => new(purse, now)
    {
        Copy = new CopyStep(card, 0, 0, NoS2),
        Adds = purse.Account == 0 ? null : purse.Add(null, null, now, 0, [(card, purse.Account)]),
    };

    public static Booking Load(
        this HolderPurse purse, uint amount, AccountId funding, string what, string key, DateTimeOffset now) =>
        new(purse, now)
        {
            Entry = new LedgerEntry(
                EntryId.New(now), EntryKind.Load, what, now,
                [new Posting(funding, -amount), new Posting(purse.AccountId, amount)], key: key),
            Adds = purse.Add(null, null, now, amount, purse.ToKept(amount)),
        };

    public static Booking Refund(
        this HolderPurse purse, Intent intent, BookedMovement movement, string what, string key, DateTimeOffset now)
    {
        var (amount, merchant) = (movement.Movement.Amount, intent.Moves[movement.Alternative].Alternative.Merchant);
        return new Booking(purse, now)
        {
            Entry = new LedgerEntry(
                EntryId.New(now), EntryKind.Refund, what, now,
                [
                    new Posting(AccountId.Merchant(merchant, purse.Currency), -amount),
                    new Posting(purse.AccountId, amount),
                ],
                key: key),
            Adds = purse.Add(null, intent.Session, now, amount, purse.ToKept(amount)),
            Resolution = new LateResolution(intent.Id, LateState.Refunded),
        };
    }

    /// <summary>
    /// The card committed one alternative: value to the merchant, copies follow, what it carried has arrived.
    /// </summary>
    public static Booking Done(
        this HolderPurse purse, Intent intent, int alternative, Movement movement, uint balance, Bytes digest,
        Evidence evidence, bool late, DateTimeOffset now)
    {
        var entry = intent.Suspended
            ? movement.Kind == MoveKind.Allow
                ? purse.GiveBack(intent, purse.CopyOf(intent.Card)!, now)
                : purse.Release(intent, intent.Moves[alternative].Alternative, movement.Amount, now)
            : purse.Debit(intent, intent.Moves[alternative].Alternative, movement, now);
        var change = entry?.To(purse.AccountId) ?? 0;
        return new Booking(purse, now)
        {
            Entry = entry,
            Step = new IntentStep(
                intent.Id, IntentState.Done, intent.Suspended, Untold: late && movement.Kind == MoveKind.Debit),
            Copy = purse.CopyOf(intent.Card)!.Follow(
                new CopyStep(intent.Card, balance, intent.Number, movement.S2)),
            Limits = purse.CopyOf(intent.Card)!.Ordered(movement),
            Movement = new BookedMovement(
                intent.Card, intent.Number, movement, digest, balance, intent.Id, alternative, entry?.Id, evidence,
                late && movement.Kind == MoveKind.Debit ? intent.Moves[alternative].Owes : LateState.None,
                purse.Account + change, now),
            Adds = change == 0
                ? null
                : purse.Add(intent.Card, intent.Session, now, change, purse.ToKept(change, except: intent.Card)),
            Standing = movement.Kind == MoveKind.Reactivate ? purse.Back(intent.Card) : null,
        };
    }

    /// <summary>A card that was found is in use again; not one that was reported stolen once more.</summary>
    public static CardStanding? Back(this HolderPurse purse, CardId card) =>
        purse.CopyOf(card) is { Registration.State: CardState.Found } ? new CardStanding(card, CardState.Active) : null;

    public static Booking NotDone(this HolderPurse purse, Intent intent, DateTimeOffset now)
    {
        var step = new IntentStep(intent.Id, IntentState.NotDone, intent.Suspended, Untold: intent.IsPayment);
        if (!intent.Suspended || intent.Hold == 0) return new Booking(purse, now) { Step = step };
        return new Booking(purse, now)
        {
            Step = step,
            Entry = purse.Release(intent, null, 0, now),
            Adds = purse.Add(intent.Card, intent.Session, now, intent.Hold, purse.ToKept(intent.Hold)),
        };
    }

    /// <summary>
    /// The issuer decided that an alternative was paid by a card that is gone: to the merchant, the rest to the holder.
    /// </summary>
    public static Booking DecidedPaid(this HolderPurse purse, Intent intent, AuthorisedMove move, DateTimeOffset now)
    {
        var back = intent.Hold - move.Hold;
        return new Booking(purse, now)
        {
            Step = new IntentStep(intent.Id, IntentState.Done, intent.Suspended),
            Entry = purse.Release(intent, move.Alternative, move.Amount, now),
            Adds = back == 0
                ? null
                : purse.Add(intent.Card, intent.Session, now, back, purse.ToKept(back)),
        };
    }

    /// <summary>
    /// The card is gone for good: its hold moves to suspense, its copy is given up, and another may take its place with
    /// one add of the account.
    /// </summary>
    public static Booking Revoke(this HolderPurse purse, CardId card, CardId? replacement, DateTimeOffset now)
    {
        var open = purse.OpenOf(card);
        var hold = (open?.Hold ?? 0) + purse.CopyOf(card)!.Allowance;
        var suspend = hold == 0
            ? null
            : new LedgerEntry(
                EntryId.New(now), EntryKind.Suspend, "Card revoked", now,
                [
                    new Posting(purse.AccountId, -hold),
                    new Posting(AccountId.Suspense(card, purse.Currency), hold),
                ],
                open?.Id);
        List<(CardId, long)> adds = hold == 0 ? [] : [.. purse.ToKept(-hold, except: card)];
        if (replacement is { } successor && purse.Account != hold) adds.Add((successor, purse.Account - hold));
        return new Booking(purse, now)
        {
            Revoked = card,
            Entry = suspend,
            Step = open is null ? null : new IntentStep(open.Id, IntentState.Unknown, Suspended: true),
            Copy = replacement is { } begun ? new CopyStep(begun, 0, 0, NoS2) : null,
            Adds = adds.Count == 0 ? null : purse.Add(card, open?.Session, now, -hold, adds),
        };
    }

    /// <summary>
    /// A movement that no open intent had asked for, proven by the card: booked to suspense as far as the account can
    /// pay, the rest borne by the issuer; the card is suspect. A revoked card's goes into what suspense has of it
    /// already.
    /// </summary>
    public static Booking Unexplained(
        this HolderPurse purse, Intent displaced, PurseProof proof, Evidence evidence, DateTimeOffset now)
    {
        var debit = displaced.Suspended || proof.Movement.Kind != MoveKind.Debit ? 0L : proof.Movement.Amount;
        var paid = Math.Clamp(purse.Spendable + displaced.Hold, 0, debit);
        var entry = debit == 0 ? null : purse.Unexplained(displaced.Card, debit, paid, now);
        IEnumerable<(CardId, long)> adds = displaced.Suspended
            ? []
            : [.. purse.ToKept(-paid, except: displaced.Card), (displaced.Card, -paid - proof.Movement.Delta)];
        return new Booking(purse, now)
        {
            Entry = entry,
            Step = new IntentStep(
                displaced.Id, IntentState.NotDone, displaced.Suspended, Untold: displaced.IsPayment),
            Copy = purse.CopyOf(displaced.Card)!.Follow(
                new CopyStep(displaced.Card, proof.Balance, proof.Number, proof.Movement.S2)),
            Movement = new BookedMovement(
                displaced.Card, proof.Number, proof.Movement, proof.Digest, proof.Balance, null, -1, entry?.Id,
                evidence, LateState.None, purse.Account - paid, now),
            Adds = purse.Add(displaced.Card, displaced.Session, now, -paid, adds),
            Alarm = new CardAlarm(
                displaced.Card, "A movement that was never authorised took the number.", evidence.Octets),
        };
    }

    private static LedgerEntry Unexplained(
        this HolderPurse purse, CardId card, long debit, long paid, DateTimeOffset now)
    {
        IEnumerable<Posting> postings =
        [
            new(purse.AccountId, -paid),
            new(AccountId.Loss(purse.Currency), paid - debit),
            new(AccountId.Suspense(card, purse.Currency), debit),
        ];
        return new LedgerEntry(
            EntryId.New(now), EntryKind.Unexplained, "A movement the card proved", now,
            [.. postings.Where(posting => posting.Amount != 0)]);
    }

    private static LedgerEntry? Debit(
        this HolderPurse purse, Intent intent, Alternative alternative, Movement movement, DateTimeOffset now) =>
        alternative.Kind != MoveKind.Debit || movement.Amount == 0
            ? null
            : new LedgerEntry(
                EntryId.New(now), EntryKind.Debit, alternative.What, now,
                [
                    new Posting(purse.AccountId, -movement.Amount),
                    new Posting(AccountId.Merchant(alternative.Merchant, purse.Currency), movement.Amount),
                ],
                intent.Id);

    /// <summary>Out of suspense: what was paid to the merchant, the rest back to the holder.</summary>
    private static LedgerEntry? Release(
        this HolderPurse purse, Intent intent, Alternative? alternative, uint paid, DateTimeOffset now)
    {
        if (intent.Hold == 0) return null;
        var amount = alternative?.Kind == MoveKind.Debit ? paid : 0L;
        List<Posting> postings = [new Posting(AccountId.Suspense(intent.Card, purse.Currency), -intent.Hold)];
        if (amount > 0) postings.Add(new Posting(AccountId.Merchant(alternative!.Merchant, purse.Currency), amount));
        if (amount < intent.Hold) postings.Add(new Posting(purse.AccountId, intent.Hold - amount));
        return new LedgerEntry(
            EntryId.New(now), EntryKind.Release, alternative?.What ?? "Not paid", now, postings, intent.Id);
    }

    private static IEnumerable<(CardId Card, long Amount)> ToKept(
        this HolderPurse purse, long amount, CardId? except = null) =>
        purse.Kept.Where(copy => copy.Card != except).Select(copy => (copy.Card, amount));

    /// <summary>The account changes by <paramref name="change"/>; each card named gets an add.</summary>
    private static RecordedChange Add(
        this HolderPurse purse, CardId? origin, SessionReference? session, DateTimeOffset now, long change,
        IEnumerable<(CardId Card, long Amount)> adds)
    {
        var id = ChangeId.New(now);
        return new RecordedChange(
            new Change(
                id, purse.Holder, PurseCommands.Aid, BalanceField, origin, Octets(purse.Account),
                Octets(purse.Account + change), ChangeKind.Add, DeliveryPolicy.Mandatory, session, now),
            [
                .. adds.Where(add => add.Amount != 0)
                    .Select(add => new Delivery(id, add.Card, DeliveryState.Pending, add.Amount, null, now)),
            ]);
    }

    private static Bytes Octets(long value)
    {
        var octets = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(octets, value);
        return new Bytes(octets);
    }
}
