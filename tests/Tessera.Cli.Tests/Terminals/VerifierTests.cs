using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Xunit;

namespace Tessera.Cli.Tests.Terminals;

/// <summary>
/// The real server, a real terminal and a real verifier, each a process: a PIN goes from the terminal to the verifier, and the
/// server that carries it learns that it was right.
/// </summary>
public sealed class VerifierTests : IAsyncLifetime
{
    private const string Pin = "493827";

    /// <summary>Its place among the errands of the shop.</summary>
    private const int Balance = 4;

    private readonly TempFolder _folder = new();
    private ServerProcess? _server;
    private ToolProcess? _verifier;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Folder => _folder.File("verifier");

    private string Published => Path.Combine(Folder, "verifier");

    private string Card => Path.Combine(_folder.Path, "lab", "card.img");

    private ServerProcess Server => _server!;

    public async ValueTask InitializeAsync() => await this.OrEndAsync(SetUpAsync);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_verifier is not null) await _verifier.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_balance_is_told_when_the_verifier_has_said_that_it_is_the_holder_and_not_without()
    {
        await using (var terminal = Start("terminal", "--verifier", Published))
        {
            using var page = await PageAsync(terminal);
            using var browser = await AtTheShopAsync(page);
            await AskForBalanceAsync(browser);
            var asked = await page.SeeAsync("secret", Cancel);
            Assert.Equal(
                "Tell the balance\nPIN goes to\nLake Bank:", asked.Json.GetProperty("request").GetProperty("text").GetString());
            await page.EnterAsync("secret", "111111", Cancel);
            await SeeAsync(browser, "Wrong PIN. 2 tries left.");
            await GoOnAsync(browser);
            await page.EnterAsync("secret", Pin, Cancel);
            await SeeAsync(browser, "Your balance is 0.00.");
            await GoOnAsync(browser);

            await _verifier!.SignalAsync("INT", Cancel);
            await AskForBalanceAsync(browser);
            await SeeAsync(browser, "Lake Bank cannot be asked now.");
            await terminal.SignalAsync("INT", Cancel);
        }

        Assert.DoesNotContain(Pin, Server.Output, StringComparison.Ordinal);
        Assert.True(await KeepsNoPinAsync(), "A file of the server or the terminal has the PIN.");

        await using var unset = Start("another");
        using var unsetPage = await PageAsync(unset);
        using var again = await AtTheShopAsync(unsetPage);
        await AskForBalanceAsync(again);
        await SeeAsync(again, "This terminal sends nothing to Lake Bank.");
    }

    private async Task SetUpAsync()
    {
        await RunAsync("verifier", "new", "--dir", Folder, "--name", "Lake Bank");
        _verifier = ToolProcess.Start(["verifier", "serve", "--dir", Folder]);
        var ready = await _verifier.LineAsync(Cancel);
        var at = ready[(ready.LastIndexOf(' ') + 1)..];
        _server = await ServerProcess.StartAsync(
            _folder.Path, Cancel, "--verification", "verifier", "--verifier", Published, "--verifier-at", at);
        using var http = new HttpClient { BaseAddress = _server.Address };
        var link = await http.GetFromJsonAsync<JsonElement>("/api/link", Cancel);
        await RunAsync("verifier", "allow", link.GetProperty("pin").GetString()!, "--dir", Folder);
        using var card = CardImage.Open(FileMedium.Open(Card));
        var run = await ToolProcess.RunAsync(
            ["verifier", "enrol", card.Id.ToString(), "--dir", Folder, "--pin", "-"], Cancel, Pin + "\n");
        Assert.Equal((0, $"Lake Bank knows the holder of {card.Id} by PIN.\n", ""), (run.ExitCode, run.Output, run.Error));
    }

    private ToolProcess Start(string folder, params ReadOnlySpan<string> more) => ToolProcess.Start(
    [
        "terminal", "run", "--link", "tls", "--server", Server.Address.ToString(), "--dir", _folder.File(folder),
        "--card", Card, .. more,
    ]);

    private static async Task<TerminalPage> PageAsync(ToolProcess terminal)
    {
        var ready = await terminal.LineAsync(Cancel);
        return await TerminalPage.OpenAsync(new Uri(ready[(ready.LastIndexOf(' ') + 1)..]), Cancel);
    }

    private async Task<HttpClient> AtTheShopAsync(TerminalPage page)
    {
        var code = (await page.SeeAsync(screen => screen.Code.Length > 0, Cancel)).Code;
        var browser = new HttpClient { BaseAddress = Server.Address };
        using var paired = await browser.PostAsJsonAsync("/api/pair", new { code, application = "shop" }, Cancel);
        var pairing = await paired.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        browser.DefaultRequestHeaders.Add("X-Tessera-Browser", pairing.GetProperty("token").GetString());
        await SeeAsync(browser, "What would you like?");
        return browser;
    }

    private static Task GoOnAsync(HttpClient browser) =>
        AnswerAsync(browser, sight => sight.GetProperty("kind").ValueEquals("note"), choice: null);

    private static Task AskForBalanceAsync(HttpClient browser) => AnswerAsync(
        browser, sight => sight.GetProperty("choices").EnumerateArray().Any(one => one.ValueEquals("Your balance")), Balance);

    private static Task<string> SeeAsync(HttpClient browser, string text) => Eventually.SeeAsync(
        () => browser.GetStringAsync("/api/session", Cancel),
        sight => sight.Contains(text, StringComparison.Ordinal), Cancel);

    /// <summary>Presses that choice, or goes on, as soon as the page is what is wanted.</summary>
    private static async Task AnswerAsync(HttpClient browser, Func<JsonElement, bool> wanted, int? choice)
    {
        var sight = await Eventually.SeeAsync(
            () => browser.GetFromJsonAsync<JsonElement>("/api/session", Cancel), wanted, Cancel);
        using var answered = await browser.PostAsJsonAsync(
            "/api/session/answer", new { ticket = sight.GetProperty("ticket").GetString(), choice }, Cancel);
        answered.EnsureSuccessStatusCode();
    }

    /// <summary>Database and journal: neither as it was typed into a block nor in hexadecimal is the PIN in anything that the server keeps.</summary>
    private async Task<bool> KeepsNoPinAsync()
    {
        byte[][] forms = [[.. Encoding.ASCII.GetBytes(Pin), 0xFF, 0xFF], Encoding.ASCII.GetBytes("343933383237")];
        string[] kept = [.. Directory.GetFiles(_folder.Path, "tessera.db*"), _folder.File("terminal/scripts.journal")];
        foreach (var path in kept)
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var octets = new MemoryStream();
            await file.CopyToAsync(octets, Cancel);
            if (forms.Any(form => octets.ToArray().AsSpan().IndexOf(form) >= 0)) return false;
        }

        return kept.Length > 1;
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var run = await ToolProcess.RunAsync(arguments, Cancel);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }
}
