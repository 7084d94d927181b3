using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tessera.Cli;

/// <summary>A phone of this machine, driven through its own page as a browser does.</summary>
internal sealed class HandsetAtHand : IDisposable
{
    private const string TokenHeader = "X-Tessera-Token";
    private const string TokenMark = "<meta name=\"token\" content=\"";

    private readonly HttpClient _http;

    private HandsetAtHand(Uri address) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(60),
    };

    public static Option<string> Option { get; } = new("--connect")
    {
        Description = "The phone's own page.",
        HelpName = "address",
        Required = true,
    };

    /// <summary>Loads the page that <see cref="Option"/> names, and takes the token from it.</summary>
    /// <exception cref="FormatException">It is no page of a phone, or not on this machine.</exception>
    /// <exception cref="HttpRequestException">Nobody is there.</exception>
    public static async Task<HandsetAtHand> ConnectAsync(ParseResult parsed, CancellationToken cancel)
    {
        var text = parsed.GetRequiredValue(Option);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || address is not { IsLoopback: true, Scheme: "http" })
        {
            throw new FormatException(
                $"--connect is an address of this machine such as http://127.0.0.1:5090, not '{text}'.");
        }

        var phone = new HandsetAtHand(address);
        try
        {
            var html = await phone._http.GetStringAsync(new Uri("/", UriKind.Relative), cancel);
            var at = html.IndexOf(TokenMark, StringComparison.Ordinal);
            if (at < 0) throw new FormatException($"What answers at {address} is no phone.");
            at += TokenMark.Length;
            phone._http.DefaultRequestHeaders.Add(TokenHeader, html[at..html.IndexOf('"', at)]);
            return phone;
        }
        catch
        {
            phone.Dispose();
            throw;
        }
    }

    public Task<JsonElement> StateAsync(CancellationToken cancel) => GetAsync("/state", cancel);

    public Task<JsonElement> LogAsync(long after, CancellationToken cancel) =>
        GetAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/log?after={after}"), cancel);

    public Task PressAsync(string key, CancellationToken cancel) => PostAsync($"/key?key={key}", body: null, cancel);

    /// <exception cref="HttpRequestException">The phone refuses, and why.</exception>
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
        throw new HttpRequestException($"The phone refuses: {reason}");
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancel) =>
        await _http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), cancel);

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        return text.StartsWith('"') ? JsonSerializer.Deserialize<string>(text)! : "that is no such request";
    }
}
