using Microsoft.Playwright;

namespace Tessera.Browser.Tests;

/// <summary>The house of the lab as a person at home works it: telephone, device and the socket in the wall.</summary>
internal sealed class HomePage(IPage page)
{
    private const string Title = "iframe[title='At home']";

    public IFrameLocator Frame => page.FrameLocator(Title);

    /// <summary>What happened on the line, the newest first.</summary>
    public ILocator Log => Frame.Locator("#entries li");

    /// <summary>An ear at the handset, from now on.</summary>
    public async Task<HandsetEar> ListenAsync(CancellationToken cancel)
    {
        var address = await page.Locator(Title).GetAttributeAsync("src");
        var token = await Frame.Locator("meta[name=token]").GetAttributeAsync("content");
        return await HandsetEar.OpenAsync(new Uri(address!), token!, cancel);
    }

    /// <summary>Calls a number on the note beside the telephone.</summary>
    public async Task CallAsync(string number)
    {
        await Frame.Locator($"[data-number='{number}']").ClickAsync();
        await PhaseAsync("Connected");
    }

    public Task PressAsync(string keys) => Frame.Locator($"#key-{keys}").ClickAsync();

    /// <summary>Lifts the handset, or puts it down.</summary>
    public Task HandsetAsync() => Frame.Locator("#handset").ClickAsync();

    public Task PhaseAsync(string phase) =>
        Assertions.Expect(Frame.Locator("#telephone")).ToHaveAttributeAsync("data-phase", phase);

    public Task DevicePressAsync(string key) => Frame.Locator($"#device-{key}").ClickAsync();

    public Task DeviceShowsAsync(string text) => Assertions.Expect(Frame.Locator("#lcd")).ToContainTextAsync(text);

    /// <summary>Types digits at the device, and OK.</summary>
    public async Task EnterAsync(string digits)
    {
        foreach (var digit in digits) await DevicePressAsync($"digit{digit}");
        await DevicePressAsync("ok");
    }

    /// <summary>Where the line stands, as the device says.</summary>
    public Task StageAsync(string stage) =>
        Assertions.Expect(Frame.Locator("#device")).ToHaveAttributeAsync("data-stage", stage);

    /// <summary>What goes over the wire now.</summary>
    public Task LineIsAsync(string use) =>
        Assertions.Expect(Frame.Locator("#line")).ToHaveAttributeAsync("data-use", use);

    /// <summary>A picture of the house for people.</summary>
    public Task ShootAsync(string name) => Chromium.ShootAsync(page.Locator(Title), name);
}
