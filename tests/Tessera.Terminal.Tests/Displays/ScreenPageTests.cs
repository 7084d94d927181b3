using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Pages;
using Xunit;

namespace Tessera.Terminal.Tests.Displays;

public sealed class ScreenPageTests : IAsyncLifetime
{
    private readonly RichScreen _screen = new();
    private readonly HttpClient _http = new();
    private ScreenPage _page = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _page = await ScreenPage.StartAsync(_screen, new LocalPageOptions(), Cancel);
        _http.BaseAddress = _page.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _page.DisposeAsync();
    }

    [Fact]
    public async Task A_pin_typed_on_the_page_reaches_whoever_asked_and_nobody_else()
    {
        var asked = _screen.AskAsync(new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, new ShownPayment("Lunch", "12.50", "EUR")), Cancel);
        var state = await StateAsync();
        Assert.Equal("secret", state.GetProperty("kind").GetString());
        Assert.Equal("Lunch", state.GetProperty("request").GetProperty("payment").GetProperty("item").GetString());

        var response = await PostAsync($"/entry?ask={state.GetProperty("ask")}", "123456");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        using var entry = Assert.IsType<Entry>(await asked);
        Assert.Equal("123456", entry.Reveal().ToString());
        Assert.DoesNotContain("123456", (await StateAsync()).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("123456789")]
    [InlineData("12345a")]
    [InlineData("")]
    public async Task What_is_no_pin_is_not_taken(string typed)
    {
        var asked = _screen.AskAsync(new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, null), Cancel);

        var response = await PostAsync($"/entry?ask={(await StateAsync()).GetProperty("ask")}", typed);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.False(asked.IsCompleted);
    }

    [Fact]
    public async Task An_answer_to_what_is_no_longer_asked_is_not_taken()
    {
        var first = _screen.AskAsync(new DecisionAsked("One?", null), Cancel);
        var old = (await StateAsync()).GetProperty("ask").GetInt64();
        await PostAsync($"/decision?ask={old}&yes=false", "");
        await first;
        var second = _screen.AskAsync(new DecisionAsked("Two?", null), Cancel);

        var response = await PostAsync($"/decision?ask={old}&yes=true", "");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.False(second.IsCompleted);
    }

    [Theory]
    [InlineData("X-Tessera-Token", "0000")]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "http://evil.example")]
    public async Task Other_pages_cannot_write_nor_read(string header, string value)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/state"), (HttpMethod.Post, "/ok?ask=1") })
        {
            using var request = new HttpRequestMessage(method, path);
            if (header is not "X-Tessera-Token") request.Headers.Add("X-Tessera-Token", _page.Token);
            request.Headers.TryAddWithoutValidation(header, value);

            using var response = await _http.SendAsync(request, Cancel);

            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Fact]
    public async Task The_page_allows_no_frame_and_no_foreign_script()
    {
        using var response = await _http.GetAsync("/", Cancel);

        var policy = string.Join(' ', response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains(_page.Token, await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_longer_than_any_is_refused()
    {
        using var response = await PostAsync("/entry?ask=1", new string('1', 4096));

        Assert.False(response.IsSuccessStatusCode);
    }

    private async Task<JsonElement> StateAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/state");
        request.Headers.Add("X-Tessera-Token", _page.Token);
        using var response = await _http.SendAsync(request, Cancel);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Headers.Add("X-Tessera-Token", _page.Token);
        return await _http.SendAsync(request, Cancel);
    }
}
