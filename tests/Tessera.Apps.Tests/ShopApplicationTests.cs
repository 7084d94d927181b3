using System.Globalization;
using Tessera.Platform.Applications;
using Tessera.Platform.Views;
using Tessera.Testing;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Apps.Tests;

public class ShopApplicationTests
{
    private static readonly ManualTime Time = new();

    public static TheoryData<TerminalProfile> Profiles =>
        [TerminalProfile.Rich, TerminalProfile.Phone, TerminalProfile.TextOnly];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Day => Time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task What_was_bought_last_is_kept_on_the_card(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(20))
            .Chooses("Coffee 2.80").Confirms().Chooses("Lunch 12.50").EntersPin().Chooses("Leave");

        await test.RunAsync(new ShopApplication(Time), Cancel);

        Assert.Equal(Amount.Of(4.70m), test.Account);
        Assert.Equal($"{Day} Lunch 12.50", test.Field(ShopApplication.LastReceipt));
        Assert.Contains(test.Shown, text => text.Contains("You paid 12.50.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_card_without_room_for_it_pays_all_the_same(TerminalProfile profile)
    {
        var test = new TestSession(profile, Amount.Of(20)) { HasStore = false }
            .Chooses("Tea 2.20").Confirms().Chooses("Leave");

        await test.RunAsync(new ShopApplication(Time), Cancel);

        Assert.Equal(Amount.Of(17.80m), test.Account);
        Assert.Equal("", test.Field(ShopApplication.LastReceipt));
        Assert.Contains(test.Shown, text => text.Contains("You paid 2.20.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_paid_leaves_no_receipt()
    {
        var test = new TestSession(TerminalProfile.TextOnly, Amount.Of(20))
            .Chooses("Lunch 12.50").Cancels().Chooses("Leave");

        await test.RunAsync(new ShopApplication(Time), Cancel);

        Assert.Equal(Amount.Of(20), test.Account);
        Assert.Equal("", test.Field(ShopApplication.LastReceipt));
    }

    [Fact]
    public async Task A_terminal_with_a_printer_prints_the_receipt()
    {
        var printing = TerminalProfile.Text(4, 20, TerminalCapabilities.Printer);
        var test = new TestSession(printing, Amount.Of(20)).Chooses("Lunch 12.50").EntersPin().Chooses("Leave");

        await test.RunAsync(new ShopApplication(Time), Cancel);

        var printed = Assert.Single(test.Printed);
        Assert.Contains("12.50", printed, StringComparison.Ordinal);
        Assert.EndsWith("Thank you for your order.", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_short_messages_the_receipt_costs_no_message_of_its_own()
    {
        var with = await CostlyAsync(hasStore: true);
        var without = await CostlyAsync(hasStore: false);

        Assert.Equal($"{Day} Tea 2.20", with.Field(ShopApplication.LastReceipt));
        Assert.Equal(without.Scripts.Count, with.Scripts.Count);
        Assert.All(with.Scripts, octets => Assert.InRange(octets, 1, 242));
    }

    private static async Task<TestSession> CostlyAsync(bool hasStore)
    {
        var test = new TestSession(TerminalProfile.Phone, Amount.Of(20), maxScript: 242, isCostly: true)
        {
            HasStore = hasStore,
        }.Chooses("Tea 2.20").Confirms();
        await test.RunAsync(new ShopApplication(Time), Cancel);
        return test;
    }
}
