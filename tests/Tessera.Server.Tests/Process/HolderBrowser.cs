using System.Net;
using System.Text.RegularExpressions;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>A browser without a screen: it keeps cookies, fills in the forms that the pages have, and sends nothing else.</summary>
internal sealed partial class HolderBrowser : IDisposable
{
    private readonly HttpClientHandler _handler = new() { CookieContainer = new CookieContainer() };
    private readonly HttpClient _http;

    public HolderBrowser(Uri server)
    {
        Traffic = new Traffic(_handler);
        _http = new HttpClient(Traffic) { BaseAddress = server };
    }

    public Traffic Traffic { get; }

    /// <summary>Types the code that a terminal shows into the page that asks for it.</summary>
    public async Task ConnectAsync(string code, CancellationToken cancel)
    {
        var page = await _http.GetStringAsync("/app/purse", cancel);
        Assert.Contains("Connect your card terminal", page, StringComparison.Ordinal);
        await PostAsync("/open", Hidden(page), ("code", code), cancel);
    }

    /// <summary>What the page shows, without its marks, as soon as it says that.</summary>
    public async Task<string> SeesAsync(string text, CancellationToken cancel) =>
        Words(await Eventually.SeeAsync(
            () => PartAsync(cancel), part => Words(part).Contains(text, StringComparison.Ordinal), cancel));

    /// <summary>Presses the button with that label, as soon as it is there.</summary>
    public async Task PressAsync(string label, CancellationToken cancel)
    {
        var part = await Eventually.SeeAsync(() => PartAsync(cancel), part => Button(part, label) is not null, cancel);
        var button = Button(part, label)!;
        await PostAsync("/app/purse/answer", Hidden(part), (button.Groups["name"].Value, button.Groups["value"].Value), cancel);
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> PartAsync(CancellationToken cancel)
    {
        using var response = await _http.GetAsync("/app/purse/part", cancel);
        return response.StatusCode == HttpStatusCode.NotFound ? "" : await response.Content.ReadAsStringAsync(cancel);
    }

    private async Task PostAsync(
        string path, IEnumerable<KeyValuePair<string, string>> hidden, (string Name, string Value) pressed, CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent([.. hidden, new(pressed.Name, pressed.Value)]);
        using var response = await _http.PostAsync(path, form, cancel);
        response.EnsureSuccessStatusCode();
    }

    private static List<KeyValuePair<string, string>> Hidden(string html) =>
    [
        .. HiddenInputs().Matches(html).Select(match => new KeyValuePair<string, string>(
            match.Groups["name"].Value, WebUtility.HtmlDecode(match.Groups["value"].Value))),
    ];

    private static Match? Button(string html, string label) => Buttons().Matches(html)
        .FirstOrDefault(match => string.Equals(WebUtility.HtmlDecode(match.Groups["label"].Value), label, StringComparison.Ordinal));

    private static string Words(string html) => WebUtility.HtmlDecode(Marks().Replace(html, " "));

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]*)" value="(?<value>[^"]*)" ?/?>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HiddenInputs();

    [GeneratedRegex("""<button[^>]* name="(?<name>[^"]*)" value="(?<value>[^"]*)"[^>]*>(?<label>[^<]*)<""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Buttons();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Marks();
}
