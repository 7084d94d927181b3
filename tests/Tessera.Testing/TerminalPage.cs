using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Tessera.Testing;

/// <summary>A holder before the page of a terminal, as its script sees it: what it shows, and the keys.</summary>
/// <param name="page">Its address.</param>
/// <param name="token">What the page has and others have not.</param>
public sealed class TerminalPage(Uri page, string token) : IDisposable
{
    private const string TokenHeader = "X-Tessera-Token";
    private const string TokenMark = "<meta name=\"token\" content=\"";

    private readonly HttpClient _http = new() { BaseAddress = page };

    /// <summary>Loads the page as a browser does, and takes the token from it.</summary>
    public static async Task<TerminalPage> OpenAsync(Uri page, CancellationToken cancel)
    {
        using var http = new HttpClient();
        var html = await http.GetStringAsync(page, cancel);
        var at = html.IndexOf(TokenMark, StringComparison.Ordinal) + TokenMark.Length;
        return new TerminalPage(page, html[at..html.IndexOf('"', at)]);
    }

    /// <summary>What it shows now.</summary>
    public async Task<ShownScreen> LookAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/state");
        request.Headers.Add(TokenHeader, token);
        using var response = await _http.SendAsync(request, cancel);
        response.EnsureSuccessStatusCode();
        return new ShownScreen(await response.Content.ReadFromJsonAsync<JsonElement>(cancel));
    }

    /// <summary>What it shows, as soon as it is what is wanted.</summary>
    public Task<ShownScreen> SeeAsync(Func<ShownScreen, bool> wanted, CancellationToken cancel) =>
        Eventually.SeeAsync(() => LookAsync(cancel), wanted, cancel);

    /// <summary>A request of that kind: <c>text list typing amount secret decision</c>.</summary>
    public Task<ShownScreen> SeeAsync(string kind, CancellationToken cancel) =>
        SeeAsync(screen => string.Equals(screen.Kind, kind, StringComparison.Ordinal), cancel);

    /// <summary>Lines of text with that in them.</summary>
    public Task<ShownScreen> SeeLinesAsync(string text, CancellationToken cancel) =>
        SeeAsync(screen => screen.Lines.Contains(text, StringComparison.Ordinal), cancel);

    /// <summary>Types a PIN, amount or text into the next request for one.</summary>
    public async Task EnterAsync(string kind, string typed, CancellationToken cancel) =>
        await PostAsync($"/entry?ask={(await SeeAsync(kind, cancel)).Ask}", typed, cancel);

    /// <summary>Goes on behind a text.</summary>
    public async Task GoOnAsync(CancellationToken cancel) =>
        await PostAsync($"/ok?ask={(await SeeAsync("text", cancel)).Ask}", "", cancel);

    public async Task ChooseAsync(int place, CancellationToken cancel) =>
        await PostAsync($"/choice?ask={(await SeeAsync("list", cancel)).Ask}&place={place}", "", cancel);

    /// <summary>Answers yes or no to the next question that wants it.</summary>
    public async Task DecideAsync(bool yes, CancellationToken cancel) => await PostAsync(
        $"/decision?ask={(await SeeAsync("decision", cancel)).Ask}&yes={(yes ? "true" : "false")}", "", cancel);

    /// <summary>
    /// Takes the entry of the menu beside the display until the terminal does something: while a script is at work it does
    /// nothing.
    /// </summary>
    public Task TakeMenuAsync(string entry, CancellationToken cancel) => Eventually.SeeAsync(
        async () =>
        {
            var screen = await LookAsync(cancel);
            if (screen.Kind is "decision" || !string.Equals(screen.Menu, entry, StringComparison.Ordinal)) return screen;
            using var request = new HttpRequestMessage(HttpMethod.Post, "/menu");
            request.Headers.Add(TokenHeader, token);
            using var response = await _http.SendAsync(request, cancel);
            return await LookAsync(cancel);
        },
        screen => screen.Kind is "decision" || (screen.Menu.Length > 0 && !string.Equals(screen.Menu, entry, StringComparison.Ordinal)),
        cancel);

    /// <summary>Presses keys of a terminal with a small display, e.g. <c>Digit1 Ok</c>.</summary>
    public async Task PressAsync(string keys, CancellationToken cancel)
    {
        foreach (var key in keys.Split(' '))
            await PostAsync($"/key?ask={(await LookAsync(cancel)).Ask}&key={key}", "", cancel);
    }

    /// <summary>Presses a key for what was seen.</summary>
    /// <returns>False where something else is shown by now, so that the key did nothing.</returns>
    public async Task<bool> TryPressAsync(ShownScreen seen, string key, CancellationToken cancel)
    {
        using var response = await SendAsync($"/key?ask={seen.Ask}&key={key}", "", cancel);
        if (response.StatusCode == HttpStatusCode.Conflict) return false;
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        return true;
    }

    public void Dispose() => _http.Dispose();

    private async Task PostAsync(string path, string body, CancellationToken cancel)
    {
        using var response = await SendAsync(path, body, cancel);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Headers.Add(TokenHeader, token);
        return await _http.SendAsync(request, cancel);
    }
}

/// <summary>What a terminal's page was given to draw.</summary>
public sealed record ShownScreen(JsonElement Json)
{
    public string Kind => Text(Json, "kind");

    public long Ask => Json.GetProperty("ask").GetInt64();

    /// <summary>All lines of a small display; empty on a large one.</summary>
    public string Lines => Json.TryGetProperty("lines", out var lines)
        ? string.Join('\n', lines.EnumerateArray().Select(line => line.GetString()))
        : "";

    public bool Connected => Json.TryGetProperty("idle", out var idle) && idle.GetProperty("connected").GetBoolean();

    public bool HasCard => Json.TryGetProperty("idle", out var idle) && idle.GetProperty("card").GetBoolean();

    public string Code => Idle("code");

    public string Trouble => Idle("trouble");

    /// <summary>Item and amount of what is paid; empty where nothing is.</summary>
    public string Payment =>
        Json.TryGetProperty("request", out var request) && request.TryGetProperty("payment", out var payment)
            ? $"{Text(payment, "item")}: {Text(payment, "amount")} {Text(payment, "currency")}"
            : "";

    /// <summary>What the menu beside it says; empty where there is none.</summary>
    public string Menu => Text(Json, "menu");

    public string Request => Json.TryGetProperty("request", out var request) ? Text(request, "text") : "";

    public override string ToString() => Json.GetRawText();

    private string Idle(string name) => Json.TryGetProperty("idle", out var idle) ? Text(idle, name) : "";

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
