using Tessera.Testing;
using Tessera.VirtualCard;

namespace Tessera.Server.Tests.Process;

/// <summary>What the holder does at the PC.</summary>
internal static class AtThePc
{
    public const string Pin = DemonstrationKeys.Pin;

    /// <summary>Puts the card in and types the terminal's code into the browser.</summary>
    public static async Task BeginAsync(RunningServer server, HolderBrowser browser, CancellationToken cancel)
    {
        await server.InsertAsync("pc", cancel);
        using var terminal = await server.TerminalAsync("pc", cancel);
        await browser.ConnectAsync((await terminal.SeeAsync(screen => screen.Code.Length > 0, cancel)).Code, cancel);
        await browser.SeesAsync("You have 0.00.", cancel);
    }

    public static async Task LoadFiftyAsync(HolderBrowser browser, CancellationToken cancel)
    {
        await browser.PressAsync("Load money", cancel);
        await browser.PressAsync("50.00", cancel);
        await browser.SeesAsync("50.00 came from your bank.", cancel);
        await browser.PressAsync("Continue", cancel);
        await browser.SeesAsync("You have 50.00.", cancel);
    }

    public static async Task OrderLunchAsync(HolderBrowser browser, CancellationToken cancel)
    {
        await browser.PressAsync("Pay", cancel);
        await browser.PressAsync("Lunch 12.50", cancel);
        await browser.SeesAsync("Look at your terminal", cancel);
    }

    public static Task EnterPinAsync(TerminalPage terminal, CancellationToken cancel) =>
        terminal.EnterAsync("secret", Pin, cancel);

    /// <summary>Says goodbye and takes the card.</summary>
    public static async Task LeaveAsync(RunningServer server, HolderBrowser browser, CancellationToken cancel)
    {
        await browser.PressAsync("Leave", cancel);
        await browser.SeesAsync("Goodbye", cancel);
        await server.PullAsync(cancel);
    }

    /// <summary>Everything the holder does on the first road: 50.00 loaded, a lunch paid, 37.50 left.</summary>
    public static async Task LunchAsync(RunningServer server, HolderBrowser browser, CancellationToken cancel)
    {
        await BeginAsync(server, browser, cancel);
        await LoadFiftyAsync(browser, cancel);
        await OrderLunchAsync(browser, cancel);
        using (var terminal = await server.TerminalAsync("pc", cancel)) await EnterPinAsync(terminal, cancel);
        await browser.SeesAsync("Paid. Enjoy it!", cancel);
        await browser.PressAsync("Continue", cancel);
        await browser.SeesAsync("You have 37.50.", cancel);
    }
}
