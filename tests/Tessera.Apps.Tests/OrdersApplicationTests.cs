using Tessera.Platform.Applications;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Apps.Tests;

public class OrdersApplicationTests
{
    public static TheoryData<TerminalProfile> Profiles => [TerminalProfile.Rich, TerminalProfile.TextOnly];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task What_was_ordered_is_shown_signed_and_noted_on_the_card(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(0)).Chooses("Coal, 500 kg 240.00").EntersPin();

        await test.RunAsync(new OrdersApplication(), Cancel);

        var order = Assert.Single(test.Signed);
        Assert.StartsWith("Order ", order.Title, StringComparison.Ordinal);
        Assert.EndsWith("Coal, 500 kg", test.Field(OrdersApplication.LastOrder), StringComparison.Ordinal);
        Assert.Contains(test.Shown, text => text.Contains("Coal, 500 kg: 240.00", StringComparison.Ordinal));
        Assert.Contains("on file as", string.Join(' ', test.Shown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_declines_has_ordered_nothing()
    {
        var test = new TestSession(TerminalProfile.TextOnly, Amount.Of(0)).Chooses("Coal, 500 kg 240.00").Cancels();

        await test.RunAsync(new OrdersApplication(), Cancel);

        Assert.Empty(test.Signed);
        Assert.Equal("", test.Field(OrdersApplication.LastOrder));
    }

    [Fact]
    public async Task A_SIM_is_told_that_it_signs_nothing()
    {
        var test = new TestSession(TerminalProfile.Phone, Amount.Of(0), maxScript: 242, isCostly: true);

        await test.RunAsync(new OrdersApplication(), Cancel);

        Assert.Empty(test.Signed);
        Assert.Contains("signs nothing here", string.Join(' ', test.Shown).Replace('\n', ' '), StringComparison.Ordinal);
    }
}
