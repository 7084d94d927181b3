using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tessera.Cards.Purse;
using Tessera.Cli.Purses;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary>
/// A server of this machine: it tells who may connect, and with its lab on also where, and takes new terminals in.
/// </summary>
internal sealed class ServerAtHand : IDisposable
{
    private readonly HttpClient _http;

    private ServerAtHand(Uri address) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(10),
    };

    public static Option<string> Option { get; } = new("--server")
    {
        Description = "The server of this machine, its lab on.",
        HelpName = "address",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
    };

    /// <summary>The origin of its pages.</summary>
    public string Origin => _http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    /// <summary>The server that <see cref="Option"/> names.</summary>
    /// <exception cref="FormatException">Not an address of this machine: keys and pins travel unprotected.</exception>
    public static ServerAtHand Of(ParseResult parsed) => Of(parsed.GetRequiredValue(Option));

    /// <summary>
    /// Where links connect by WebSocket and, where the server takes them, in a plain TLS stream, and the server's key.
    /// </summary>
    /// <exception cref="HttpRequestException">The server is not there, or its lab is off.</exception>
    /// <exception cref="FormatException">It is another server.</exception>
    public async Task<(Uri Address, Uri? Stream, PeerIdentity Pin)> LinkAsync(CancellationToken cancel)
    {
        using var response = await _http.GetAsync(new Uri("/api/link", UriKind.Relative), cancel);
        EnsureThere(response);
        try
        {
            var link = await response.Content.ReadFromJsonAsync<Link>(cancel) ?? throw new JsonException("null");
            return (link.Address, link.Stream, PeerIdentity.Parse(link.Pin));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new FormatException($"What answers at {_http.BaseAddress} is no server of Tessera: {e.Message}", e);
        }
    }

    /// <summary>Makes a terminal known; nothing happens where it is known already.</summary>
    /// <exception cref="HttpRequestException">The server refuses.</exception>
    public async Task EnrolAsync(PeerIdentity terminal, string name, CancellationToken cancel)
    {
        var terminals = new Uri("/api/terminals", UriKind.Relative);
        using var response = await _http.PostAsJsonAsync(terminals, new { pin = terminal.ToString(), name }, cancel);
        EnsureThere(response);
    }

    /// <summary>A code that one terminal can be enrolled by.</summary>
    /// <exception cref="HttpRequestException">The server is not there, or too many codes are open.</exception>
    public async Task<EnrolmentDigits> NewCodeAsync(CancellationToken cancel)
    {
        using var response = await _http.PostAsync(Terminals("/codes"), content: null, cancel);
        await EnsureDoneAsync(response, cancel);
        return await response.Content.ReadFromJsonAsync<EnrolmentDigits>(cancel) ?? throw new JsonException("null");
    }

    /// <exception cref="HttpRequestException">The server is not there.</exception>
    public async Task<IReadOnlyList<ListedTerminal>> TerminalsAsync(CancellationToken cancel) =>
        await _http.GetFromJsonAsync<ListedTerminal[]>(Terminals(""), cancel) ?? throw new JsonException("null");

    /// <exception cref="HttpRequestException">There is no such terminal, or that is no name.</exception>
    public async Task RenameAsync(string terminal, string name, CancellationToken cancel)
    {
        using var response = await _http.PutAsJsonAsync(Terminals($"/{Uri.EscapeDataString(terminal)}"), new { name }, cancel);
        await EnsureDoneAsync(response, cancel, terminal);
    }

    /// <exception cref="HttpRequestException">There is no such terminal.</exception>
    public async Task WithdrawAsync(string terminal, CancellationToken cancel)
    {
        using var response = await _http.DeleteAsync(Terminals($"/{Uri.EscapeDataString(terminal)}"), cancel);
        await EnsureDoneAsync(response, cancel, terminal);
    }

    /// <summary>Hands in receipts of offline debits.</summary>
    /// <exception cref="HttpRequestException">The server is not there, or refuses.</exception>
    public async Task<IReadOnlyList<ClearedReceipt>> ClearAsync(
        IReadOnlyList<OfflineReceipt> receipts, CancellationToken cancel)
    {
        var clearing = new Uri("/api/clearing", UriKind.Relative);
        var request = new { receipts = receipts.Select(receipt => Bytes.Of(receipt).ToString()) };
        using var response = await _http.PostAsJsonAsync(clearing, request, cancel);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<ClearedReceipt[]>(cancel) ?? [];
    }

    public void Dispose() => _http.Dispose();

    private static Uri Terminals(string rest) => new($"/api/terminals{rest}", UriKind.Relative);

    /// <summary>What the server says is told in its words.</summary>
    private static async Task EnsureDoneAsync(HttpResponseMessage response, CancellationToken cancel, string terminal = "")
    {
        if (response.IsSuccessStatusCode) return;
        if (response.StatusCode == HttpStatusCode.NotFound)
            throw new HttpRequestException($"The server knows no terminal {terminal}.");
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(cancel));
        throw new HttpRequestException(problem.GetProperty("detail").GetString());
    }

    private static ServerAtHand Of(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address is { IsLoopback: true, Scheme: "http" or "https" }
            ? new ServerAtHand(address)
            : throw new FormatException(
                $"--server is an address of this machine such as http://127.0.0.1:5080, not '{text}'.");

    private void EnsureThere(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
            throw new HttpRequestException($"The server at {_http.BaseAddress} takes no terminals in: its lab is off.");
        response.EnsureSuccessStatusCode();
    }

    private sealed record Link([property: JsonRequired] Uri Address, [property: JsonRequired] string Pin, Uri? Stream);
}

/// <summary>A code of a server.</summary>
internal sealed record EnrolmentDigits([property: JsonRequired] string Code, [property: JsonRequired] DateTimeOffset Until);

/// <summary>A terminal of a server.</summary>
internal sealed record ListedTerminal(
    [property: JsonRequired] string Terminal, [property: JsonRequired] string Name, bool Connected, bool Card, bool Rich,
    bool Enrolled);
