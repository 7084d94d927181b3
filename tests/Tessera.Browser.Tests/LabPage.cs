using Microsoft.Playwright;

namespace Tessera.Browser.Tests;

/// <summary>The lab as a person works it: the browser in its window, the terminals, the card in the hand.</summary>
internal sealed class LabPage(IPage page)
{
    public IFrameLocator App => page.FrameLocator("iframe[title^='The purse']");

    public IFrameLocator Terminal => page.FrameLocator("iframe[title^='PC']");

    public IFrameLocator TextTerminal => page.FrameLocator("iframe[title^='Text']");

    public Task InsertAsync(string place) => page.Locator($"#insert-card-{place}").ClickAsync();

    public Task PullAsync() => page.Locator("#pull-card").ClickAsync();

    /// <summary>Types the code the terminal shows into the application's page.</summary>
    public async Task ConnectAsync()
    {
        var code = await Terminal.Locator("#code").InnerTextAsync();
        await App.Locator("#code").FillAsync(code);
        await App.GetByRole(AriaRole.Button, new() { Name = "Connect" }).ClickAsync();
    }

    public Task ChooseAsync(string label) => App.GetByRole(AriaRole.Button, new() { Name = label, Exact = true }).ClickAsync();

    public Task SeesAsync(string text) => Assertions.Expect(App.Locator("body")).ToContainTextAsync(text);

    public Task TerminalShowsAsync(string text) => Assertions.Expect(Terminal.Locator("body")).ToContainTextAsync(text);

    /// <summary>Presses digits on the terminal's pad, and OK.</summary>
    public async Task EnterAsync(string digits)
    {
        foreach (var digit in digits)
            await Terminal.GetByRole(AriaRole.Button, new() { Name = digit.ToString(), Exact = true }).ClickAsync();
        await Terminal.Locator("#ok").ClickAsync();
    }

    /// <summary>What stands on the two lines of the text terminal.</summary>
    public Task LinesShowAsync(string text) => Assertions.Expect(TextTerminal.Locator("#lcd")).ToContainTextAsync(text);

    public Task PressAsync(string key) => TextTerminal.GetByRole(AriaRole.Button, new() { Name = key, Exact = true }).ClickAsync();
}
