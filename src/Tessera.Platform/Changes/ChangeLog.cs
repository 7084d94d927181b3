using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Changes;

/// <summary>
/// Keeps the fields of a holder's cards alike: what is changed on one is recorded and brought to the others, and what
/// two changed at once is left to the holder. (Money has its own log: <see cref="Money.Treasury"/>.)
/// </summary>
public sealed partial class ChangeLog(IChangeStore store, TimeProvider time)
{
    /// <summary>Most changes offered to one card at a time.</summary>
    public const int MaxOffers = 32;

    private const int MaxAttempts = 32;

    /// <summary>
    /// Records what was changed on a card. Each other card that carries the application gets a delivery, which takes
    /// the place of those that wait there; if the card had not yet seen what waits for it, the field is in conflict
    /// instead.
    /// </summary>
    /// <param name="card">Where it was changed; none if the issuer changed it.</param>
    /// <param name="prior">The value that the change replaced on that card.</param>
    public Task<RecordedChange> RecordAsync(
        FieldKey field, CardId? card, Bytes prior, Bytes value, DeliveryPolicy policy, SessionReference? session,
        CancellationToken cancel) =>
        BookAsync(field, log =>
        {
            var (recorded, moved) = Record(log, card, prior, value, policy, session, Now());
            return (recorded, new FieldBooking(log, recorded, moved));
        }, cancel);

    private static (RecordedChange Recorded, IReadOnlyList<Delivery> Moved) Record(
        FieldLog log, CardId? card, Bytes prior, Bytes value, DeliveryPolicy policy, SessionReference? session,
        DateTimeOffset now)
    {
        var field = log.Key;
        var change = new Change(
            ChangeId.New(now), field.Holder, field.Application, field.Field, card, prior, value, ChangeKind.Set,
            policy, session, now);
        var waiting = log.UnderWay.LastOrDefault(one => one.Delivery.Card == card);
        var conflict = log.IsInConflict ||
            (waiting is not null && waiting.Change.New != value && waiting.Change.New != prior);
        var state = conflict ? DeliveryState.Conflict : DeliveryState.Pending;
        var recorded = new RecordedChange(
            change,
            [
                .. log.Cards.Where(other => other != card)
                    .Select(other => new Delivery(change.Id, other, state, 0, null, now)),
            ]);
        IEnumerable<Delivery> moved = conflict
            ? log.UnderWay.Select(one => one.To(DeliveryState.Conflict, now))
            : log.UnderWay.Where(one => one.Delivery.State == DeliveryState.Pending || one.Delivery.Card == card)
                .Select(one => one.To(one == waiting ? DeliveryState.Downloaded : DeliveryState.Superseded, now));
        return (recorded, [.. moved]);
    }

    /// <summary>
    /// What waits for a card that comes into contact, mandatory ones first: download these, offer the others.
    /// </summary>
    public Task<IReadOnlyList<UnderWay>> PendingAsync(CardId card, CancellationToken cancel) =>
        store.PendingAsync(card, MaxOffers, cancel);

    /// <summary>A script that writes the change to the card is about to be sent.</summary>
    /// <returns>False if the change does not wait for that card any more.</returns>
    public Task<bool> CarryAsync(ChangeId change, CardId card, SessionReference session, CancellationToken cancel) =>
        MoveAsync(
            change, card, DeliveryState.Pending,
            (_, one) => one.Delivery with { State = DeliveryState.InFlight, Carrier = session.Value, Time = Now() },
            cancel);

    /// <summary>The card has proven that it has the value.</summary>
    public Task<bool> DownloadedAsync(ChangeId change, CardId card, CancellationToken cancel) =>
        MoveAsync(change, card, DeliveryState.InFlight, (_, one) => one.To(DeliveryState.Downloaded, Now()), cancel);

    /// <summary>
    /// The card has proven that it has not got the value: it waits again, unless something newer does.
    /// </summary>
    public Task<bool> NotDownloadedAsync(ChangeId change, CardId card, CancellationToken cancel) =>
        MoveAsync(
            change, card, DeliveryState.InFlight,
            (log, one) => one.To(log.IsOvertaken(one) ? DeliveryState.Superseded : DeliveryState.Pending, Now()),
            cancel);

