using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Store;

public class StoreOnlyTests
{
    [Fact]
    public async Task A_card_without_a_purse_has_its_store_and_does_not_find_the_purse()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var card = TestCard.Open(TestCard.NewImage(Personalisation.Demonstration(TestCard.Id, hasPurse: false)));

        var purse = await card.TransmitAsync(PurseCommands.Select, cancel);
        var store = await card.TransmitAsync(StoreCommands.Select, cancel);

        Assert.Equal("6A82", purse.Status.ToString());
        Assert.True(store.Status.IsSuccess);
    }
}
