using Tessera.Cards;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Changes;

public class ChangeLogTests
{
    private static readonly FieldKey Field = new(new HolderId(Guid.Empty), Bytes.FromHex("F0"), "seat");
    private static readonly CardId Card = new(1);
    private static readonly CardId Other = new(2);

    [Fact]
    public void A_delivery_is_overtaken_by_a_younger_one_to_the_same_card_only()
    {
        UnderWay[] underWay = [Under(1, Card), Under(2, Other), Under(3, Card)];
        var log = new FieldLog(Field, 1, [Card, Other], underWay);

        Assert.Equal([true, false, false], underWay.Select(log.IsOvertaken));
        Assert.Equal(underWay[1], log.Find(underWay[1].Change.Id, Other));
        Assert.Null(log.Find(underWay[1].Change.Id, Card));
        Assert.False(log.IsInConflict);
    }

    [Fact]
    public async Task A_field_that_moves_on_each_time_is_given_up()
    {
        var log = new ChangeLog(new RestlessStore(), TimeProvider.System);

        await Assert.ThrowsAsync<TimeoutException>(() => log.RecordAsync(
            Field, Card, Bytes.Empty, Bytes.FromHex("01"), DeliveryPolicy.Mandatory, null,
            TestContext.Current.CancellationToken));
    }

    private static UnderWay Under(byte id, CardId card)
    {
        var change = new ChangeId(new Guid(id, 0, 0, new byte[8]));
        return new UnderWay(
            new Change(
                change, Field.Holder, Field.Application, Field.Field, null, Bytes.Empty, Bytes.Empty, ChangeKind.Set,
                DeliveryPolicy.Mandatory, null, default),
            new Delivery(change, card, DeliveryState.Pending, 0, null, default));
    }

    /// <summary>Somebody else always writes first.</summary>
    private sealed class RestlessStore : IChangeStore
    {
        public Task<FieldLog> ReadAsync(FieldKey field, CancellationToken cancel) =>
            Task.FromResult(new FieldLog(field, 0, [Card, Other], []));

        public Task<bool> CommitAsync(FieldBooking booking, CancellationToken cancel) => Task.FromResult(false);

        public Task<RecordedChange?> FindAsync(ChangeId change, CancellationToken cancel) =>
            Task.FromResult<RecordedChange?>(null);

        public Task<IReadOnlyList<RecordedChange>> RecentAsync(ChangeId? before, int count, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<RecordedChange>>([]);

        public Task<IReadOnlyList<UnderWay>> PendingAsync(CardId card, int count, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<UnderWay>>([]);

        public Task<IReadOnlyList<FieldKey>> ConflictsAsync(HolderId holder, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<FieldKey>>([]);
    }
}
