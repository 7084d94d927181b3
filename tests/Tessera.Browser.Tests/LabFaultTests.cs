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
        await BuyTicketAsync(phone);
        await phone.PressAsync("ok");
        await lab.ShortMessagesAsync();

        await HoldsAsync(chromium, server, lab, "34.30");
    }

    [Fact]
    public async Task A_script_that_is_overtaken_by_its_repetition_pays_once()
    {
        using var data = new TempFolder();
        await using var chromium = await Chromium.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path, Cancel);
        var lab = await LunchAsync(chromium, server);
        var phone = lab.Phone;

        await phone.ThrowAsync("reorder-down");
        await phone.TakeAsync("Purse");
        await phone.LoggedAsync("[held back]");
        await phone.TunnelAsync();
        await phone.HappenedAsync("reorder-down");
        await phone.LoggedAsync("[overtook the one before]");
        await BuyTicketAsync(phone);
        await phone.PressAsync("ok");
        await lab.ShortMessagesAsync();

        await HoldsAsync(chromium, server, lab, "34.30");
    }

    [Fact]
    public async Task A_receipt_that_comes_late_after_the_next_opening_is_booked_once_and_the_holder_sees_it_there()
    {
        using var data = new TempFolder();
        await using var chromium = await Chromium.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path, Cancel);
        var lab = await LunchAsync(chromium, server);
        var phone = lab.Phone;

        await phone.TakeAsync("Purse");
        await phone.ShowsAsync("You have 37.50.");
        await phone.ThrowAsync("reorder-up");
        await BuyTicketAsync(phone);
        await phone.PressAsync("ok");
        await phone.HoldsAsync("release-up", 1);
        await phone.TunnelAsync();
        await phone.TakeAsync("Purse");
        await phone.HappenedAsync("reorder-up");
        await phone.LoggedAsync("[overtook the one before]");
        await phone.IsToldAsync("Your payment", "You have 34.30.");
        await phone.PressAsync("end");

        await HoldsAsync(chromium, server, lab, "34.30");
    }

    [Fact]
    public async Task A_phone_that_is_switched_off_before_the_PIN_pays_nothing_and_says_so_when_it_is_on_again()
    {
        using var data = new TempFolder();
        await using var chromium = await Chromium.StartAsync();
        await using var server = await ServerProcess.StartAsync(data.Path, Cancel);
        var lab = await LunchAsync(chromium, server);
        var phone = lab.Phone;

        await phone.TakeAsync("Purse");
        await phone.ShowsAsync("You have 37.50.");
        await phone.ChooseAsync("Pay");
        await phone.ChooseAsync("Bus ticket 3.20");
        await phone.ShowsAsync("PIN");
        await phone.PressAsync("power");
        await phone.IsAsync("off");
        await phone.PressAsync("power");
        await phone.TakeAsync("Purse");
        await phone.ShowsAsync("Your payment for Bus");
        await phone.PressAsync("ok");
        await phone.ShowsAsync("You have 37.50.");
        await BuyTicketAsync(phone);
        await phone.PressAsync("ok");
        await lab.ShortMessagesAsync();

        await HoldsAsync(chromium, server, lab, "34.30");
    }

    /// <summary>The lab where fifty were loaded and a lunch was paid at the PC, with the switches at hand.</summary>
    private static async Task<LabPage> LunchAsync(Chromium chromium, ServerProcess server)
    {
        var lab = new LabPage(await chromium.OpenAsync(new Uri(server.Address, "/lab")));
        await lab.InsertAsync("pc");
        await lab.ConnectAsync();
        await lab.LunchAsync(Pin);
        await lab.LeaveAsync();
        await lab.Phone.OpenFaultsAsync();
        return lab;
    }

    /// <summary>From the purse's menu to the words that the ticket is paid.</summary>
    private static async Task BuyTicketAsync(PhoneFrame phone)
    {
        await phone.ChooseAsync("Pay");
        await phone.ChooseAsync("Bus ticket 3.20");
        await phone.ShowsAsync("PIN");
        await phone.EnterAsync(Pin);
        await phone.ShowsAsync("Paid. Enjoy it!");
    }

    /// <summary>The books hold, and SIM and account have the same.</summary>
    private static async Task HoldsAsync(Chromium chromium, ServerProcess server, LabPage lab, string balance)
    {
        var ledger = await chromium.OpenAsync(new Uri(server.Address, "/ledger"));
        var copy = ledger.Locator("tr", new() { HasText = await lab.CardIdAsync("sim") });
        await Assertions.Expect(copy.Locator("td").Filter(new() { HasText = balance })).ToHaveCountAsync(2);
        await Assertions.Expect(ledger.Locator("#verdict")).ToContainTextAsync("The books hold");
        await Assertions.Expect(ledger.Locator("h2", new() { HasText = "Open intents" })).ToHaveCountAsync(0);
    }
}
