using Microsoft.Playwright;
using Xunit;

namespace Tessera.Browser.Tests;

/// <summary>Debian's Chromium, headless, for one test class; skipped by name where it is not installed.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Path = "/usr/bin/chromium";

    /// <summary>Milliseconds after which something does not happen any more.</summary>
    private const int Patience = 30_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Path), "install chromium");
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Path,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        return new Chromium(playwright, browser);
    }

    public async Task<IPage> OpenAsync(Uri address)
    {
        var page = await _browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = 1480, Height = 1340 },
        });
        page.SetDefaultTimeout(Patience);
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>A picture for people, where the environment names a folder for them.</summary>
    public static async Task ShootAsync(IPage page, string name)
    {
        if (PictureOf(name) is { } path) await page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = true });
    }

    /// <summary>The same of a part of a page.</summary>
    public static async Task ShootAsync(ILocator part, string name)
    {
        if (PictureOf(name) is { } path) await part.ScreenshotAsync(new LocatorScreenshotOptions { Path = path });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string? PictureOf(string name) =>
        Environment.GetEnvironmentVariable("TESSERA_SCREENSHOTS") is { Length: > 0 } folder
            ? System.IO.Path.Combine(folder, $"{name}.png")
            : null;
}
