using Microsoft.Playwright;
using Xunit;

namespace Tessera.Browser.Tests;

/// <summary>The page of a card at a PC: its applications, one after the other.</summary>
public class CardPageTests(Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_holder_opens_one_application_after_the_other_in_one_visit()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (page, lab) = (visit.Page, visit.Lab);
        await lab.InsertAsync("pc");

        await lab.ConnectAsync("Purse");
        await lab.SeesAsync("You have 0.00.");
        await lab.ChooseAsync("Load money");
        await lab.SeesAsync("Load how much?");
        await lab.ChooseAsync("All applications");
        await Chromium.ShootAsync(page, "21-applications");
        await lab.OpenAsync("Settings");
        await lab.SettingIsAsync("Language", "English");
        await lab.ChooseAsync("Leave");
        await lab.SeesAsync("Goodbye");
        await lab.OpenAsync("Purse");
        await lab.SeesAsync("You have 0.00.");
    }

    [Fact]
    public async Task A_card_with_one_application_opens_it_at_once()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var lab = visit.Lab;
        await lab.InsertAsync("pc", "clone");

        await lab.PairAsync();

        await lab.SettingIsAsync("Language", "English");
        await lab.ChooseAsync("Leave");
        await lab.SeesAsync("Goodbye");
        await lab.ChooseAsync("Begin again");
        await lab.SettingIsAsync("Language", "English");
    }

    [Fact]
    public async Task An_address_opens_its_application_and_says_what_else_is_open()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (page, lab) = (visit.Page, visit.Lab);
        await lab.InsertAsync("pc");
        await lab.PairAsync();
        await Assertions.Expect(lab.App.Locator(".tiles")).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(visit.Server.Address, "/app/purse").ToString());
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("You have 0.00.");
        await page.GotoAsync(new Uri(visit.Server.Address, "/app/preferences").ToString());
        await Assertions.Expect(page.Locator("#elsewhere")).ToHaveTextAsync("Purse is open on your card, not Settings.");
        await Chromium.ShootAsync(page, "22-elsewhere");
        await page.Locator("#leave").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Settings");
        await Assertions.Expect(page.Locator("#elsewhere")).ToHaveCountAsync(0);
    }
}
