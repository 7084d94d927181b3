using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>The lab's phone in the holder's hand: its page without a browser, worked by keys.</summary>
internal sealed class PhoneInHand(Uri page, string token) : IDisposable
{
    /// <summary>The first item of the SIM's menu.</summary>
    public const int Purse = 1;

    /// <summary>The second.</summary>
    public const int Settings = 2;

    private const string TokenHeader = "X-Tessera-Token";
    private const string TokenMark = "<meta name=\"token\" content=\"";

    private readonly HttpClient _http = new() { BaseAddress = page };

    /// <summary>Loads the page as a browser does, and takes the token from it.</summary>
    public static async Task<PhoneInHand> TakeAsync(RunningServer server, CancellationToken cancel)
    {
        var places = (await server.GetAsync("/api/lab", cancel)).GetProperty("places").EnumerateArray();
        var page = new Uri(places.Single(one => one.GetProperty("name").ValueEquals("phone")).GetProperty("page").GetString()!);
        using var http = new HttpClient();
        var html = await http.GetStringAsync(page, cancel);
        var at = html.IndexOf(TokenMark, StringComparison.Ordinal) + TokenMark.Length;
        return new PhoneInHand(page, html[at..html.IndexOf('"', at)]);
    }

    /// <summary>The phone, its air and its SIM as its page sees them.</summary>
    public Task<JsonElement> LookAsync(CancellationToken cancel) => GetAsync("/state", cancel);

    /// <summary>The lines of the display as soon as one of them has that text.</summary>
    public async Task<string> SeesAsync(string text, CancellationToken cancel) =>
        await Eventually.SeeAsync(() => ScreenAsync(cancel), screen => screen.Contains(text, StringComparison.Ordinal), cancel);

    /// <summary>The phone has found its network and its SIM a menu.</summary>
    public Task IsReadyAsync(CancellationToken cancel) => Eventually.SeeAsync(
        () => LookAsync(cancel),
        sight => sight.GetProperty("phone").GetProperty("signal").GetInt32() > 0
            && sight.GetProperty("phone").GetProperty("menu").ValueKind == JsonValueKind.Object,
        cancel);

    /// <summary>Presses keys, e.g. <c>Left Digit4 Ok</c>.</summary>
    public async Task PressAsync(string keys, CancellationToken cancel)
    {
        foreach (var key in keys.Split(' ')) await PostAsync($"/key?key={key}", null, cancel);
    }

    /// <summary>Calls a number.</summary>
    public Task DialAsync(string number, CancellationToken cancel) =>
        PostAsync($"/dial?number={Uri.EscapeDataString(number)}", null, cancel);

    /// <summary>Presses the digits of a number, and OK.</summary>
    public Task EnterAsync(string digits, CancellationToken cancel) =>
        PressAsync($"{string.Join(' ', digits.Select(digit => $"Digit{digit}"))} Ok", cancel);

    /// <summary>Takes an item of the SIM's menu.</summary>
    public async Task TakeItemAsync(int item, CancellationToken cancel)
    {
        await IsReadyAsync(cancel);
        await PressAsync("End Left Digit4", cancel);
        await SeesAsync("Purse", cancel);
        await PressAsync($"Digit{item}", cancel);
    }

    /// <summary>Chooses the bus ticket, and is asked for the PIN.</summary>
    public async Task OrderTicketAsync(string balance, CancellationToken cancel)
    {
        await TakeItemAsync(Purse, cancel);
        await ChooseTicketAsync(balance, cancel);
    }

    /// <summary>Chooses the bus ticket where the purse is shown, and is asked for the PIN.</summary>
    public async Task ChooseTicketAsync(string balance, CancellationToken cancel)
    {
        await SeesAsync(balance, cancel);
        await PressAsync("Digit1", cancel);
        await SeesAsync("Bus ticket", cancel);
        await PressAsync("Digit1", cancel);
        await SeesAsync("PIN", cancel);
    }

    /// <summary>Buys the bus ticket, from the menu to the receipt.</summary>
    public async Task BuyTicketAsync(string balance, CancellationToken cancel)
    {
        await OrderTicketAsync(balance, cancel);
        await PayAsync(cancel);
    }

    /// <summary>Enters the PIN and reads the receipt.</summary>
    public async Task PayAsync(CancellationToken cancel)
    {
        await EnterAsync(AtThePc.Pin, cancel);
        await SeesAsync("Paid. Enjoy it!", cancel);
        await PressAsync("Ok", cancel);
    }

    /// <summary>A switch of the lab, for the air: <c>lose loseAnswers double reorder hold release clear signal</c>.</summary>
    public Task SwitchAsync(string fault, string direction, int count, CancellationToken cancel) =>
        PostAsync("/faults", JsonContent.Create(new { fault, direction, count }), cancel);

    public Task PowerAsync(bool on, CancellationToken cancel) =>
        PostAsync($"/power?on={(on ? "true" : "false")}", null, cancel);

    /// <summary>Octets that went over a hop so far, by the phone's log.</summary>
    public async Task<int> OctetsOverAsync(string hop, CancellationToken cancel) =>
        (await GetAsync("/log", cancel)).EnumerateArray().Where(entry => entry.GetProperty("hop").ValueEquals(hop))
            .Sum(entry => entry.GetProperty("octets").GetString()!.Length / 2);

    public void Dispose() => _http.Dispose();

    private async Task<string> ScreenAsync(CancellationToken cancel) =>
        (await LookAsync(cancel)).GetProperty("phone").GetProperty("screen").GetString()!;

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(TokenHeader, token);
        using var response = await _http.SendAsync(request, cancel);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
    }

    private async Task PostAsync(string path, HttpContent? content, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add(TokenHeader, token);
        using var response = await _http.SendAsync(request, cancel);
        Assert.True(response.StatusCode == HttpStatusCode.NoContent, await response.Content.ReadAsStringAsync(cancel));
    }
}
