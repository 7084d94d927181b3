using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Tessera.Browser.Tests.Chromium))]

namespace Tessera.Browser.Tests;

/// <summary>
/// Debian's Chromium without a window, one for all tests: to start it costs more than most of them take. Skipped by name
/// where it is not installed.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Path = "/usr/bin/chromium-headless-shell";

    /// <summary>Milliseconds after which something does not happen any more.</summary>
    private const int Patience = 30_000;

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _started = new(LaunchAsync);

    /// <summary>A page with a profile of its own, which its owner closes.</summary>
    public async Task<IPage> OpenAsync(Uri address)
    {
        Assert.SkipUnless(File.Exists(Path), "install chromium-headless-shell");
        var (_, browser) = await _started.Value;
        var page = await browser.NewPageAsync(new BrowserNewPageOptions
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
        if (!_started.IsValueCreated) return;
        var (playwright, browser) = await _started.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> LaunchAsync()
    {
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
        return (playwright, browser);
    }

    private static string? PictureOf(string name) =>
        Environment.GetEnvironmentVariable("TESSERA_SCREENSHOTS") is { Length: > 0 } folder
            ? System.IO.Path.Combine(folder, $"{name}.png")
            : null;
}
