using Tessera.Platform.Money;
using Xunit;

namespace Tessera.Storage.Tests.Money;

public class TreasuryTests
{
    [Fact]
    public async Task A_load_reaches_the_card_with_its_first_movement()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(5000);

        var settlement = await issuer.PayAsync(card, 1200);

        Assert.Equal((IntentState.Done, 1200u, 3800L, false),
            (settlement.State, settlement.Amount, settlement.Account, settlement.Late));
        Assert.Equal(3800u, card.Balance);
        Assert.Equal(1200, await issuer.SoldAsync());
        Assert.Empty(await issuer.CheckAsync());
    }
}
