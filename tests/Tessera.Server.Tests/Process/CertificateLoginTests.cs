using System.Net.Http.Json;
using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>A running server that accepts no card without a certificate of the folder it trusts.</summary>
public class CertificateLoginTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_of_the_lab_is_recognised_by_its_certificate()
    {
        await using var server = await RunningServer.StartAsync(Cancel, "--certificates", "required");
        await server.InsertAsync("pc", Cancel);
        using var terminal = await server.TerminalAsync("pc", Cancel);
        var code = (await terminal.SeeAsync(screen => screen.Code.Length > 0, Cancel)).Code;
        using var browser = new HttpClient { BaseAddress = server.Address };
        using var paired = await browser.PostAsJsonAsync("/api/pair", new { code, application = "orders" }, Cancel);
        var pairing = await paired.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        browser.DefaultRequestHeaders.Add("X-Tessera-Browser", pairing.GetProperty("token").GetString());

        await SeeAsync(browser, "What shall we bring?");
    }

    private static Task<string> SeeAsync(HttpClient browser, string text) => Eventually.SeeAsync(
        () => browser.GetStringAsync("/api/session", Cancel),
        sight => sight.Contains(text, StringComparison.Ordinal), Cancel);
}
