using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Changes;

/// <summary>Names one field that the cards of a holder keep alike.</summary>
/// <param name="Application">Identifier of the applet that keeps it.</param>
public readonly record struct FieldKey(HolderId Holder, Bytes Application, string Field);

/// <summary>A field's changes that are under way to cards, all at one version.</summary>
/// <param name="Version">Grows with every booking; a booking made from an older version is not taken.</param>
/// <param name="Cards">The holder's cards that carry the application, but for revoked ones.</param>
/// <param name="UnderWay">
/// Deliveries that are pending, in flight or in conflict, with their changes, the oldest first.
/// </param>
public sealed record FieldLog(
    FieldKey Key, long Version, IReadOnlyList<CardId> Cards, IReadOnlyList<UnderWay> UnderWay)
{
    public bool IsInConflict => UnderWay.Any(one => one.Delivery.State == DeliveryState.Conflict);

    public UnderWay? Find(ChangeId change, CardId card) =>
        UnderWay.FirstOrDefault(one => one.Delivery.Change == change && one.Delivery.Card == card);

    /// <summary>Whether something newer than <paramref name="one"/> is under way to the same card.</summary>
    public bool IsOvertaken(UnderWay one) =>
        UnderWay.SkipWhile(other => other != one).Skip(1).Any(other => other.Delivery.Card == one.Delivery.Card);
}

/// <summary>A change and its delivery to one card.</summary>
public sealed record UnderWay(Change Change, Delivery Delivery)
{
    /// <summary>The delivery in another state; what carried it is forgotten.</summary>
    public Delivery To(DeliveryState state, DateTimeOffset now) =>
        Delivery with { State = state, Carrier = null, Time = now };
}

/// <summary>What one database transaction writes about a field: all of it, or nothing.</summary>
/// <param name="Basis">What it was decided on; not taken if the field has moved on since.</param>
/// <param name="Moved">Deliveries in their new states, and new ones of changes recorded before.</param>
public sealed record FieldBooking(FieldLog Basis, RecordedChange? Recorded, IReadOnlyList<Delivery> Moved);

/// <summary>The durable record of changes; each method is one database transaction.</summary>
public interface IChangeStore
{
    Task<FieldLog> ReadAsync(FieldKey field, CancellationToken cancel);

    /// <summary>Writes a booking, whole and durable on return.</summary>
    /// <returns>False, with nothing written, if the field has moved on from the basis of the booking.</returns>
    Task<bool> CommitAsync(FieldBooking booking, CancellationToken cancel);

    /// <summary>The change with all its deliveries.</summary>
    Task<RecordedChange?> FindAsync(ChangeId change, CancellationToken cancel);

    /// <summary>
    /// <see cref="ChangeKind.Set"/> changes that wait for a card, mandatory ones first, then the oldest; at most
    /// <paramref name="count"/>.
    /// </summary>
    Task<IReadOnlyList<UnderWay>> PendingAsync(CardId card, int count, CancellationToken cancel);

    /// <summary>Fields of the holder that two cards changed since they last agreed.</summary>
    Task<IReadOnlyList<FieldKey>> ConflictsAsync(HolderId holder, CancellationToken cancel);
}
