using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Tessera.Browser.Tests;

/// <summary>The mobile phone of the lab as a thumb works it: what stands on its screen, and its keys.</summary>
internal sealed class PhoneFrame(IPage page)
{
    private const char Mark = '›';

    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    public IFrameLocator Frame => page.FrameLocator("iframe[title='Mobile phone']");

    private ILocator Screen => Frame.Locator("#screen");

    public Task ShowsAsync(string text) => Assertions.Expect(Screen).ToContainTextAsync(text);

    /// <summary>Comes to a screen, by way of a notice where there is one.</summary>
    public async Task IsToldAsync(string notice, string text)
    {
        var either = new Regex($"{Regex.Escape(notice)}|{Regex.Escape(text)}", RegexOptions.None, MatchLimit);
        await Assertions.Expect(Screen).ToContainTextAsync(either);
        if ((await Screen.InnerTextAsync()).Contains(notice, StringComparison.Ordinal)) await PressAsync("ok");
        await ShowsAsync(text);
    }

    /// <summary>From any screen to the items that the SIM put into the phone's menu, and takes one of them.</summary>
    public async Task TakeAsync(string item)
    {
        await Assertions.Expect(Frame.Locator("#signal")).Not.ToHaveAttributeAsync("data-bars", "0");
        await PressAsync("end");
        await Assertions.Expect(Frame.Locator("#left")).ToHaveTextAsync("Menu");
        await PressAsync("left");
        await ChooseAsync("Tessera");
        await ChooseAsync(item);
    }

    /// <summary>Moves the mark of a list to the item, and takes it.</summary>
    public async Task ChooseAsync(string item)
    {
        var wanted = new Regex($@"(^|\n)[› ]{Regex.Escape(item)}", RegexOptions.None, MatchLimit);
        await Assertions.Expect(Screen).ToHaveTextAsync(wanted, new() { UseInnerText = true });
        string[] lines = (await Screen.InnerTextAsync()).Split('\n');
        var marked = Array.FindIndex(lines, line => line.StartsWith(Mark));
        var way = Array.FindIndex(lines, line => line.AsSpan().TrimStart(Mark).TrimStart().StartsWith(item)) - marked;
        for (var step = 0; step < Math.Abs(way); step++) await PressAsync(way > 0 ? "down" : "up");
        await PressAsync("ok");
    }

    /// <summary>Sets the language in the settings.</summary>
    public async Task SpeakAsync(string language)
    {
        await TakeAsync("Settings");
        await ChooseAsync("Language");
        await ChooseAsync(language);
        await ShowsAsync("Saved.");
        await PressAsync("ok");
    }

    public Task OpenFaultsAsync() => Frame.Locator("#faults > summary").ClickAsync();

    /// <summary>Throws a switch of the lab, and sees that it is thrown.</summary>
    public async Task ThrowAsync(string fault)
    {
        await Frame.Locator($"#{fault}").ClickAsync();
        await Assertions.Expect(Frame.Locator($"#{fault}")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    /// <summary>The fault has happened: its switch is back.</summary>
    public Task HappenedAsync(string fault) =>
        Assertions.Expect(Frame.Locator($"#{fault}")).ToHaveAttributeAsync("aria-pressed", "false");

    /// <summary>So many messages wait in the air.</summary>
    public Task HoldsAsync(string release, int count) =>
        Assertions.Expect(Frame.Locator($"#{release}")).ToHaveTextAsync($"Release {count}");

    /// <summary>How many messages or writes the next switch is for.</summary>
    public Task SetCountAsync(int count) => Frame.Locator("#fault-count").FillAsync($"{count}");

    public Task SwitchAsync(string id) => Frame.Locator($"#{id}").ClickAsync();

    /// <summary>The log has an entry with that text.</summary>
    public Task LoggedAsync(string text) =>
        Assertions.Expect(Frame.Locator("#entries li", new() { HasText = text }).First).ToBeAttachedAsync();

    /// <summary>A walk through a tunnel: the network is gone and back.</summary>
    public async Task TunnelAsync()
    {
        await SwitchAsync("signal-switch");
        await Assertions.Expect(Frame.Locator("#signal")).ToHaveAttributeAsync("data-bars", "0");
        await SwitchAsync("signal-switch");
        await Assertions.Expect(Frame.Locator("#signal")).Not.ToHaveAttributeAsync("data-bars", "0");
    }

    public async Task EnterAsync(string digits)
    {
        foreach (var digit in digits) await PressAsync($"digit{digit}");
        await PressAsync("ok");
    }

    /// <summary>From the purse's menu to the words that the ticket is paid.</summary>
    public async Task BuyTicketAsync(string pin)
    {
        await ChooseAsync("Pay");
        await ChooseAsync("Bus ticket 3.20");
        await ShowsAsync("PIN");
        await EnterAsync(pin);
        await ShowsAsync("Paid. Enjoy it!");
    }

    /// <summary>Whether the phone is on, as its page says.</summary>
    public Task IsAsync(string state) =>
        Assertions.Expect(Frame.Locator("#phone")).ToHaveAttributeAsync("data-state", state);

    public Task PressAsync(string key) => Frame.Locator($"#key-{key}").ClickAsync();
}
