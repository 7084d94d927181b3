using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Storage.Changes;
using Tessera.Storage.Tests.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Changes;

public class ConvergenceTests
{
    private const int Steps = 60;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task However_cards_are_changed_apart_they_agree_in_the_end(int seed)
    {
        await using var issuer = await Issuer.OpenAsync(seed);
        var random = issuer.Random;
        var log = new ChangeLog(new SqliteChangeStore(issuer.Database), TimeProvider.System);
        var field = new FieldKey(issuer.Holder, StoreCommands.Aid, "seat");
        var values = new Dictionary<CardId, Bytes>();
        for (var id = 1ul; id <= 4; id++) values[await RegisterAsync(issuer, id)] = Bytes.Empty;

        for (var step = 0; step < Steps; step++)
        {
            var card = new CardId((ulong)random.Next(1, 5));
            if (random.Next(3) == 0) await ChangeAsync(card, new Bytes(new[] { (byte)random.Next(1, 6) }));
            else await DownloadAsync(card, arrives: random.Next(3) > 0, proven: random.Next(3) > 0);
            if (random.Next(6) == 0) await ChooseAsync();
        }

        await ChooseAsync();
        foreach (var card in values.Keys) await DownloadAsync(card, arrives: true, proven: true);
        Assert.Single(values.Values.Distinct());
        foreach (var card in values.Keys) Assert.Empty(await log.PendingAsync(card, Cancel));

        async Task ChangeAsync(CardId card, Bytes value)
        {
            await ProveAsync(card);
            var prior = values[card];
            values[card] = value;
            await log.RecordAsync(field, card, prior, value, DeliveryPolicy.Mandatory, null, Cancel);
        }

        async Task DownloadAsync(CardId card, bool arrives, bool proven)
        {
            await ProveAsync(card);
            if (await log.PendingAsync(card, Cancel) is not [.., var offer]) return;
            Assert.True(await log.CarryAsync(offer.Change.Id, card, new SessionReference(Guid.NewGuid()), Cancel));
            if (arrives) values[card] = offer.Change.New;
            if (proven) await ProveAsync(card);
        }

        async Task ProveAsync(CardId card)
        {
            var store = new SqliteChangeStore(issuer.Database);
            foreach (var one in (await store.ReadAsync(field, Cancel)).UnderWay)
            {
                if (one.Delivery.Card != card || one.Delivery.State != DeliveryState.InFlight) continue;
                if (values[card] == one.Change.New) await log.DownloadedAsync(one.Change.Id, card, Cancel);
                else await log.NotDownloadedAsync(one.Change.Id, card, Cancel);
            }
        }

        async Task ChooseAsync()
        {
            if (await log.ConflictsAsync(issuer.Holder, Cancel) is not [var conflict]) return;
            var choices = await log.ChoicesAsync(conflict, Cancel);
            Assert.True(await log.ChooseAsync(choices[random.Next(choices.Count)].Id, Cancel));
            Assert.Empty(await log.ConflictsAsync(issuer.Holder, Cancel));
        }
    }

    private static async Task<CardId> RegisterAsync(Issuer issuer, ulong id)
    {
        var card = new CardRegistration(
            new CardId(id), issuer.Holder, CardKind.Sim, [StoreCommands.Aid], 1, 0, 0, CardState.Active,
            DateTimeOffset.UnixEpoch);
        await issuer.Holders.RegisterAsync(card, Cancel);
        return card.Card;
    }
}
