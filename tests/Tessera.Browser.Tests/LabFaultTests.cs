using Xunit;

namespace Tessera.Browser.Tests;

/// <summary>The lab's switches at the phone, thrown one after the other while a bus ticket is bought.</summary>
public class LabFaultTests(Chromium chromium)
{
    private const string Pin = "123456";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_lost_doubled_and_late_and_a_SIM_without_power_cost_nothing_and_the_holder_is_told()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (page, lab) = (visit.Page, visit.Lab);
        await visit.LunchAsync(Pin);
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
        await phone.BuyTicketAsync(Pin);
        await phone.PressAsync("ok");
        await lab.ShortMessagesAsync();

        await visit.HoldsAsync("34.30");
    }

    [Fact]
    public async Task A_phone_that_is_switched_off_before_the_PIN_pays_nothing_and_says_so_when_it_is_on_again()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var lab = visit.Lab;
        await visit.LunchAsync(Pin);
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
        await phone.BuyTicketAsync(Pin);
        await phone.PressAsync("ok");
        await lab.ShortMessagesAsync();

        await visit.HoldsAsync("34.30");
    }
}
