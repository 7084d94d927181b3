using Tessera.Cards;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>Changes and deliveries in lists.</summary>
internal sealed class MemoryChangeStore(MemoryHolderStore holders, Power power) : IChangeStore
{
    private readonly Lock _gate = new();
    private readonly List<Change> _changes = [];
    private readonly Dictionary<(ChangeId Change, CardId Card), Delivery> _deliveries = [];
    private readonly Dictionary<FieldKey, long> _versions = [];
    private readonly Dictionary<(FieldKey Field, CardId Card), FieldCopy> _copies = [];

    public Task<FieldLog> ReadAsync(FieldKey field, CancellationToken cancel)
    {
        lock (_gate)
        {
            var changes = _changes.Where(change => KeyOf(change) == field).ToList();
            return Task.FromResult(new FieldLog(
                field, _versions.GetValueOrDefault(field),
                [
                    .. holders.Cards.Values.Where(card => card.Holder == field.Holder && card.Carries(field.Application))
                        .Select(card => card.Card).OrderBy(card => card.Value),
                ],
                [
                    .. changes.SelectMany(change => DeliveriesOf(change.Id).Select(one => new UnderWay(change, one)))
                        .Where(one => one.Delivery.State is DeliveryState.Pending or DeliveryState.InFlight or DeliveryState.Conflict),
                ])
            {
                Copies = [.. _copies.Where(copy => copy.Key.Field == field).Select(copy => copy.Value)],
                Latest = changes.LastOrDefault(change => DeliveriesOf(change.Id).All(one => one.State != DeliveryState.Superseded)),
            });
        }
    }

    public Task<bool> CommitAsync(FieldBooking booking, CancellationToken cancel)
    {
        lock (_gate)
        {
            return Task.FromResult(power.Write(() =>
            {
                var key = booking.Basis.Key;
                if (_versions.GetValueOrDefault(key) != booking.Basis.Version) return false;
                _versions[key] = booking.Basis.Version + 1;
                if (booking.Recorded is { } recorded) _changes.Add(recorded.Change);
                foreach (var one in booking.Moved.Concat(booking.Recorded?.Deliveries ?? [])) _deliveries[(one.Change, one.Card)] = one;
                if (booking.Copy is { } copy) _copies[(key, copy.Card)] = copy;
                return true;
            }));
        }
    }

    public Task<RecordedChange?> FindAsync(ChangeId change, CancellationToken cancel)
    {
        lock (_gate)
        {
            return Task.FromResult(
                _changes.Find(one => one.Id == change) is { } found ? new RecordedChange(found, DeliveriesOf(change)) : null);
        }
    }

    public Task<IReadOnlyList<UnderWay>> PendingAsync(CardId card, int count, CancellationToken cancel)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<UnderWay>>(
            [
                .. _changes.SelectMany(change => DeliveriesOf(change.Id).Select(one => new UnderWay(change, one)))
                    .Where(one => one.Delivery.Card == card && one.Delivery.State == DeliveryState.Pending).Take(count),
            ]);
        }
    }

    public Task<IReadOnlyList<RecordedChange>> RecentAsync(ChangeId? before, int count, CancellationToken cancel)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<RecordedChange>>(
                [.. _changes.AsEnumerable().Reverse().Take(count).Select(change => new RecordedChange(change, DeliveriesOf(change.Id)))]);
        }
    }

    public Task<IReadOnlyList<FieldKey>> ConflictsAsync(HolderId holder, CancellationToken cancel)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<FieldKey>>(
            [
                .. _changes.Where(change => DeliveriesOf(change.Id).Any(one => one.State == DeliveryState.Conflict))
                    .Select(KeyOf).Distinct(),
            ]);
        }
    }

    private Delivery[] DeliveriesOf(ChangeId change) => [.. _deliveries.Values.Where(one => one.Change == change)];

    private static FieldKey KeyOf(Change change) => new(change.Holder, change.Application, change.Field);
}
