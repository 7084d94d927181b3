using System.Net;
using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Storage;
using Tessera.Storage.Holders;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>Who stands at a terminal disables the card in it: <c>POST /api/terminals/{terminal}/card/disable</c>.</summary>
public sealed class DisableTests
{
    private const string Disabled = "This card has been disabled.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_in_a_session_is_disabled_with_it_and_stays_so_when_the_server_begins_again()
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        using var browser = new HolderBrowser(server.Address);
        await AtThePc.BeginAsync(server, browser, Cancel);
        var card = CardId.Parse((await server.CardAsync("card", Cancel)).GetProperty("id").GetString()!);
        var pc = await IdOfAsync(server);
        await using (var database = await Database.OpenAsync(Path.Combine(server.Data, "tessera.db"), cancel: Cancel))
        {
            var holders = new SqliteHolderStore(database);
            await holders.StandAsync(card, CardState.Stolen, [CardState.Active], TimeProvider.System.GetUtcNow(), Cancel);
            Assert.Equal((HttpStatusCode.Conflict, "\"The card is Stolen.\""), await DisableAsync(server, pc));
            await holders.StandAsync(card, CardState.Active, [CardState.Stolen], TimeProvider.System.GetUtcNow(), Cancel);

            Assert.Equal((HttpStatusCode.OK, $$"""{"card":"{{card}}"}"""), await DisableAsync(server, pc));
            Assert.Equal(CardState.Disabled, (await holders.FindCardAsync(card, Cancel))!.State);
        }

        await browser.PressAsync("Load money", Cancel);
        await browser.SeesAsync(Disabled, Cancel);
        await Eventually.SeeAsync(
            () => DisableAsync(server, pc), answer => answer.Status == HttpStatusCode.NotFound, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, (await DisableAsync(server, "0000000000000000")).Status);

        await server.RestartAsync(Cancel);
        await server.InsertAsync("text", Cancel);
        using var terminal = await server.TerminalAsync("text", Cancel);
        await terminal.SeeLinesAsync("disabled.", Cancel);
    }

    private static async Task<string> IdOfAsync(RunningServer server) =>
        (await server.GetAsync("/api/terminals", Cancel)).EnumerateArray()
            .Single(one => one.GetProperty("rich").GetBoolean()).GetProperty("terminal").GetString()!;

    private static async Task<(HttpStatusCode Status, string Told)> DisableAsync(RunningServer server, string terminal)
    {
        using var answer = await server.Http.PostAsync($"/api/terminals/{terminal}/card/disable", null, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
