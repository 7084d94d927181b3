using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests.Issuing;

/// <summary>A server that was never in a lab: its terminal is enrolled, its card issued, by the tool.</summary>
[SupportedOSPlatform("linux")]
public sealed class ServerWithoutLabTests : IDisposable
{
    private readonly IssuedHere _here = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task A_card_issued_while_the_server_runs_is_loaded_at_a_terminal_and_lost_there()
    {
        await using var server = await ServerProcess.StartAsync(_here.Data, Cancel, "--lab", "false", "--tls-port", "0");
        await IssuedHere.DoAsync("vault", "rotate", "--data", _here.Data);
        var image = await _here.BlankAsync("ada.img");
        var card = (await _here.IssueAsync(image, "Ada Marchand")).GetProperty("card").GetString()!;
        using var http = new HttpClient { BaseAddress = server.Address };
        await using (var terminal = await TerminalAsync(server, image))
        {
            using var page = await TerminalPage.OpenAsync(await ReadyAsync(terminal), Cancel);
            var idle = await page.SeeAsync(screen => screen is { HasCard: true, Code.Length: > 0 }, Cancel);
            var paired = await PostAsync(http, "/api/pair", new { code = idle.Code, application = "purse" });
            http.DefaultRequestHeaders.Add(
                "X-Tessera-Browser", (await paired.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("token").GetString());

            await ChooseAsync(http, "You have 0.00.", "Load money");
            await ChooseAsync(http, "Load how much?", "20.00");
            await SeeAsync(http, sight => sight.GetProperty("kind").ValueEquals("note"));
            Assert.Equal(0, (await terminal.SignalAsync("INT", Cancel)).ExitCode);
        }

        var info = await IssuedHere.DoAsync("card", "info", "--card", image, "--data", _here.Data);
        Assert.Equal(2000, info.GetProperty("card").GetProperty("purse").GetProperty("balance").GetInt64());
        Assert.Equal(2000, info.GetProperty("register").GetProperty("account").GetInt64());

        var fresh = await _here.BlankAsync("fresh.img");
        await IssuedHere.DoAsync(["card", "replace", card, .. _here.At(fresh)]);
        Assert.Equal("Revoked", await _here.StateAsync(card));
        Assert.Equal(0, (await IssuedHere.RunAsync("ledger", "check", "--data", _here.Data)).ExitCode);
    }

    private async Task<ToolProcess> TerminalAsync(ServerProcess server, string image)
    {
        var code = (await IssuedHere.DoAsync("terminal", "code", "--server", server.Address.ToString().TrimEnd('/')))
            .GetProperty("code").GetString()!;
        var stream = (await server.StreamAsync(Cancel)).Authority;
        var terminal = ToolProcess.Start(
        [
            "terminal", "run", "--enrol", "--server", stream, "--card", image, "--dir", _here.Folder.File("terminal"),
        ]);
        return await terminal.OrEndAsync(() => terminal.TypeAsync(code, Cancel));
    }

    private static async Task<Uri> ReadyAsync(ToolProcess terminal)
    {
        var line = await terminal.LineAsync(Cancel);
        while (!line.Contains(" is ready: ", StringComparison.Ordinal)) line = await terminal.LineAsync(Cancel);
        return new Uri(line[(line.LastIndexOf(' ') + 1)..]);
    }

    private static async Task ChooseAsync(HttpClient http, string title, string choice)
    {
        var sight = await SeeAsync(http, each => each.GetProperty("title").ValueEquals(title));
        var choices = sight.GetProperty("choices").EnumerateArray().Select(each => each.GetString()!).ToList();
        var place = choices.FindIndex(each => each.Contains(choice, StringComparison.Ordinal));
        Assert.True(place >= 0, sight.GetRawText());
        await PostAsync(
            http, "/api/session/answer", new { ticket = sight.GetProperty("ticket").GetString(), choice = place });
    }

    private static Task<JsonElement> SeeAsync(HttpClient http, Func<JsonElement, bool> wanted) => Eventually.SeeAsync(
        () => http.GetFromJsonAsync<JsonElement>("/api/session", Cancel), wanted, Cancel);

    private static async Task<HttpResponseMessage> PostAsync<T>(HttpClient http, string path, T body)
    {
        var response = await http.PostAsJsonAsync(path, body, Cancel);
        response.EnsureSuccessStatusCode();
        return response;
    }
}
