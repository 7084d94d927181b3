using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Lab;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Server.Cards;
using Tessera.Server.Hosting;
using Tessera.Storage.Gateway;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Cards;

public sealed class CardIssuingTests : IAsyncLifetime
{
    private static readonly CardId First = new(1);
    private static readonly CardId Sim = new(2);
    private static readonly CardId Clone = new(3);

    private readonly TempFolder _data = new();
    private DataFolder _folder = null!;
    private SqliteHolderStore _holders = null!;
    private SqliteMoneyStore _money = null!;
    private SqliteGatewayStore _gateway = null!;
    private CardIssuing _issuing = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _folder = await DataFolder.OpenAsync(new ServerOptions { Data = _data.Path }, Cancel);
        _holders = new SqliteHolderStore(_folder.Database);
        _money = new SqliteMoneyStore(_folder.Database);
        var treasury = new Treasury(_money, new PurseKeyring([_folder.Issuer]), TimeProvider.System);
        _gateway = new SqliteGatewayStore(_folder.Database);
        _issuing = new CardIssuing(_folder, _holders, treasury, _gateway, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _folder.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task All_cards_of_the_lab_have_one_holder_and_only_those_with_a_purse_open_one()
    {
        for (var again = 0; again < 2; again++)
        {
            await RegisterAsync(First, CardMake.Iso);
            await RegisterAsync(Sim, CardMake.Sim);
            await RegisterAsync(Clone, CardMake.StoreOnly);
        }

        var first = (await _holders.FindCardAsync(First, Cancel))!;
        var cards = await _holders.CardsAsync(first.Holder, Cancel);
        Assert.Equal([First, Sim, Clone], cards.Select(card => card.Card).OrderBy(card => card.Value));
        Assert.Equal([CardKind.Iso, CardKind.Sim, CardKind.Iso], cards.OrderBy(card => card.Card.Value).Select(card => card.Kind));
        Assert.Equal([PurseCommands.Aid, StoreCommands.Aid, PivCommands.Aid], first.Applications);
        Assert.Equal([StoreCommands.Aid], cards.Single(card => card.Card == Clone).Applications);
        Assert.Equal([First, Sim], (await _money.FindAsync(first.Holder, Cancel))!.Copies.Select(copy => copy.Card));
        Assert.Equal([Sim], (await _gateway.FindAsync("33639980001", Cancel)).Select(subscriber => subscriber.Card));
        Assert.Equal("Ada Marchand", (await _holders.FindAsync(first.Holder, Cancel))!.Name);
    }

    [Fact]
    public async Task A_second_card_waits_for_the_first()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => RegisterAsync(Clone, CardMake.StoreOnly));

        Assert.Null(await _holders.FindCardAsync(Clone, Cancel));
    }

    private Task RegisterAsync(CardId card, CardMake make) =>
        _issuing.RegisterAsync(new CardOrder(card, make, First), "Ada Marchand", Cancel);
}
