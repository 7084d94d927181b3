using Microsoft.Playwright;
using Xunit;

namespace Tessera.Browser.Tests;

/// <summary>The first road as its holder lives it: real server process, real browser, real sockets.</summary>
public class StoryTests(Chromium chromium)
{
    private const string Pin = "123456";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_holder_loads_fifty_and_pays_lunch_with_the_pin_on_the_terminal()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (page, lab) = (visit.Page, visit.Lab);
        List<string> sent = [];
        page.Request += (_, request) => Record(sent, request, visit.Server.Address);

        await lab.SeesAsync("Connect your card terminal");
        await lab.InsertAsync("pc");
        await lab.ConnectAsync();
        await lab.SeesAsync("You have 0.00.");
        await Chromium.ShootAsync(page, "1-purse");

        await lab.ChooseAsync("Load money");
        await lab.ChooseAsync("50.00");
        await lab.SeesAsync("50.00 came from your bank.");
        await lab.ChooseAsync("Continue");
        await lab.SeesAsync("You have 50.00.");

        await lab.ChooseAsync("Pay");
        await lab.ChooseAsync("Lunch 12.50");
        await lab.TerminalShowsAsync("Lunch");
        await lab.TerminalShowsAsync("12.50 EUR");
        await lab.SeesAsync("Look at your terminal");
        await Chromium.ShootAsync(page, "2-pay");
        await lab.EnterAsync(Pin);
        await lab.SeesAsync("Paid. Enjoy it!");
        await lab.ChooseAsync("Continue");
        await lab.SeesAsync("You have 37.50.");

        await lab.ChooseAsync("What happened");
        await lab.SeesAsync("Lunch");
        await Assertions.Expect(lab.App.Locator("svg.chart")).ToBeVisibleAsync();
        await Chromium.ShootAsync(page, "3-history");

        var ledger = await visit.OpenAsync("/ledger");
        await Assertions.Expect(ledger.Locator("#verdict")).ToContainTextAsync("The books hold");
        await Chromium.ShootAsync(ledger, "4-ledger");
        Assert.DoesNotContain(sent, text => text.Contains(Pin, StringComparison.Ordinal));
        Assert.DoesNotContain(Pin, visit.Server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_wrong_pins_block_the_card_and_the_puk_frees_it()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (page, lab) = (visit.Page, visit.Lab);
        await lab.InsertAsync("pc");
        await lab.ConnectAsync();
        await lab.ChooseAsync("Load money");
        await lab.ChooseAsync("20.00");
        await lab.ChooseAsync("Continue");
        await lab.ChooseAsync("Pay");
        await lab.ChooseAsync("Coffee 2.80");

        await lab.EnterAsync("000000");
        await lab.SeesAsync("2 tries left");
        await lab.ChooseAsync("Continue");
        await lab.EnterAsync("000000");
        await lab.SeesAsync("1 try left");
        await lab.ChooseAsync("Continue");
        await lab.EnterAsync("000000");
        await lab.SeesAsync("Your PIN is blocked.");
        await Chromium.ShootAsync(page, "5-blocked");

        await lab.ChooseAsync("Unblock it with the PUK");
        await lab.TerminalShowsAsync("PUK");
        await lab.EnterAsync("12345678");
        await lab.TerminalShowsAsync("New PIN");
        await lab.EnterAsync("654321");
        await lab.TerminalShowsAsync("again");
        await lab.EnterAsync("654321");
        await lab.TerminalShowsAsync("2.80 EUR");
        await lab.EnterAsync("654321");
        await lab.SeesAsync("Paid. Enjoy it!");
    }

    [Fact]
    public async Task The_same_application_runs_on_two_lines_of_text()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (page, lab) = (visit.Page, visit.Lab);

        await lab.InsertAsync("text");

        await lab.LinesShowAsync("You have 0.00.");
        await lab.PressAsync("3");
        await lab.LinesShowAsync("Load money");
        await lab.PressAsync("OK");
        await lab.LinesShowAsync("Load how much?");
        await lab.PressAsync("3");
        await lab.LinesShowAsync("50.00");
        await lab.PressAsync("OK");
        await lab.LinesShowAsync("50.00 came from");
        await lab.PressAsync("OK");
        await lab.LinesShowAsync("You have 50.00.");
        await lab.PressAsync("OK");
        await lab.LinesShowAsync("Buy what?");
        await lab.PressAsync("2");
        await lab.LinesShowAsync("Lunch 12.50");
        await lab.PressAsync("OK");
        await lab.LinesShowAsync("12.50 EUR");
        await Chromium.ShootAsync(page, "6-text");
        await lab.PressAsync("OK");
        await lab.LinesShowAsync("PIN:");
        foreach (var digit in Pin) await lab.PressAsync(digit.ToString());
        await lab.LinesShowAsync("******");
        await lab.PressAsync("OK");
        await lab.LinesShowAsync("Paid. Enjoy it!");
        await lab.PressAsync("OK");
        await lab.LinesShowAsync("You have 37.50.");
    }

    [Fact]
    public async Task A_pulled_card_is_said_honestly_and_the_page_goes_on_when_it_is_back()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (page, lab) = (visit.Page, visit.Lab);
        await lab.InsertAsync("pc");
        await lab.ConnectAsync();
        await lab.SeesAsync("You have 0.00.");

        var before = await lab.TicketAsync();
        await lab.PullAsync();
        await lab.SeesAsync("Your card is out.");
        await Chromium.ShootAsync(page, "7-out");
        await lab.InsertAsync("pc");
        await lab.IsAnotherPageAsync(before);
        await Assertions.Expect(lab.App.Locator("#missing")).ToHaveCountAsync(0);
        await lab.ChooseAsync("Load money");
        await lab.ChooseAsync("10.00");
        await lab.SeesAsync("10.00 came from your bank.");
    }

    private static void Record(List<string> sent, IRequest request, Uri server)
    {
        var address = new Uri(request.Url);
        if (address.Port != server.Port) return;
        lock (sent) sent.Add($"{request.Url} {request.PostData}");
    }
}
