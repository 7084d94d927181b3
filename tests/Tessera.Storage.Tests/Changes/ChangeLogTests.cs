using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Storage.Changes;
using Tessera.Storage.Tests.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Changes;

public class ChangeLogTests
{
    private static readonly Bytes English = Bytes.FromHex("656E");
    private static readonly Bytes French = Bytes.FromHex("6672");
    private static readonly Bytes German = Bytes.FromHex("6465");

    private readonly SessionReference _session = SessionReference.New(DateTimeOffset.UnixEpoch);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_waits_for_every_other_card_with_the_application()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (log, field, cards) = await BeginAsync(issuer);
        await issuer.RegisterAsync();

        var recorded = await SetAsync(log, field, cards[0], English, French);

        Assert.Equal([cards[1], cards[2]], recorded.Deliveries.Select(delivery => delivery.Card));
        Assert.Empty(await log.PendingAsync(cards[0], Cancel));
        await issuer.StartAsync();
        var offer = Assert.Single(await new ChangeLog(
            new SqliteChangeStore(issuer.Database), TimeProvider.System).PendingAsync(cards[1], Cancel));
        Assert.Equal((recorded.Change, DeliveryState.Pending), (offer.Change, offer.Delivery.State));
    }

    [Fact]
    public async Task Mandatory_changes_come_first()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (log, field, cards) = await BeginAsync(issuer);
        var colour = field with { Field = "colour" };
        var optional = await SetAsync(log, colour, cards[0], English, French, DeliveryPolicy.Optional);
        var mandatory = await SetAsync(log, field, cards[0], English, French);

        Assert.Equal(
            [mandatory.Change.Id, optional.Change.Id],
            (await log.PendingAsync(cards[1], Cancel)).Select(offer => offer.Change.Id));
    }

    [Fact]
    public async Task An_optional_change_may_be_declined_and_a_mandatory_one_may_not()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (log, field, cards) = await BeginAsync(issuer);
        var optional = (await SetAsync(log, field, cards[0], English, French, DeliveryPolicy.Optional)).Change.Id;
        var mandatory = (await SetAsync(log, field with { Field = "x" }, cards[0], English, French)).Change.Id;

        Assert.True(await log.DeclineAsync(optional, cards[1], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => log.DeclineAsync(mandatory, cards[1], Cancel));

        Assert.Equal(DeliveryState.Declined, await StateAsync(issuer, optional, cards[1]));
        Assert.Equal(DeliveryState.Pending, await StateAsync(issuer, optional, cards[2]));
        Assert.False(await log.CarryAsync(optional, cards[1], _session, Cancel));
    }

    [Fact]
    public async Task A_download_is_in_flight_until_the_card_has_proven_either_way()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (log, field, cards) = await BeginAsync(issuer);
        var change = (await SetAsync(log, field, cards[0], English, French)).Change.Id;

        Assert.False(await log.DownloadedAsync(change, cards[1], Cancel));
        Assert.True(await log.CarryAsync(change, cards[1], _session, Cancel));
        Assert.Empty(await log.PendingAsync(cards[1], Cancel));
        Assert.True(await log.NotDownloadedAsync(change, cards[1], Cancel));
        Assert.Single(await log.PendingAsync(cards[1], Cancel));
        Assert.True(await log.CarryAsync(change, cards[1], _session, Cancel));
        Assert.True(await log.DownloadedAsync(change, cards[1], Cancel));

        Assert.Equal(DeliveryState.Downloaded, await StateAsync(issuer, change, cards[1]));
    }

    [Fact]
    public async Task A_newer_change_takes_the_place_of_one_that_waits()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (log, field, cards) = await BeginAsync(issuer);
        var first = (await SetAsync(log, field, cards[0], English, French)).Change.Id;
        await log.CarryAsync(first, cards[1], _session, Cancel);
        var second = (await SetAsync(log, field, cards[0], French, German)).Change.Id;

        Assert.Equal(DeliveryState.InFlight, await StateAsync(issuer, first, cards[1]));
        Assert.Equal(DeliveryState.Superseded, await StateAsync(issuer, first, cards[2]));
        Assert.True(await log.NotDownloadedAsync(first, cards[1], Cancel));
        Assert.Equal(DeliveryState.Superseded, await StateAsync(issuer, first, cards[1]));
        Assert.Equal(second, Assert.Single(await log.PendingAsync(cards[1], Cancel)).Change.Id);
    }

    [Fact]
    public async Task Two_cards_that_change_a_field_apart_are_in_conflict_until_the_holder_chooses()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (log, field, cards) = await BeginAsync(issuer);
        var french = (await SetAsync(log, field, cards[0], English, French)).Change.Id;
        var german = (await SetAsync(log, field, cards[1], English, German)).Change.Id;

        Assert.Equal([field], await log.ConflictsAsync(issuer.Holder, Cancel));
        Assert.Equal([french, german], (await log.ChoicesAsync(field, Cancel)).Select(change => change.Id));
        foreach (var card in cards) Assert.Empty(await log.PendingAsync(card, Cancel));

        Assert.True(await log.ChooseAsync(german, Cancel));

        Assert.Empty(await log.ConflictsAsync(issuer.Holder, Cancel));
        foreach (var card in cards)
            Assert.Equal(german, Assert.Single(await log.PendingAsync(card, Cancel)).Change.Id);
        Assert.Equal(DeliveryState.Superseded, await StateAsync(issuer, french, cards[1]));
        Assert.False(await log.ChooseAsync(french, Cancel));
    }

    [Theory]
    [InlineData("6672", "6465")]
    [InlineData("656E", "6672")]
    public async Task A_card_that_had_seen_the_change_or_made_the_same_is_in_no_conflict(string prior, string value)
    {
        await using var issuer = await Issuer.OpenAsync();
        var (log, field, cards) = await BeginAsync(issuer);
        var first = (await SetAsync(log, field, cards[0], English, French)).Change.Id;

        await SetAsync(log, field, cards[1], Bytes.FromHex(prior), Bytes.FromHex(value));

        Assert.Empty(await log.ConflictsAsync(issuer.Holder, Cancel));
        Assert.Equal(DeliveryState.Downloaded, await StateAsync(issuer, first, cards[1]));
        Assert.Equal(Bytes.FromHex(value), Assert.Single(await log.PendingAsync(cards[2], Cancel)).Change.New);
    }

    [Fact]
    public async Task A_booking_decided_on_an_older_version_is_not_taken()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (log, field, cards) = await BeginAsync(issuer);
        var store = new SqliteChangeStore(issuer.Database);
        var basis = await store.ReadAsync(field, Cancel);
        await SetAsync(log, field, cards[0], English, French);

        Assert.False(await store.CommitAsync(new FieldBooking(basis, null, []), Cancel));
    }

    private static async Task<(ChangeLog Log, FieldKey Field, CardId[] Cards)> BeginAsync(Issuer issuer)
    {
        List<CardId> cards = [];
        for (var id = 1ul; id <= 3; id++)
        {
            await issuer.Holders.RegisterAsync(
                new CardRegistration(
                    new CardId(id), issuer.Holder, CardKind.Sim, [StoreCommands.Aid], 1, 0, 0, CardState.Active,
                    DateTimeOffset.UnixEpoch),
                Cancel);
            cards.Add(new CardId(id));
        }

        return (
            new ChangeLog(new SqliteChangeStore(issuer.Database), TimeProvider.System),
            new FieldKey(issuer.Holder, StoreCommands.Aid, "language"),
            [.. cards]);
    }

    private Task<RecordedChange> SetAsync(
        ChangeLog log, FieldKey field, CardId card, Bytes prior, Bytes value,
        DeliveryPolicy policy = DeliveryPolicy.Mandatory) =>
        log.RecordAsync(field, card, prior, value, policy, _session, Cancel);

    private static async Task<DeliveryState> StateAsync(Issuer issuer, ChangeId change, CardId card) =>
        (await new SqliteChangeStore(issuer.Database).FindAsync(change, Cancel))!
        .Deliveries.Single(delivery => delivery.Card == card).State;
}
