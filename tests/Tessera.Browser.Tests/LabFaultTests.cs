using Microsoft.Playwright;
using Tessera.Testing;
using Xunit;

namespace Tessera.Browser.Tests;

/// <summary>The lab's switches at the phone, thrown one after the other while a bus ticket is bought.</summary>
public class LabFaultTests
{
    private const string Pin = "123456";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_lost_doubled_and_late_and_a_SIM_without_power_cost_nothing_and_the_holder_is_told()
    {
        using var data = new TempFolder();
        await using var chromium = await Chromium.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path, Cancel);
        var page = await chromium.OpenAsync(new Uri(server.Address, "/lab"));
        var lab = new LabPage(page);
        await lab.InsertAsync("pc");
        await lab.ConnectAsync();
        await lab.LunchAsync(Pin);
        await lab.LeaveAsync();
        var phone = lab.Phone;
        await phone.OpenFaultsAsync();

        await phone.ThrowAsync("lose-down");
        await phone.TakeAsync("Purse");
        await phone.HappenedAsync("lose-down");
        await phone.LoggedAsync("[lost]");
        await phone.ThrowAsync("double-down");
        await phone.TunnelAsync();
        await phone.HappenedAsync("double-down");
        await phone.ShowsAsync("You have 37.50.");
        await phone.LoggedAsync("[doubled]");
        await phone.ChooseAsync("Pay");
        await phone.ChooseAsync("Bus ticket 3.20");
        await phone.ShowsAsync("PIN");
        await phone.SetCountAsync(0);
        await phone.SwitchAsync("sim-cut");
        await phone.EnterAsync(Pin);
        await lab.IsAsync("sim", "on the table");
        await Chromium.ShootAsync(page, "23-cut");

        await phone.SwitchAsync("sim-insert");
        await lab.IsAsync("sim", "in the Mobile phone");
        await phone.ThrowAsync("hold-up");
        await phone.TakeAsync("Purse");
        await phone.HoldsAsync("release-up", 1);
        await phone.SwitchAsync("release-up");
        await phone.ShowsAsync("Your payment for Bus");
        await Chromium.ShootAsync(page, "24-told");
        await phone.PressAsync("ok");
        await phone.ShowsAsync("You have 37.50.");
        await phone.ChooseAsync("Pay");
        await phone.ChooseAsync("Bus ticket 3.20");
        await phone.ShowsAsync("PIN");
        await phone.EnterAsync(Pin);
        await phone.ShowsAsync("Paid. Enjoy it!");
        await phone.PressAsync("ok");
        await lab.ShortMessagesAsync();

        var ledger = await chromium.OpenAsync(new Uri(server.Address, "/ledger"));
        await Assertions.Expect(ledger.Locator("#verdict")).ToContainTextAsync("The books hold");
        var copy = ledger.Locator("tr", new() { HasText = await lab.CardIdAsync("sim") });
        await Assertions.Expect(copy.Locator("td").Filter(new() { HasText = "34.30" })).ToHaveCountAsync(2);
        await Assertions.Expect(ledger.Locator("h2", new() { HasText = "Open intents" })).ToHaveCountAsync(0);
    }
}
