using Microsoft.Playwright;
using Xunit;

namespace Tessera.Browser.Tests;

/// <summary>The telephone line as its holder lives it: a call from home, the device beside the telephone, paper.</summary>
[Collection(Heard.Name)]
public class HomeStoryTests(Chromium chromium)
{
    private const string Pin = "123456";
    private const string Shop = "+33639980084";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lunch_is_chosen_by_keys_paid_with_the_PIN_on_the_device_printed_and_thanked_for_in_one_call()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (lab, home) = (visit.Lab, visit.Home);
        await lab.InsertAsync("pc");
        await lab.ConnectAsync();
        await lab.LoadAsync();
        await lab.LeaveAsync();
        await using var ear = await home.ListenAsync(Cancel);

        await home.CallAsync(Shop);
        await ear.HearsAsync(words => words.Say("shop"), Cancel);
        await home.PressAsync("4");
        await ear.HearsAsync(words => words.Say("press-key"), Cancel);
        await lab.InsertAsync("house");
        await home.DeviceShowsAsync("Press data key");
        await home.DevicePressAsync("data");

        await home.DeviceShowsAsync("Lunch");
        await home.DeviceShowsAsync("12.50 EUR");
        await home.StageAsync("Data");
        await home.LineIsAsync("Data");
        await home.DevicePressAsync("ok");
        await home.DeviceShowsAsync("PIN");
        await home.EnterAsync(Pin);

        var sheet = home.Frame.Locator("#paper .sheet");
        await Assertions.Expect(sheet).ToContainTextAsync("Lunch");
        await Assertions.Expect(sheet).ToContainTextAsync("12.50");
        await Assertions.Expect(sheet).ToContainTextAsync("Thank you for your order.");
        await ear.HearsAsync(words => words.Say("paid").Amount(1250), Cancel);
        await ear.HearsAsync(words => words.Say("thanks"), Cancel);
        await home.LineIsAsync("Voice");
        await home.PhaseAsync("Connected");
        await Assertions.Expect(home.Log.Filter(new() { HasText = "The house calls" })).ToHaveCountAsync(1);
        await Assertions.Expect(home.Log.Filter(new() { HasText = "The call stands" })).ToHaveCountAsync(1);
        await Assertions.Expect(home.Log.Filter(new() { HasText = "The call is over" })).ToHaveCountAsync(0);
        await home.ShootAsync("house");
        await home.HandsetAsync();
        await home.PhaseAsync("OnHook");
        await Assertions.Expect(home.Log.First).ToContainTextAsync("The call is over: the house hung up.");

        var ledger = await visit.OpenAsync("/ledger");
        await Assertions.Expect(ledger.Locator("#verdict")).ToContainTextAsync("The books hold");
        var copy = ledger.Locator("tr", new() { HasText = await lab.CardIdAsync("card") });
        await Assertions.Expect(copy.Locator("td").Filter(new() { HasText = "37.50" })).ToHaveCountAsync(2);
        var shop = ledger.Locator("tr", new() { HasText = "merchant:shop" });
        await Assertions.Expect(shop.Locator("td.number")).ToHaveTextAsync("12.50");
        var changes = await visit.OpenAsync("/changes");
        var rows = changes.Locator("#changes tbody tr");
        await Assertions.Expect(rows.Filter(new() { HasText = "-12.50" })).ToHaveCountAsync(1);
        await Assertions.Expect(rows.Filter(new() { HasText = "Lunch 12.50" })).ToHaveCountAsync(1);
        Assert.DoesNotContain(Pin, visit.Server.Output, StringComparison.Ordinal);
    }
}
