using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>A real server with its lab, its API and its data, that can be killed and started again where it was.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly TempFolder _data = new();
    private ServerProcess _process = null!;

    private RunningServer() { }

    public Uri Address => _process.Address;

    /// <summary>Everything it printed, in all its lives.</summary>
    public string Output => _before + _process.Output;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Its data folder.</summary>
    public string Data => _data.Path;

    public static async Task<RunningServer> StartAsync(CancellationToken cancel, params IEnumerable<string> arguments)
    {
        var server = new RunningServer();
        try
        {
            server._process = await ServerProcess.StartAsync(server._data.Path, cancel, arguments);
            server.Http = new HttpClient { BaseAddress = server.Address };
            return server;
        }
        catch
        {
            server._data.Dispose();
            throw;
        }
    }

    /// <summary>Kills it as a power cut would, and starts it again on the same ports and data.</summary>
    public async Task RestartAsync(CancellationToken cancel)
    {
        var links = new Uri((await GetAsync("/api/link", cancel)).GetProperty("address").GetString()!);
        await _process.KillAsync();
        _before += _process.Output;
        await _process.DisposeAsync();
        _process = await ServerProcess.StartAsync(
            _data.Path, cancel, "--port", Text(Address.Port), "--link-port", Text(links.Port));
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancel) => Http.GetFromJsonAsync<JsonElement>(path, cancel);

    public Task InsertAsync(string place, CancellationToken cancel, string card = "card") =>
        DoAsync($"/api/lab/cards/{card}/insert", JsonContent.Create(new { place }), cancel);

    public Task PullAsync(CancellationToken cancel) => DoAsync("/api/lab/cards/card/pull", null, cancel);

    /// <summary>Cuts the card's power after that many more writes of its memory.</summary>
    public Task CutAsync(int writes, CancellationToken cancel) =>
        DoAsync($"/api/lab/cards/card/cut?writes={Text(writes)}", null, cancel);

    /// <summary>A card of the lab, by its name.</summary>
    public async Task<JsonElement> CardAsync(string name, CancellationToken cancel) =>
        (await GetAsync("/api/lab", cancel)).GetProperty("cards").EnumerateArray()
            .Single(card => card.GetProperty("name").ValueEquals(name));

    /// <summary>The page of a terminal of the lab.</summary>
    public async Task<TerminalPage> TerminalAsync(string place, CancellationToken cancel)
    {
        var places = (await GetAsync("/api/lab", cancel)).GetProperty("places").EnumerateArray();
        var found = places.Single(one => one.GetProperty("name").ValueEquals(place));
        return await TerminalPage.OpenAsync(new Uri(found.GetProperty("page").GetString()!), cancel);
    }

    /// <summary>The whole book, which holds.</summary>
    public async Task<JsonElement> BookAsync(CancellationToken cancel)
    {
        var book = await GetAsync("/api/ledger", cancel);
        Assert.True(book.GetProperty("holds").GetBoolean(), book.GetRawText());
        return book;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
        _data.Dispose();
    }

    private string _before = "";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task DoAsync(string path, HttpContent? content, CancellationToken cancel)
    {
        using var response = await Http.PostAsync(path, content, cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancel));
    }
}
