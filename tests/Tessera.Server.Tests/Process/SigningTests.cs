using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>Documents are signed at the terminals of a running server, and its evidence holds without it.</summary>
public sealed class SigningTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RunningServer Server => shared.Server;

    [Fact]
    public async Task An_order_is_signed_beside_a_browser_and_another_at_a_counter()
    {
        await Server.InsertAsync("pc", Cancel);
        using var terminal = await Server.TerminalAsync("pc", Cancel);
        var code = (await terminal.SeeAsync(screen => screen.Code.Length > 0, Cancel)).Code;
        using var browser = new HttpClient { BaseAddress = Server.Address };
        using var paired = await browser.PostAsJsonAsync("/api/pair", new { code, application = "orders" }, Cancel);
        var pairing = await paired.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        browser.DefaultRequestHeaders.Add("X-Tessera-Browser", pairing.GetProperty("token").GetString());
        await AnswerAsync(browser, "What shall we bring?", ticket => new { ticket, choice = 1 });

        var shown = await terminal.SeeAsync("text", Cancel);
        Assert.Contains("Coal, 500 kg", shown.ToString(), StringComparison.Ordinal);
        await terminal.GoOnAsync(Cancel);
        await AtThePc.EnterPinAsync(terminal, Cancel);
        await AnswerAsync(browser, "Your signature is on file", ticket => new { ticket });

        var evidence = Assert.Single((await Server.GetAsync("/api/evidence", Cancel)).EnumerateArray());
        Assert.Equal("orders", evidence.GetProperty("application").GetString());
        await HoldsAsync(evidence.GetProperty("id").GetString()!, "Coal, 500 kg: 240.00");

        // The same card at the counter, where a clerk wants something else signed.
        await Server.PullAsync(Cancel);
        var at = pairing.GetProperty("terminal").GetString();
        var ordered = Server.Http.PostAsJsonAsync(
            $"/api/terminals/{at}/signatures",
            new { title = "Key 12", text = "handed over to me today" }, Cancel);
        await Eventually.SeeAsync(
            async () =>
            {
                // Until the order has come there is nothing there (404).
                using var seen = await Server.Http.GetAsync($"/api/terminals/{at}/signatures", Cancel);
                return await seen.Content.ReadAsStringAsync(Cancel);
            },
            waiting => waiting.Contains("Key 12", StringComparison.Ordinal), Cancel);
        await Server.InsertAsync("pc", Cancel);
        Assert.Contains("handed over to me today", (await terminal.SeeAsync("text", Cancel)).ToString(), StringComparison.Ordinal);
        await terminal.GoOnAsync(Cancel);
        await AtThePc.EnterPinAsync(terminal, Cancel);
        using var signed = await ordered;
        var told = await signed.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        await HoldsAsync(told.GetProperty("evidence").GetString()!, "handed over to me today");

        using var unknown = await Server.Http.GetAsync("/api/evidence/0000000000000000", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private async Task HoldsAsync(string id, string text)
    {
        var page = await Server.Http.GetStringAsync($"/evidence/{id}", Cancel);
        Assert.Contains(">holds<", page, StringComparison.Ordinal);
        Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.Contains(id, await Server.Http.GetStringAsync("/evidence", Cancel), StringComparison.Ordinal);
        Assert.Equal(
            await Server.Http.GetByteArrayAsync($"/api/evidence/{id}", Cancel),
            await Server.Http.GetByteArrayAsync($"/evidence/{id}/file", Cancel));
    }

    private static async Task AnswerAsync(HttpClient browser, string text, Func<string, object> answer)
    {
        var sight = await Eventually.SeeAsync(
            () => browser.GetFromJsonAsync<JsonElement>("/api/session", Cancel),
            sight => !sight.GetProperty("kind").ValueEquals("status") &&
                sight.GetRawText().Contains(text, StringComparison.Ordinal), Cancel);
        using var answered = await browser.PostAsJsonAsync(
            "/api/session/answer", answer(sight.GetProperty("ticket").GetString()!), Cancel);
        Assert.Equal(HttpStatusCode.NoContent, answered.StatusCode);
    }
}
