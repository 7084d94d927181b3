using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using Tessera.Cards;
using Tessera.Terminal.Agents;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard.Vpcd;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>What a running server offers, and what it refuses.</summary>
public sealed class SurfaceTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RunningServer Server => shared.Server;

    private HttpClient Http => shared.Server.Http;

    [Fact]
    public async Task It_is_healthy() => Assert.Equal("Healthy", await Http.GetStringAsync("/health", Cancel));

    [Fact]
    public async Task The_OpenAPI_document_tells_every_path_of_the_API_in_a_sentence_and_no_page()
    {
        var document = await Server.GetAsync("/openapi/v1.json", Cancel);

        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (path.Name, Method: method.Name, method.Value)))
            .ToArray();
        Assert.Equal(
        [
            "delete /api/terminals/{terminal}", "get /api/applications", "get /api/changes", "get /api/evidence",
            "get /api/evidence/{id}", "get /api/lab", "get /api/lab/log", "get /api/lab/road",
            "get /api/ledger", "get /api/link", "get /api/objects/keys", "get /api/session", "get /api/terminals",
            "get /api/terminals/{terminal}/signatures", "post /api/clearing", "post /api/lab/cards/{card}/cut", "post /api/lab/cards/{card}/insert",
            "post /api/lab/cards/{card}/pull", "post /api/pair", "post /api/session/answer", "post /api/terminals",
            "post /api/terminals/codes", "post /api/terminals/{terminal}/card/disable",
            "post /api/terminals/{terminal}/signatures", "put /api/terminals/{terminal}",
        ], operations.Select(operation => $"{operation.Method} {operation.Name}").Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(operations, operation => Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!));
    }

    [Fact]
    public async Task Receipts_of_offline_debits_are_taken_by_what_they_prove()
    {
        var unknown = $"0123456789ABCDEF03{new string('0', 82)}";
        using var refused = await Http.PostAsJsonAsync("/api/clearing", new { receipts = (string[])[unknown] }, Cancel);
        var cleared = await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        using var broken = await Http.PostAsJsonAsync("/api/clearing", new { receipts = (string[])["0123"] }, Cancel);

        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Equal("refused", cleared[0].GetProperty("outcome").GetString());
        Assert.Equal("The card has no purse here.", cleared[0].GetProperty("reason").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    [Theory]
    [InlineData("/", "Tessera")]
    [InlineData("/ledger", "The books hold")]
    [InlineData("/ledger/part", "The books hold")]
    [InlineData("/changes", "Nothing was changed yet")]
    [InlineData("/changes/part?before=nothing", "Nothing was changed yet")]
    [InlineData("/evidence", "Nothing was signed yet")]
    [InlineData("/lab", "Text terminal")]
    [InlineData("/terminals", "Make a code")]
    [InlineData("/terminals/part", "connected")]
    [InlineData("/app/purse", "Connect your card terminal")]
    [InlineData("/open", "Connect your card terminal")]
    public async Task Its_pages_are_there_and_let_nothing_in_from_elsewhere(string path, string text)
    {
        using var response = await Http.GetAsync(path, Cancel);

        Assert.Contains(text, await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        var policy = string.Join(' ', response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/app/nothing")]
    [InlineData("/app/purse/part")]
    [InlineData("/app/purse/events")]
    [InlineData("/link")]
    public async Task What_is_not_there_or_not_for_this_browser_is_not_found(string path)
    {
        using var response = await Http.GetAsync(path, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/ledger")]
    public async Task A_request_for_another_host_is_refused(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "evil.example" } };

        using var response = await Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Without_a_lab_nobody_looks_at_short_messages()
    {
        await using var server = await RunningServer.StartAsync(Cancel, "--lab", "false");

        foreach (var path in (string[])["/lab", "/lab/controls", "/lab/events", "/lab/road", "/lab/road/events", "/api/lab/road"])
        {
            using var response = await server.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancel);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, response.StatusCode));
        }
    }

    [Theory]
    [InlineData("/api/ledger")]
    [InlineData("/api/lab")]
    public async Task A_page_of_another_origin_may_not_call_the_API(string path)
    {
        foreach (var (origin, status) in new[]
        {
            ("http://evil.example", HttpStatusCode.Forbidden), ("null", HttpStatusCode.Forbidden),
            (Server.Address.GetLeftPart(UriPartial.Authority), HttpStatusCode.OK),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Origin", origin);

            using var response = await Http.SendAsync(request, Cancel);

            Assert.Equal(status, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("/open", "code=000000&app=purse")]
    [InlineData("/app/purse/answer", "ticket=00&act=continue")]
    [InlineData("/lab/card", "card=card&place=pc")]
    public async Task A_form_that_no_page_of_ours_made_is_refused(string path, string form)
    {
        using var content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded");

        using var response = await Http.PostAsync(path, content, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null((await CardAsync()).GetProperty("place").GetString());
    }

    [Theory]
    [InlineData("/open", "application/x-www-form-urlencoded", "code=")]
    [InlineData("/api/pair", "application/json", "{\"code\":\"")]
    public async Task A_body_that_is_larger_than_any_is_refused(string path, string type, string start)
    {
        using var content = new StringContent(start + new string('0', 128 * 1024), Encoding.ASCII, type);

        using var response = await Http.PostAsync(path, content, Cancel);

        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest });
        Assert.Equal("Healthy", await Http.GetStringAsync("/health", Cancel));
    }

    [Theory]
    [InlineData("/api/lab/cards/ace/insert", """{"place":"pc"}""", "There is no card 'ace'.")]
    [InlineData("/api/lab/cards/card/insert", """{"place":"moon"}""", "There is no terminal 'moon'.")]
    [InlineData("/api/lab/cards/ace/pull", "", "There is no card 'ace'.")]
    [InlineData("/api/lab/cards/ace/cut?writes=0", "", "There is no card 'ace'.")]
    [InlineData("/api/lab/cards/card/cut?writes=0", "", "The card 'card' is in no terminal.")]
    [InlineData("/api/terminals", """{"pin":"00","name":"x"}""", "64 hexadecimal digits")]
    [InlineData("/api/terminals", """{"pin":"0001020304050607080900010203040506070809000102030405060708090001","name":""}""", "name")]
    public async Task A_mistake_of_a_program_is_said_in_a_sentence(string path, string body, string reason)
    {
        using var content = body.Length > 0 ? new StringContent(body, Encoding.UTF8, "application/json") : null;

        using var response = await Http.PostAsync(path, content, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/lab/cards/card/insert", "{}")]
    [InlineData("/api/lab/cards/card/insert", "no JSON")]
    [InlineData("/api/lab/cards/card/cut?writes=many", "")]
    [InlineData("/api/pair", """{"code":null}""")]
    public async Task What_is_no_request_at_all_is_refused(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await Http.PostAsync(path, content, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Nobody_sees_or_answers_a_session_without_the_token_of_a_paired_browser()
    {
        using var see = await Http.GetAsync("/api/session", Cancel);
        using var answer = await Http.PostAsJsonAsync("/api/session/answer", new { ticket = "00" }, Cancel);
        using var pair = await Http.PostAsJsonAsync("/api/pair", new { code = "none" }, Cancel);

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden],
            [see.StatusCode, answer.StatusCode, pair.StatusCode]);
    }

    [Fact]
    public async Task A_terminal_is_let_in_once_its_key_is_known_and_not_before()
    {
        using var folder = new TempFolder();
        var options = await OptionsAsync(folder);
        await using var slot = VpcdSlot.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        await using var agent = await PcAgent.StartAsync(options, _ => Task.FromResult<ICardReader>(slot), Cancel);
        await Eventually.SeeAsync(() => Task.FromResult(agent.Status), status => status.Reason.Length > 0, Cancel);
        Assert.False(agent.Status.Connected);

        var pin = PcAgent.IdentityOf(options).ToString();
        using var enrolled = await Http.PostAsJsonAsync("/api/terminals", new { pin, name = options.Name }, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, enrolled.StatusCode);
        await Eventually.SeeAsync(() => Task.FromResult(agent.Status), status => status.Connected, Cancel);
        var terminals = await Server.GetAsync("/api/terminals", Cancel);
        Assert.Contains(terminals.EnumerateArray(), one => one.GetProperty("name").ValueEquals(options.Name));
    }

    [Fact]
    public async Task The_port_of_the_links_serves_no_pages_and_nobody_without_a_certificate()
    {
        using var folder = new TempFolder();
        var options = await OptionsAsync(folder);
        using var stranger = LinkCertificate.Create("stranger");
        var nobody = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = LinkTls.Pinned(peer => peer == options.Pin),
        };
        foreach (var tls in new[] { nobody, LinkTls.ForClient(stranger, options.Pin, options.Server.Host) })
        {
            using var http = new HttpClient(new SocketsHttpHandler { SslOptions = tls });

            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync($"https://{options.Server.Authority}/", Cancel));
        }

        var known = LinkCertificate.LoadOrCreate(folder.File("known.pem"), "known");
        using var enrolled = await Http.PostAsJsonAsync("/api/terminals", new { pin = PeerIdentity.Of(known).ToString(), name = "known" }, Cancel);
        using var terminal = new HttpClient(new SocketsHttpHandler { SslOptions = LinkTls.ForClient(known, options.Pin, options.Server.Host) });
        using var page = await terminal.GetAsync($"https://{options.Server.Authority}/", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task A_terminal_that_knows_no_WebSockets_is_served_in_a_plain_TLS_stream()
    {
        using var folder = new TempFolder();
        var link = await Server.GetAsync("/api/link", Cancel);
        var address = new Uri(link.GetProperty("stream").GetString()!);
        Assert.Contains($"Links in a plain TLS stream at {address}", Server.Output, StringComparison.Ordinal);
        var options = await OptionsAsync(folder) with { Server = address };
        var pin = PcAgent.IdentityOf(options).ToString();
        using var enrolled = await Http.PostAsJsonAsync("/api/terminals", new { pin, name = options.Name }, Cancel);
        await using var slot = VpcdSlot.Listen(new IPEndPoint(IPAddress.Loopback, 0));

        await using var agent = await PcAgent.StartAsync(options, _ => Task.FromResult<ICardReader>(slot), Cancel);

        await Eventually.SeeAsync(() => Task.FromResult(agent.Status), status => status.Connected, Cancel);
    }

    private async Task<PcAgentOptions> OptionsAsync(TempFolder folder)
    {
        var link = await Server.GetAsync("/api/link", Cancel);
        return new PcAgentOptions
        {
            Name = "Counter 7",
            Folder = folder.File("terminal"),
            Server = new Uri(link.GetProperty("address").GetString()!),
            Pin = PeerIdentity.Parse(link.GetProperty("pin").GetString()!),
        };
    }

    private Task<JsonElement> CardAsync() => Server.CardAsync("card", Cancel);
}