    /// <summary>The holder does not want the change on this card.</summary>
    /// <exception cref="ArgumentException">The change is mandatory.</exception>
    public Task<bool> DeclineAsync(ChangeId change, CardId card, CancellationToken cancel) =>
        MoveAsync(
            change, card, DeliveryState.Pending,
            (_, one) => one.Change.Policy == DeliveryPolicy.Optional
                ? one.To(DeliveryState.Declined, Now())
                : throw new ArgumentException("A mandatory change cannot be declined.", nameof(change)),
            cancel);

    /// <summary>Fields of the holder that wait for a choice.</summary>
    public Task<IReadOnlyList<FieldKey>> ConflictsAsync(HolderId holder, CancellationToken cancel) =>
        store.ConflictsAsync(holder, cancel);

    /// <summary>The changes of a field among which the holder has to choose, the oldest first.</summary>
    public async Task<IReadOnlyList<Change>> ChoicesAsync(FieldKey field, CancellationToken cancel) =>
    [
        .. (await store.ReadAsync(field, cancel)).UnderWay
            .Where(one => one.Delivery.State == DeliveryState.Conflict)
            .Select(one => one.Change).DistinctBy(change => change.Id),
    ];

    /// <summary>
    /// The holder has chosen: that change goes to every card but those that have its value, for each may have got
    /// another meanwhile; the others are superseded.
    /// </summary>
    /// <returns>False if the change is in no conflict any more.</returns>
    public async Task<bool> ChooseAsync(ChangeId chosen, CancellationToken cancel) =>
        await store.FindAsync(chosen, cancel) is { } found && await BookAsync(KeyOf(found.Change), log =>
        {
            var open = log.UnderWay.Where(one => one.Delivery.State == DeliveryState.Conflict).ToList();
            if (open.TrueForAll(one => one.Change.Id != chosen)) return (false, null);
            var now = Now();
            return (true, new FieldBooking(log, null,
            [
                .. open.Select(one => one.To(DeliveryState.Superseded, now)),
                .. log.Cards.Select(card => new Delivery(
                    chosen, card, Has(log, card, found.Change.New) ? DeliveryState.Downloaded : DeliveryState.Pending, 0,
                    null, now)),
            ]));
        }, cancel);

    /// <summary>Whether the holder chose that change: then it went to the card that it was made on, too.</summary>
    public async Task<bool> IsChosenAsync(ChangeId change, CancellationToken cancel) =>
        await store.FindAsync(change, cancel) is { } found &&
        found.Deliveries.Any(delivery => delivery.Card == found.Change.Card);

    private static bool Has(FieldLog log, CardId card, Bytes content) =>
        log.CopyOf(card) is { IsOpen: false } copy && copy.Content == content;

    private async Task<bool> MoveAsync(
        ChangeId change, CardId card, DeliveryState from, Func<FieldLog, UnderWay, Delivery> move,
        CancellationToken cancel) =>
        await store.FindAsync(change, cancel) is { } found && await BookAsync(KeyOf(found.Change), log =>
            log.Find(change, card) is { } one && one.Delivery.State == from
                ? (true, new FieldBooking(log, null, [move(log, one)]))
                : (false, null), cancel);

    private async Task<T> BookAsync<T>(
        FieldKey field, Func<FieldLog, (T Outcome, FieldBooking? Booking)> decide, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (outcome, booking) = decide(await store.ReadAsync(field, cancel));
            if (booking is null || await store.CommitAsync(booking, cancel)) return outcome;
        }

        throw new TimeoutException($"The field moved on {MaxAttempts} times before a decision on it was written.");
    }

    private static FieldKey KeyOf(Change change) => new(change.Holder, change.Application, change.Field);

    /// <summary>To the millisecond, as it is kept.</summary>
    private DateTimeOffset Now() =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
