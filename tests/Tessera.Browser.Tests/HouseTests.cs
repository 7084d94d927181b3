using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Tessera.Browser.Tests;

/// <summary>The house of the lab as people use it: telephone, device, and the socket in the wall.</summary>
[Collection(Heard.Name)]
public class HouseTests(Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_from_home_goes_through_the_device_and_is_heard_and_seen_in_the_wall()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (home, house) = (visit.Home, visit.Home.Frame);
        var log = house.Locator("#entries");
        await visit.Lab.InsertAsync("house");
        await Assertions.Expect(house.Locator("#device-slot")).ToHaveTextAsync("The holder's card");
        await Assertions.Expect(house.Locator("#glass")).ToHaveAttributeAsync("data-state", "idle");
        await Assertions.Expect(house.Locator("#own-finger")).ToBeDisabledAsync();

        await house.Locator("[data-number='+33639980083']").ClickAsync();

        await Assertions.Expect(log).ToContainTextAsync("The call stands, with PCMU.");
        await Assertions.Expect(house.Locator("#in-fall")).ToHaveAttributeAsync("data-columns", Count);
        await Assertions.Expect(log).ToContainTextAsync("The call is over: the other end hung up.");
        await home.PhaseAsync("Over");
        await home.HandsetAsync();
        await home.PhaseAsync("OnHook");
    }

    [Fact]
    public async Task Without_power_the_device_is_dark_and_the_telephone_calls_all_the_same()
    {
        await using var visit = await LabVisit.StartAsync(chromium, Cancel);
        var (home, house) = (visit.Home, visit.Home.Frame);
        await Assertions.Expect(house.Locator("#device")).ToHaveAttributeAsync("data-state", "on");
        await house.Locator("#device-power").ClickAsync();
        await Assertions.Expect(house.Locator("#device")).ToHaveAttributeAsync("data-state", "off");
        await Assertions.Expect(house.Locator("#device-ok")).ToBeDisabledAsync();

        await home.HandsetAsync();
        await home.PhaseAsync("Dialling");
        foreach (var digit in "17") await house.Locator($"#key-{digit}").ClickAsync();
        await Assertions.Expect(house.Locator("#dialled")).ToHaveTextAsync("17");
        await house.Locator("#call-now").ClickAsync();

        await Assertions.Expect(house.Locator("#entries")).ToContainTextAsync("The house calls 17.");
        await Assertions.Expect(house.Locator("#entries")).ToContainTextAsync("The call stands, with PCMU.");
    }

    private static Regex Count => new("^[1-9]", RegexOptions.None, TimeSpan.FromSeconds(1));
}
