using Microsoft.Playwright;
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
        await using var visit = await LabVisit.StartAsync(Cancel);
        var (page, lab) = (visit.Page, visit.Lab);
        await LunchAsync(lab);
        var phone = lab.Phone;

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

        await HoldsAsync(visit, "34.30");
    }

    [Fact]
    public async Task A_script_that_is_overtaken_by_its_repetition_pays_once()
    {
        await using var visit = await LabVisit.StartAsync(Cancel);
        var lab = visit.Lab;
        await LunchAsync(lab);
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

        await HoldsAsync(visit, "34.30");
    }

    [Fact]
    public async Task A_receipt_that_comes_late_after_the_next_opening_is_booked_once_and_the_holder_sees_it_there()
    {
        await using var visit = await LabVisit.StartAsync(Cancel);
        var lab = visit.Lab;
        await LunchAsync(lab);
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

        await HoldsAsync(visit, "34.30");
    }

    [Fact]
    public async Task A_phone_that_is_switched_off_before_the_PIN_pays_nothing_and_says_so_when_it_is_on_again()
    {
        await using var visit = await LabVisit.StartAsync(Cancel);
        var lab = visit.Lab;
        await LunchAsync(lab);
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

        await HoldsAsync(visit, "34.30");
    }

    /// <summary>Fifty are loaded and a lunch is paid at the PC; the switches are at hand.</summary>
    private static async Task LunchAsync(LabPage lab)
    {
        await lab.InsertAsync("pc");
        await lab.ConnectAsync();
        await lab.LunchAsync(Pin);
        await lab.LeaveAsync();
        await lab.Phone.OpenFaultsAsync();
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
    private static async Task HoldsAsync(LabVisit visit, string balance)
    {
        var ledger = await visit.OpenAsync("/ledger");
        var copy = ledger.Locator("tr", new() { HasText = await visit.Lab.CardIdAsync("sim") });
        await Assertions.Expect(copy.Locator("td").Filter(new() { HasText = balance })).ToHaveCountAsync(2);
        await Assertions.Expect(ledger.Locator("#verdict")).ToContainTextAsync("The books hold");
        await Assertions.Expect(ledger.Locator("h2", new() { HasText = "Open intents" })).ToHaveCountAsync(0);
    }
}
