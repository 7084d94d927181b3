using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Changes;

public sealed partial class ChangeLog
{
    /// <summary>A field as it stands.</summary>
    public Task<FieldLog> FindAsync(FieldKey field, CancellationToken cancel) => store.ReadAsync(field, cancel);

    /// <summary>
    /// A card that the field has never met gets what was changed last: it was registered after that was recorded.
    /// </summary>
    public Task<bool> WelcomeAsync(FieldKey field, CardId card, CancellationToken cancel) => BookAsync(field, log =>
        log.Latest is { } latest && latest.Card != card && log.Cards.Contains(card) && log.CopyOf(card) is null &&
        !log.IsInConflict && log.UnderWay.All(one => one.Delivery.Card != card)
            ? (true, new FieldBooking(log, null, [new Delivery(latest.Id, card, DeliveryState.Pending, 0, null, Now())]))
            : (false, (FieldBooking?)null), cancel);

    /// <summary>
    /// A script that writes the field of a card is about to be made: the version for it, above all there have been. A
    /// delivery is in flight from now on.
    /// </summary>
    /// <returns>Null if the delivery does not wait any more, or the field is worn out.</returns>
    public Task<ushort?> IssueAsync(
        FieldKey field, CardId card, ChangeId? delivery, SessionReference session, CancellationToken cancel) =>
        BookAsync<ushort?>(field, log =>
        {
            var copy = log.CopyOf(card) ?? new FieldCopy(card, 0, Bytes.Empty, 0, IsOpen: false);
            var carried = delivery is { } change ? log.Find(change, card)?.Delivery : null;
            if (copy.IsWornOut || (delivery is not null && !MayCarry(carried, session))) return (null, null);
            var version = copy.Next;
            Delivery[] moved = carried is null
                ? []
                : [carried with { State = DeliveryState.InFlight, Carrier = session.Value, Time = Now() }];
            return (version, new FieldBooking(log, null, moved) { Copy = copy with { Issued = version, IsOpen = true } });
        }, cancel);

    /// <summary>
    /// The card has proven what it has (docs/protocols/store.md §5): what was in flight has arrived or waits again, and
    /// what nobody brought there was changed there. The same proof again changes nothing.
    /// </summary>
    /// <param name="policy">Of the change, if it is one; null where it stays on its card and is none.</param>
    /// <returns>False, with nothing written, if a true card cannot have that.</returns>
    public Task<bool> ProvenAsync(
        FieldKey field, CardId card, ushort version, Bytes content, DeliveryPolicy? policy, SessionReference session,
        CancellationToken cancel) =>
        BookAsync(field, log =>
        {
            var copy = log.CopyOf(card);
            if (version < copy?.Version || (version == copy?.Version && content != copy.Content)) return (false, null);
            var proven = new FieldCopy(card, version, content, Math.Max(version, copy?.Issued ?? 0), IsOpen: false);
            if (proven == copy && !log.UnderWay.Any(one => IsInFlight(one, card))) return (true, null);

            var arrived = log.UnderWay.LastOrDefault(one => IsInFlight(one, card) && one.Change.New == content);
            var isNew = version > (copy?.Version ?? version);
            if (!isNew || arrived is not null || content == copy!.Content || policy is null)
                return (true, new FieldBooking(log, null, Settled(log, card, isNew ? arrived : null)) { Copy = proven });

            var (recorded, moved) = Record(log, card, copy.Content, content, policy.Value, session, Now());
            return (true, new FieldBooking(log, recorded, moved) { Copy = proven });
        }, cancel);

    /// <summary>The card is known to have already what waits for it.</summary>
    public Task<bool> AgreesAsync(FieldKey field, ChangeId change, CardId card, CancellationToken cancel) =>
        BookAsync(field, log =>
            log.Find(change, card) is { Delivery.State: DeliveryState.Pending } one &&
            log.CopyOf(card)?.Content == one.Change.New
                ? (true, new FieldBooking(log, null, [one.To(DeliveryState.Downloaded, Now())]))
                : (false, (FieldBooking?)null), cancel);

    private static bool MayCarry(Delivery? delivery, SessionReference session) =>
        delivery?.State == DeliveryState.Pending ||
        (delivery?.State == DeliveryState.InFlight && delivery.Carrier == session.Value);

    private static bool IsInFlight(UnderWay one, CardId card) =>
        one.Delivery.Card == card && one.Delivery.State == DeliveryState.InFlight;

    /// <summary>What was in flight to the card: one of it has arrived, or none.</summary>
    private List<Delivery> Settled(FieldLog log, CardId card, UnderWay? arrived) =>
    [
        .. log.UnderWay.Where(one => IsInFlight(one, card)).Select(one => one.To(
            one == arrived ? DeliveryState.Downloaded
            : log.IsOvertaken(one) ? DeliveryState.Superseded : DeliveryState.Pending, Now())),
    ];
}
