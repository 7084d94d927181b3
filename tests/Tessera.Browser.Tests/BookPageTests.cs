using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Tessera.Browser.Tests;

/// <summary>The pages of the books and of the changes, left open while a holder loads and pays.</summary>
public class BookPageTests(Chromium chromium)
{
    private const string Pin = "123456";

    private static readonly Regex InUtc = new(@"\+00:00$", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_ledger_and_the_changes_follow_what_is_booked_and_tell_the_time_in_UTC()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var lab = visit.Lab;
        await lab.InsertAsync("pc");
        await lab.ConnectAsync();
        var ledger = await visit.OpenAsync("/ledger");
        var changes = await visit.OpenAsync("/changes");
        await Assertions.Expect(changes.Locator("main")).ToContainTextAsync("Nothing was changed yet.");
        List<string> loads = [];
        ledger.Load += (_, page) => loads.Add(page.Url);
        changes.Load += (_, page) => loads.Add(page.Url);

        await lab.LunchAsync(Pin);

        var copy = ledger.Locator("tr", new() { HasText = await lab.CardIdAsync("card") });
        await Assertions.Expect(copy.Locator("td").Filter(new() { HasText = "37.50" })).ToHaveCountAsync(2);
        await Assertions.Expect(ledger.Locator("#verdict")).ToContainTextAsync("The books hold");
        await Assertions.Expect(ledger.Locator("main"))
            .ToContainTextAsync("UTC, and again whenever something is booked");
        var lunch = changes.Locator("#changes tbody tr").First;
        await Assertions.Expect(lunch).ToContainTextAsync("37.50");
        await Assertions.Expect(lunch.Locator("time").First).ToHaveAttributeAsync("datetime", InUtc);
        await Assertions.Expect(changes.Locator("th", new() { HasText = "Time (UTC)" })).ToBeVisibleAsync();
        Assert.Empty(loads);
        await Chromium.ShootAsync(ledger, "26-ledger-live");
        await Chromium.ShootAsync(changes, "27-changes-live");
    }
}
