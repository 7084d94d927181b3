using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tessera.Cli;

/// <summary>A phone or a house of this machine, driven through its own page as a browser does.</summary>
internal sealed class PageAtHand : IDisposable
{
    private const string TokenHeader = "X-Tessera-Token";
    private const string TokenMark = "<meta name=\"token\" content=\"";

    private readonly HttpClient _http;
    private readonly string _what;

    private PageAtHand(Uri address, string what)
    {
        _what = what;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = address, Timeout = TimeSpan.FromSeconds(60),
        };
    }

    /// <param name="what">Whose page: phone, house.</param>
    public static Option<string> OptionOf(string what) => new("--connect")
    {
        Description = $"The {what}'s own page.",
        HelpName = "address",
        Required = true,
    };

    /// <summary>Loads the page that <paramref name="option"/> names, and takes the token from it.</summary>
    /// <param name="what">Whose page it is to be.</param>
    /// <exception cref="FormatException">It is no such page, or not on this machine.</exception>
    /// <exception cref="HttpRequestException">Nobody is there.</exception>
    public static async Task<PageAtHand> ConnectAsync(
        ParseResult parsed, Option<string> option, string what, CancellationToken cancel)
    {
        var text = parsed.GetRequiredValue(option);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || address is not { IsLoopback: true, Scheme: "http" })
        {
            throw new FormatException(
                $"--connect is an address of this machine such as http://127.0.0.1:5090, not '{text}'.");
        }

        var page = new PageAtHand(address, what);
        try
        {
            var html = await page._http.GetStringAsync(new Uri("/", UriKind.Relative), cancel);
            var at = html.IndexOf(TokenMark, StringComparison.Ordinal);
            if (at < 0) throw new FormatException($"What answers at {address} is no {what}.");
            at += TokenMark.Length;
            page._http.DefaultRequestHeaders.Add(TokenHeader, html[at..html.IndexOf('"', at)]);
            return page;
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    public Task<JsonElement> StateAsync(CancellationToken cancel) => GetAsync("/state", cancel);

    public Task<JsonElement> LogAsync(long after, CancellationToken cancel) =>
        GetAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/log?after={after}"), cancel);

    public Task PressAsync(string key, CancellationToken cancel) => PostAsync($"/key?key={key}", body: null, cancel);

    /// <exception cref="HttpRequestException">It refuses, and why.</exception>
    public async Task PostAsync(string path, object? body, CancellationToken cancel)
    {
        var address = new Uri(path, UriKind.Relative);
        using var response = body is null
            ? await _http.PostAsync(address, content: null, cancel)
            : await _http.PostAsJsonAsync(address, body, cancel);
        if (response.IsSuccessStatusCode) return;
        var reason = response.StatusCode switch
        {
            HttpStatusCode.Conflict or HttpStatusCode.BadRequest => await ReasonAsync(response, cancel),
            HttpStatusCode.ServiceUnavailable => "it is busy",
            var other => other.ToString(),
        };
        throw new HttpRequestException($"The {_what} refuses: {reason}");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A verb that connects to the page first.</summary>
    public static Command Driving(
        Option<string> connect, string what, string name, string description,
        Func<PageAtHand, ParseResult, CancellationToken, Task> drive, params ReadOnlySpan<Symbol> symbols)
    {
        var command = new Command(name, description) { connect };
        foreach (var symbol in symbols)
        {
            if (symbol is Option option) command.Add(option);
            else command.Add((Argument)symbol);
        }

        command.SetAction(async (parsed, cancel) =>
        {
            using var page = await ConnectAsync(parsed, connect, what, cancel);
            await drive(page, parsed, cancel);
        });
        return command;
    }

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancel) =>
        await _http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), cancel);

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        return text.StartsWith('"') ? JsonSerializer.Deserialize<string>(text)! : "that is no such request";
    }
}
