using System.Text.Json;
using Tessera.Testing;
using Xunit;
using static Tessera.Server.Tests.Process.AtThePc;

namespace Tessera.Server.Tests.Process;

/// <summary>The holder's life with a real server process: it is killed at bad moments, and nothing is lost or paid twice.</summary>
public sealed class LifeTests
{

    /// <summary>Writes of the card from VERIFY on: the next one would commit the movement.</summary>
    private const int BeforeTheCommit = 4;

    /// <summary>The movement is done, its answer is lost.</summary>
    private const int AfterTheCommit = 5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_start_finds_everything_as_it_was_left()
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        using var browser = new HolderBrowser(server.Address);
        await BeginAsync(server, browser, Cancel);
        await LoadFiftyAsync(browser, Cancel);
        await OrderLunchAsync(browser, Cancel);
        using (var terminal = await server.TerminalAsync("pc", Cancel)) await EnterPinAsync(terminal, Cancel);
        await browser.SeesAsync("Paid. Enjoy it!", Cancel);
        await browser.PressAsync("Continue", Cancel);
        await browser.SeesAsync("You have 37.50.", Cancel);
        var before = await RememberedAsync(server);

        await server.RestartAsync(Cancel);

        await browser.SeesAsync("Your card is out", Cancel);
        await server.InsertAsync("pc", Cancel);
        await browser.SeesAsync("You have 37.50.", Cancel);
        Assert.Equal(before, await RememberedAsync(server));
        await CheckNoPinAsync(server, browser);
    }

    [Fact]
    public async Task Killed_while_the_PIN_is_asked_it_tells_the_holder_that_nothing_was_paid_and_sells_lunch_once()
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        using var browser = new HolderBrowser(server.Address);
        await BeginAsync(server, browser, Cancel);
        await LoadFiftyAsync(browser, Cancel);
        await OrderLunchAsync(browser, Cancel);
        using (var terminal = await server.TerminalAsync("pc", Cancel))
            Assert.Equal("Lunch: 12.50 EUR", (await terminal.SeeAsync("secret", Cancel)).Payment);

        await server.RestartAsync(Cancel);

        var open = (await server.BookAsync(Cancel)).GetProperty("open").EnumerateArray();
        Assert.Equal(1250, Assert.Single(open).GetProperty("hold").GetInt64());
        await server.InsertAsync("pc", Cancel);
        await browser.SeesAsync("Your payment for Lunch was not made. Nothing was taken.", Cancel);
        await browser.PressAsync("Continue", Cancel);
        await OrderLunchAsync(browser, Cancel);
        using (var terminal = await server.TerminalAsync("pc", Cancel)) await EnterPinAsync(terminal, Cancel);
        await browser.SeesAsync("Paid. Enjoy it!", Cancel);
        await browser.PressAsync("Continue", Cancel);
        await browser.SeesAsync("You have 37.50.", Cancel);

        await CheckAccountAsync(server, 3750);
        await CheckNoPinAsync(server, browser);
    }

    [Fact]
    public async Task A_card_that_loses_its_power_while_it_pays_is_told_the_truth_when_it_is_back()
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        using var browser = new HolderBrowser(server.Address);
        await BeginAsync(server, browser, Cancel);
        await LoadFiftyAsync(browser, Cancel);
        await OrderLunchAsync(browser, Cancel);

        await LoseThePowerAsync(server, browser, BeforeTheCommit);
        await browser.SeesAsync("Your payment for Lunch was not made. Nothing was taken.", Cancel);
        await CheckAccountAsync(server, 5000);
        await browser.PressAsync("Continue", Cancel);

        await LoseThePowerAsync(server, browser, AfterTheCommit);
        await browser.SeesAsync("Paid. Enjoy it!", Cancel);
        await CheckAccountAsync(server, 3750);
        await CheckNoPinAsync(server, browser);
    }

    /// <summary>Enters the PIN, has the card cut off at a write after it, and puts it back.</summary>
    private static async Task LoseThePowerAsync(RunningServer server, HolderBrowser browser, int writes)
    {
        using var terminal = await server.TerminalAsync("pc", Cancel);
        await terminal.SeeAsync("secret", Cancel);
        await server.CutAsync(writes, Cancel);
        await EnterPinAsync(terminal, Cancel);
        await browser.SeesAsync("Your card is out", Cancel);
        Assert.Single((await server.BookAsync(Cancel)).GetProperty("open").EnumerateArray());
        await server.InsertAsync("pc", Cancel);
    }

    /// <summary>The book, the cards and the terminals.</summary>
    private static async Task<string> RememberedAsync(RunningServer server)
    {
        var terminals = await Eventually.SeeAsync(
            () => server.GetAsync("/api/terminals", Cancel), HasTwoConnected, Cancel);
        var ids = terminals.EnumerateArray().Select(one => $"{one.GetProperty("terminal")} {one.GetProperty("name")}");
        var cards = (await server.GetAsync("/api/lab", Cancel)).GetProperty("cards");
        return string.Join('\n', [(await server.BookAsync(Cancel)).GetRawText(), cards.GetRawText(), .. ids.Order(StringComparer.Ordinal)]);
    }

    private static bool HasTwoConnected(JsonElement terminals) =>
        terminals.EnumerateArray().Count(one => one.GetProperty("connected").GetBoolean()) == 2;

    /// <summary>The account, and the card with it, in minor units.</summary>
    private static async Task CheckAccountAsync(RunningServer server, int account)
    {
        var book = await server.BookAsync(Cancel);
        Assert.Empty(book.GetProperty("open").EnumerateArray());
        var card = (await server.CardAsync("card", Cancel)).GetProperty("id").GetString();
        var copy = book.GetProperty("copies").EnumerateArray().Single(one => one.GetProperty("card").ValueEquals(card));
        Assert.Equal((account, account), (copy.GetProperty("account").GetInt64(), copy.GetProperty("proven").GetInt64()));
    }

    private static async Task CheckNoPinAsync(RunningServer server, HolderBrowser browser)
    {
        await server.BookAsync(Cancel);
        Assert.DoesNotContain(AtThePc.Pin, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(AtThePc.Pin, browser.Traffic.ToString(), StringComparison.Ordinal);
    }
}
