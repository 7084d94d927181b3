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
    /// <summary>What the server knows of the field on each card that has proven it.</summary>
    public IReadOnlyList<FieldCopy> Copies { get; init; } = [];

    /// <summary>The last change recorded, but for those that another took the place of.</summary>
    public Change? Latest { get; init; }

    public FieldCopy? CopyOf(CardId card) => Copies.FirstOrDefault(copy => copy.Card == card);

    public bool IsInConflict => UnderWay.Any(one => one.Delivery.State == DeliveryState.Conflict);

    public UnderWay? Find(ChangeId change, CardId card) =>
        UnderWay.FirstOrDefault(one => one.Delivery.Change == change && one.Delivery.Card == card);

    /// <summary>Whether something newer than <paramref name="one"/> is under way to the same card.</summary>
    public bool IsOvertaken(UnderWay one) =>
        UnderWay.SkipWhile(other => other != one).Skip(1).Any(other => other.Delivery.Card == one.Delivery.Card);
}

/// <summary>A field as one card has it (docs/protocols/store.md §5).</summary>
/// <param name="Version">Last proven version; 0 where there was none.</param>
/// <param name="Content">Last proven content.</param>
/// <param name="Issued">The highest version that a WRITE was made for: the next one is above it.</param>
/// <param name="IsOpen">Whether the card took that WRITE is not known.</param>
public sealed record FieldCopy(CardId Card, ushort Version, Bytes Content, ushort Issued, bool IsOpen)
{
    /// <summary>No version above this one is left.</summary>
    public bool IsWornOut => Highest == ushort.MaxValue;

    /// <summary>The version of the next WRITE, above all there have been, where it is not worn out.</summary>
    internal ushort Next => checked((ushort)(Highest + 1));

    private ushort Highest => Math.Max(Version, Issued);
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
public sealed record FieldBooking(FieldLog Basis, RecordedChange? Recorded, IReadOnlyList<Delivery> Moved)
{
    /// <summary>What is known of the field on a card from now on.</summary>
    public FieldCopy? Copy { get; init; }
}

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

    /// <summary>Changes of every kind with their deliveries, the newest first, at most <paramref name="count"/>.</summary>
    /// <param name="before">Read on behind this one; null for the newest.</param>
    Task<IReadOnlyList<RecordedChange>> RecentAsync(ChangeId? before, int count, CancellationToken cancel);

    /// <summary>Fields of the holder that two cards changed since they last agreed.</summary>
    Task<IReadOnlyList<FieldKey>> ConflictsAsync(HolderId holder, CancellationToken cancel);
}
