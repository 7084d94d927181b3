using Xunit;

namespace Tessera.Browser.Tests;

/// <summary>Messages that the lab lets overtake one another while a bus ticket is bought.</summary>
public class LabOvertakeTests(Chromium chromium)
{
    private const string Pin = "123456";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_that_is_overtaken_by_its_repetition_pays_once()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var lab = visit.Lab;
        await visit.LunchAsync(Pin);
        var phone = lab.Phone;

        await phone.ThrowAsync("reorder-down");
        await phone.TakeAsync("Purse");
        await phone.LoggedAsync("[held back]");
        await phone.TunnelAsync();
        await phone.HappenedAsync("reorder-down");
        await phone.LoggedAsync("[overtook the one before]");
        await phone.BuyTicketAsync(Pin);
        await phone.PressAsync("ok");
        await lab.ShortMessagesAsync();

        await visit.HoldsAsync("34.30");
    }

    [Fact]
    public async Task A_receipt_that_comes_late_after_the_next_opening_is_booked_once_and_the_holder_sees_it_there()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var lab = visit.Lab;
        await visit.LunchAsync(Pin);
        var phone = lab.Phone;

        await phone.TakeAsync("Purse");
        await phone.ShowsAsync("You have 37.50.");
        await phone.ThrowAsync("reorder-up");
        await phone.BuyTicketAsync(Pin);
        await phone.PressAsync("ok");
        await phone.HoldsAsync("release-up", 1);
        await phone.TunnelAsync();
        await phone.TakeAsync("Purse");
        await phone.HappenedAsync("reorder-up");
        await phone.LoggedAsync("[overtook the one before]");
        await phone.IsToldAsync("Your payment", "You have 34.30.");
        await phone.PressAsync("end");

        await visit.HoldsAsync("34.30");
    }
}
