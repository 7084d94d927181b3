using Microsoft.Playwright;
using Xunit;

namespace Tessera.Browser.Tests;

/// <summary>The second road as its holder lives it: the phone in the lab, and the cards that follow it.</summary>
public class SecondRoadTests(Chromium chromium)
{
    private const string Pin = "123456";
    private const int MostMessages = 4;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bus_ticket_is_paid_on_the_phone_with_four_short_messages_and_the_card_at_the_PC_follows()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (page, lab) = (visit.Page, visit.Lab);
        await lab.InsertAsync("pc");
        await lab.ConnectAsync();
        await lab.LunchAsync(Pin);
        await lab.PullAsync();

        await lab.Phone.TakeAsync("Purse");
        await lab.Phone.ShowsAsync("You have 37.50.");
        await Chromium.ShootAsync(page, "8-phone-purse");
        await lab.Phone.ChooseAsync("Pay");
        await lab.Phone.ChooseAsync("Bus ticket 3.20");
        await lab.Phone.ShowsAsync("PIN");
        await Chromium.ShootAsync(page, "9-phone-pin");
        await lab.Phone.EnterAsync(Pin);
        await lab.Phone.ShowsAsync("Paid. Enjoy it!");
        await Chromium.ShootAsync(page, "10-phone-paid");
        await lab.Phone.PressAsync("ok");

        Assert.InRange(await lab.ShortMessagesAsync(), 1, MostMessages);
        await FollowAsync(await visit.OpenAsync("/lab/log"));
        await lab.SeesAsync("Your card is out.");
        await lab.InsertAsync("pc");
        await lab.SeesAsync("You have 34.30.");
        await Chromium.ShootAsync(page, "11-in-line");

        var ledger = await visit.OpenAsync("/ledger");
        await Assertions.Expect(ledger.Locator("#verdict")).ToContainTextAsync("The books hold");
        foreach (var card in (string[])["card", "sim"])
        {
            var copy = ledger.Locator("tr", new() { HasText = await lab.CardIdAsync(card) });
            await Assertions.Expect(copy.Locator("td").Filter(new() { HasText = "34.30" })).ToHaveCountAsync(2);
        }

        await Chromium.ShootAsync(ledger, "12-ledger");
        var changes = await visit.OpenAsync("/changes");
        var ticket = changes.Locator("#changes tbody tr").First;
        await Assertions.Expect(ticket).ToContainTextAsync("37.50");
        await Assertions.Expect(ticket).ToContainTextAsync("34.30");
        await Assertions.Expect(ticket.Locator(".delivery")).ToContainTextAsync("-3.20");
        await Assertions.Expect(ticket.Locator(".delivery")).ToContainTextAsync("downloaded");
        await Chromium.ShootAsync(changes, "13-changes");
        await lab.LeaveAsync();
        Assert.DoesNotContain(Pin, visit.Server.Output, StringComparison.Ordinal);
    }

    /// <summary>Each kind of thing that goes over the road stands in the log of the dialogue, until it is hidden.</summary>
    private static async Task FollowAsync(IPage log)
    {
        foreach (var (kind, text) in new[]
        {
            ("Apdu", "FETCH"), ("Toolkit", "SELECT ITEM"), ("Rp", "RP-DATA"), ("Tpdu", "SMS-SUBMIT"), ("Pdu", "submit_sm_resp"),
            ("Smsc", "Delivered"), ("Gateway", "goes out under counter"), ("Phone", "Switched on"),
        })
        {
            var entry = log.Locator($"[data-kind={kind}]", new() { HasText = text }).First;
            await Assertions.Expect(entry).ToBeVisibleAsync();
            await log.Locator($"#show-{kind.ToLowerInvariant()}").UncheckAsync();
            await Assertions.Expect(entry).ToBeHiddenAsync();
            await log.Locator($"#show-{kind.ToLowerInvariant()}").CheckAsync();
        }

        await log.Locator("#show-apdu").UncheckAsync();
        await Chromium.ShootAsync(log, "25-dialogue");
    }

    [Fact]
    public async Task A_language_set_on_the_phone_is_offered_at_the_PC_taken_by_the_card_and_declined_by_the_clone()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (page, lab) = (visit.Page, visit.Lab);
        await lab.InsertAsync("pc");
        await lab.ConnectAsync();
        await lab.LeaveAsync();

        await lab.Phone.SpeakAsync("Deutsch");
        await lab.ShortMessagesAsync();

        await lab.InsertAsync("pc");
        await lab.SeesAsync("Updated data is available for this card.");
        await lab.SeesAsync("Deutsch, from your phone");
        await Chromium.ShootAsync(page, "14-offer");
        await lab.ChooseAsync("Take it");
        await lab.OpenAsync();
        await lab.SeesAsync("You have 0.00.");
        await lab.LeaveAsync();

        await lab.InsertAsync("pc", "clone");
        await lab.SeesAsync("Updated data is available for this card.");
        await Chromium.ShootAsync(page, "15-clone");
        await lab.ChooseAsync("Not on this card");
        await lab.SeesAsync("Emergency contact");
        await Chromium.ShootAsync(page, "16-clone-after");

        var changes = await visit.OpenAsync("/changes");
        var row = changes.Locator("#changes tbody tr");
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(row).ToContainTextAsync("English");
        await Assertions.Expect(row).ToContainTextAsync("Deutsch");
        await Assertions.Expect(row.Locator(".delivery", new() { HasText = "downloaded" })).ToHaveCountAsync(1);
        await Assertions.Expect(row.Locator(".delivery", new() { HasText = "declined" })).ToHaveCountAsync(1);
        await Chromium.ShootAsync(changes, "17-changes");
    }

    [Fact]
    public async Task A_language_set_on_both_cards_is_for_the_holder_to_choose_and_both_cards_end_with_it()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (page, lab) = (visit.Page, visit.Lab);
        await lab.InsertAsync("pc");
        await lab.ConnectAsync("Settings");
        await lab.SpeakAsync("Deutsch");
        await lab.PullAsync();
        await lab.Phone.SpeakAsync("Francais");
        await lab.ShortMessagesAsync();

        await lab.InsertAsync("pc");
        await lab.SeesAsync("Language was changed on two cards.");
        await Chromium.ShootAsync(page, "18-conflict");
        await lab.ChooseStartingAsync("Francais");
        await lab.OpenAsync("Settings");
        await lab.SettingIsAsync("Language", "Francais");
        await Chromium.ShootAsync(page, "19-chosen");

        var changes = await visit.OpenAsync("/changes");
        var rows = changes.Locator("#changes tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await Assertions.Expect(rows.First).ToContainTextAsync("Francais");
        await Assertions.Expect(rows.First).ToContainTextAsync("chosen by the holder");
        foreach (var card in (string[])["card", "sim"])
        {
            var delivery = rows.First.Locator(".delivery", new() { HasText = await lab.CardIdAsync(card) });
            await Assertions.Expect(delivery).ToContainTextAsync("downloaded");
        }

        await Assertions.Expect(rows.Last.Locator(".delivery", new() { HasText = "superseded" })).ToHaveCountAsync(2);
        await Chromium.ShootAsync(changes, "20-conflict-changes");
    }
}
