using System.Globalization;
using Microsoft.Playwright;

namespace Tessera.Browser.Tests;

/// <summary>The lab as a person works it: the browser in its window, the terminals, the card in the hand.</summary>
internal sealed class LabPage(IPage page)
{
    private const string Purse = "Purse";

    public IFrameLocator App => page.FrameLocator("iframe[title^='The card']");

    public IFrameLocator Terminal => page.FrameLocator("iframe[title^='PC']");

    public IFrameLocator TextTerminal => page.FrameLocator("iframe[title^='Text']");

    public PhoneFrame Phone { get; } = new(page);

    public Task InsertAsync(string place, string card = "card") => page.Locator($"#insert-{card}-{place}").ClickAsync();

    public Task PullAsync(string card = "card") => page.Locator($"#pull-{card}").ClickAsync();

    /// <summary>Names the page that an answer is for.</summary>
    public Task<string> TicketAsync() => App.Locator("[name=ticket]").InputValueAsync();

    public Task IsAnotherPageAsync(string ticket) =>
        Assertions.Expect(App.Locator($"[name=ticket]:not([value='{ticket}'])")).ToHaveCountAsync(1);

    /// <summary>Where the lab's page says that a card is.</summary>
    public Task IsAsync(string card, string place) =>
        Assertions.Expect(page.Locator($"div:has(> form #pull-{card}) > p .pill")).ToHaveTextAsync(place);

    public Task<string> CardIdAsync(string card) =>
        page.Locator($"div:has(> form #pull-{card}) > p .hex").InnerTextAsync();

    /// <summary>Connects the browser with the terminal, and opens an application of the card.</summary>
    public async Task ConnectAsync(string application = Purse)
    {
        await PairAsync();
        await OpenAsync(application);
    }

    /// <summary>Types the code the terminal shows into the page of the card.</summary>
    public async Task PairAsync()
    {
        var code = await Terminal.Locator("#code").InnerTextAsync();
        await App.Locator("#code").FillAsync(code);
        await App.GetByRole(AriaRole.Button, new() { Name = "Connect" }).ClickAsync();
    }

    /// <summary>Chooses from the list of what the card carries.</summary>
    public async Task OpenAsync(string application = Purse)
    {
        await Assertions.Expect(App.Locator(".tiles")).ToBeVisibleAsync();
        await ChooseAsync(application);
    }

    /// <summary>Sets the language in the settings, which are open, and leaves them.</summary>
    public async Task SpeakAsync(string language)
    {
        await ChooseAsync("Language");
        await ChooseAsync(language);
        await SeesAsync("Saved.");
        await ChooseAsync("Continue");
        await SettingIsAsync("Language", language);
        await ChooseAsync("Leave");
        await SeesAsync("Goodbye");
    }

    public Task SettingIsAsync(string setting, string value) =>
        Assertions.Expect(App.Locator("tr", new() { HasText = setting })).ToContainTextAsync(value);

    /// <summary>Says goodbye and takes the card.</summary>
    public async Task LeaveAsync(string card = "card")
    {
        await ChooseAsync("Leave");
        await SeesAsync("Goodbye");
        await PullAsync(card);
    }

    /// <summary>Loads fifty, and is at the purse again.</summary>
    public async Task LoadAsync()
    {
        await SeesAsync("You have 0.00.");
        await ChooseAsync("Load money");
        await ChooseAsync("50.00");
        await SeesAsync("50.00 came from your bank.");
        await ChooseAsync("Continue");
        await SeesAsync("You have 50.00.");
    }

    /// <summary>Loads fifty and pays a lunch with the PIN on the terminal: 37.50 are left.</summary>
    public async Task LunchAsync(string pin)
    {
        await LoadAsync();
        await ChooseAsync("Pay");
        await ChooseAsync("Lunch 12.50");
        await TerminalShowsAsync("12.50 EUR");
        await EnterAsync(pin);
        await SeesAsync("Paid. Enjoy it!");
        await ChooseAsync("Continue");
        await SeesAsync("You have 37.50.");
    }

    /// <summary>What the newest session of the phone took, once it is over.</summary>
    public async Task<int> ShortMessagesAsync()
    {
        var session = page.Locator("#road [data-messages]").First;
        await Assertions.Expect(session.Locator(".pill:not(.good)")).ToBeVisibleAsync();
        return int.Parse((await session.GetAttributeAsync("data-messages"))!, CultureInfo.InvariantCulture);
    }

    public Task ChooseAsync(string label) => App.GetByRole(AriaRole.Button, new() { Name = label, Exact = true }).ClickAsync();

    public Task ChooseStartingAsync(string label) => App.Locator("button", new() { HasText = label }).ClickAsync();

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
