using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Storage.Changes;
using Tessera.Storage.Tests.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Changes;

/// <summary>What cards prove of their fields, in the database.</summary>
public class FieldCopyTests
{
    private static readonly Bytes Section = Bytes.FromHex("F0544553534552410210");
    private static readonly Bytes English = Bytes.FromHex("656E");
    private static readonly Bytes French = Bytes.FromHex("6672");

    private readonly SessionReference _session = SessionReference.New(DateTimeOffset.UnixEpoch);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_card_proves_is_a_change_once_it_is_known()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (card, other) = (await AddAsync(issuer, 1, StoreCommands.Aid), await AddAsync(issuer, 2, Section));
        await AddAsync(issuer, 3, PurseCommands.Aid);
        var field = new FieldKey(issuer.Holder, Section, "seat");

        Assert.True(await ProveAsync(issuer, field, card, 1, English));
        Assert.True(await ProveAsync(issuer, field, card, 2, French));
        Assert.True(await ProveAsync(issuer, field, card, 2, French));

        var recorded = Assert.Single(await Store(issuer).RecentAsync(null, 10, Cancel));
        Assert.Equal((English, French, card), (recorded.Change.Prior, recorded.Change.New, recorded.Change.Card));
        Assert.Equal((other, DeliveryState.Pending), (recorded.Deliveries[0].Card, recorded.Deliveries[0].State));
        Assert.Single(recorded.Deliveries);
        Assert.Empty(await Store(issuer).RecentAsync(recorded.Change.Id, 10, Cancel));
    }

    [Fact]
    public async Task What_no_true_card_can_have_is_not_believed()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await AddAsync(issuer, 1, StoreCommands.Aid);
        var field = new FieldKey(issuer.Holder, Section, "seat");
        await ProveAsync(issuer, field, card, 5, English);

        Assert.False(await ProveAsync(issuer, field, card, 4, English));
        Assert.False(await ProveAsync(issuer, field, card, 5, French));

        var copy = (await Store(issuer).ReadAsync(field, Cancel)).CopyOf(card);
        Assert.Equal(new FieldCopy(card, 5, English, 5, IsOpen: false), copy);
    }

    [Fact]
    public async Task A_delivery_is_issued_above_all_versions_and_survives_a_restart_in_flight()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (card, other) = (await AddAsync(issuer, 1, StoreCommands.Aid), await AddAsync(issuer, 2, StoreCommands.Aid));
        var field = new FieldKey(issuer.Holder, Section, "seat");
        await ProveAsync(issuer, field, card, 7, English);
        var change = (await Log(issuer).RecordAsync(
            field, other, English, French, DeliveryPolicy.Mandatory, _session, Cancel)).Change.Id;

        Assert.Equal((ushort)8, await Log(issuer).IssueAsync(field, card, change, _session, Cancel));
        Assert.Equal((ushort)9, await Log(issuer).IssueAsync(field, card, change, _session, Cancel));
        Assert.Null(await Log(issuer).IssueAsync(field, card, change, SessionReference.New(DateTimeOffset.UnixEpoch), Cancel));
        await issuer.StartAsync();
        Assert.True((await Store(issuer).ReadAsync(field, Cancel)).CopyOf(card)!.IsOpen);

        Assert.True(await ProveAsync(issuer, field, card, 8, French));

        var log = await Store(issuer).ReadAsync(field, Cancel);
        Assert.Equal(new FieldCopy(card, 8, French, 9, IsOpen: false), log.CopyOf(card));
        Assert.Empty(log.UnderWay);
        Assert.Single(await Store(issuer).RecentAsync(null, 10, Cancel));
    }

    [Fact]
    public async Task A_delivery_that_did_not_arrive_waits_again()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (card, other) = (await AddAsync(issuer, 1, StoreCommands.Aid), await AddAsync(issuer, 2, StoreCommands.Aid));
        var field = new FieldKey(issuer.Holder, Section, "seat");
        await ProveAsync(issuer, field, card, 1, English);
        var change = (await Log(issuer).RecordAsync(
            field, other, English, French, DeliveryPolicy.Optional, _session, Cancel)).Change.Id;
        await Log(issuer).IssueAsync(field, card, change, _session, Cancel);

        Assert.True(await ProveAsync(issuer, field, card, 1, English));

        Assert.Equal(change, Assert.Single(await Log(issuer).PendingAsync(card, Cancel)).Change.Id);
        Assert.Equal((ushort)3, await Log(issuer).IssueAsync(field, card, change, _session, Cancel));
    }

    [Fact]
    public async Task A_card_that_was_issued_later_gets_the_last_change()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await AddAsync(issuer, 1, StoreCommands.Aid);
        var field = new FieldKey(issuer.Holder, Section, "seat");
        await ProveAsync(issuer, field, card, 1, English);
        await ProveAsync(issuer, field, card, 2, French);
        var late = await AddAsync(issuer, 2, StoreCommands.Aid);

        Assert.True(await Log(issuer).WelcomeAsync(field, late, Cancel));
        Assert.False(await Log(issuer).WelcomeAsync(field, late, Cancel));
        Assert.False(await Log(issuer).WelcomeAsync(field, card, Cancel));

        var waiting = Assert.Single(await Log(issuer).PendingAsync(late, Cancel));
        Assert.Equal(French, waiting.Change.New);
        Assert.False(await Log(issuer).AgreesAsync(field, waiting.Change.Id, late, Cancel));
        await ProveAsync(issuer, field, late, 1, French);
        Assert.True(await Log(issuer).AgreesAsync(field, waiting.Change.Id, late, Cancel));
        Assert.Empty(await Log(issuer).PendingAsync(late, Cancel));
    }

    private Task<bool> ProveAsync(Issuer issuer, FieldKey field, CardId card, ushort version, Bytes content) =>
        Log(issuer).ProvenAsync(field, card, version, content, DeliveryPolicy.Optional, _session, Cancel);

    private static SqliteChangeStore Store(Issuer issuer) => new(issuer.Database);

    private static ChangeLog Log(Issuer issuer) => new(Store(issuer), TimeProvider.System);

    private static async Task<CardId> AddAsync(Issuer issuer, ulong id, Bytes application)
    {
        await issuer.Holders.RegisterAsync(
            new CardRegistration(
                new CardId(id), issuer.Holder, CardKind.Iso, [application], 1, 0, 0, CardState.Active, DateTimeOffset.UnixEpoch),
            Cancel);
        return new CardId(id);
    }
}
