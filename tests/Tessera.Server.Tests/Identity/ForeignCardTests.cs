using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tessera.Cards.Piv;
using Tessera.Cards.Tests.Identity;
using Tessera.Platform.Holders;
using Tessera.Server.Hosting;
using Tessera.Storage.Holders;
using Tessera.Terminal.Agents;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Xunit;

namespace Tessera.Server.Tests.Identity;

/// <summary>
/// A card of another maker, with nothing but keys and certificates, at a network terminal of a real server without a lab.
/// </summary>
public sealed class ForeignCardTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly TempFolder _folder = new();
    private readonly TestAuthority _town = TestAuthority.Root("CN=Town", Now.AddYears(-1));
    private readonly ECDsa _login = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _documents = RSA.Create(2048);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => Directory.CreateDirectory(_folder.File("data")).FullName;

    public void Dispose()
    {
        _town.Dispose();
        _login.Dispose();
        _documents.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(PivKeyReference.CardAuthentication, null)]
    [InlineData(PivKeyReference.Authentication, "mail")]
    public async Task It_logs_in_is_offered_what_needs_no_purse_and_signs(byte reference, string? naming)
    {
        var card = await CardAsync(reference, isRegistered: naming is null);
        await using var slot = new ForeignSlot(card);
        await using var pair = await StartAsync(slot, naming is null ? [] : ["--piv-holders", naming]);
        using var page = await TerminalPage.OpenAsync(pair.Terminal.Page, Cancel);
        if (!PivKeyReference.IsFree(reference)) await EnterPinAsync(page);

        await page.SeeLinesAsync("What shall we bring?", Cancel);
        await page.PressAsync("Ok", Cancel);
        await page.SeeLinesAsync("Order ", Cancel);
        await EnterPinAsync(page);
        await page.SeeLinesAsync("Thank you.", Cancel);

        using var http = new HttpClient { BaseAddress = pair.Server.Address };
        var evidence = Assert.Single((await http.GetFromJsonAsync<JsonElement>("/api/evidence", Cancel)).EnumerateArray());
        Assert.Equal("orders", evidence.GetProperty("application").GetString());
        Assert.Contains("CN=Ada", evidence.GetProperty("signer").GetString(), StringComparison.Ordinal);
        var book = await http.GetFromJsonAsync<JsonElement>("/api/ledger", Cancel);
        Assert.True(book.GetProperty("holds").GetBoolean());
    }

    [Fact]
    public async Task One_that_nobody_registered_is_told_so()
    {
        var card = await CardAsync(PivKeyReference.CardAuthentication, isRegistered: false);
        await using var slot = new ForeignSlot(card);
        await using var pair = await StartAsync(slot);
        using var page = await TerminalPage.OpenAsync(pair.Terminal.Page, Cancel);

        await page.SeeLinesAsync("registered here.", Cancel);
    }

    [Fact]
    public async Task Who_stands_at_the_counter_disables_it_and_it_is_out_until_it_is_enabled()
    {
        await using var slot = new ForeignSlot(await CardAsync(PivKeyReference.CardAuthentication, isRegistered: true));
        await using var pair = await StartAsync(slot);
        using var page = await TerminalPage.OpenAsync(pair.Terminal.Page, Cancel);
        await page.SeeLinesAsync("What shall we bring?", Cancel);

        // What was just shown opens its session: which card it is, the terminal has yet to tell.
        Assert.Equal((HttpStatusCode.OK, """{"card":null}"""), await DisableAsync(pair));
        await page.PressAsync("Ok", Cancel);
        await page.SeeLinesAsync("Order ", Cancel);
        await EnterPinAsync(page);
        await EndAsync(page, slot);
        await Eventually.SeeAsync(() => DisableAsync(pair), one => one.Status == HttpStatusCode.NotFound, Cancel);
        using var http = new HttpClient { BaseAddress = pair.Server.Address };
        Assert.Empty((await http.GetFromJsonAsync<JsonElement>("/api/evidence", Cancel)).EnumerateArray());

        slot.Insert();
        await EndAsync(page, slot);
    }

    private static async Task<(HttpStatusCode Status, string Told)> DisableAsync(Pair pair)
    {
        using var http = new HttpClient { BaseAddress = pair.Server.Address };
        using var answer = await http.PostAsync($"/api/terminals/{pair.Id}/card/disable", null, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>The holder reads that the card is disabled, and takes it.</summary>
    private static async Task EndAsync(TerminalPage page, ForeignSlot slot)
    {
        await page.SeeLinesAsync("disabled.", Cancel);
        await page.PressAsync("Ok", Cancel);
        await page.SeeAsync(screen => !screen.Lines.Contains("disabled.", StringComparison.Ordinal), Cancel);
        slot.Pull();
    }

    /// <summary>Behind whatever is to be read before.</summary>
    private static async Task EnterPinAsync(TerminalPage page)
    {
        var seen = await page.LookAsync(Cancel);
        while (!seen.Lines.Contains("To sign, PIN:", StringComparison.Ordinal))
            seen = await page.TryPressAsync(seen, "Ok", Cancel)
                ? await page.SeeAsync(screen => screen.Ask != seen.Ask, Cancel)
                : await page.LookAsync(Cancel);

        await page.PressAsync("Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Ok", Cancel);
    }

    private async Task<ForeignCard> CardAsync(byte reference, bool isRegistered)
    {
        var trust = Directory.CreateDirectory(Path.Combine(Data, "trust")).FullName;
        await File.WriteAllTextAsync(Path.Combine(trust, "town.pem"), _town.Certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllBytesAsync(Path.Combine(trust, "town.crl"), _town.List(Now.AddDays(-1), Now.AddDays(1)), Cancel);
        using var login = _town.Issue("CN=Ada Byron, E=ada@town.example", _login, Now.AddDays(-1), Now.AddDays(1));
        using var documents = _town.Issue("CN=Ada Byron", _documents, Now.AddDays(-1), Now.AddDays(1));
        var card = new ForeignCard { FirstPart = 200 };
        card.Put(reference, login.RawData, how: 0x01);
        card.Put(PivKeyReference.Signature, documents.RawData);
        (card.Keys[reference], card.Keys[PivKeyReference.Signature]) = (_login, _documents);
        if (isRegistered) await RegisterAsync(login);
        return card;
    }

    private async Task RegisterAsync(X509Certificate2 certificate)
    {
        await using var folder = await DataFolder.OpenAsync(new ServerOptions { Data = Data, Lab = false }, Cancel);
        var ada = new Holder(HolderId.New(Now), "Ada Byron", Now);
        await new SqliteHolderStore(folder.Database).AddAsync(ada, Cancel);
        var digest = KnownKey.DigestOf(certificate);
        var id = KnownKey.CardOf(digest);
        await new SqliteKeyRegister(folder.Database).RegisterAsync(
            KnownKey.Registration(id, ada.Id, Now), [new KnownKey(digest, id, certificate.Subject, null)], Cancel);
    }

    /// <summary>A server that knows a terminal, and the terminal.</summary>
    private async Task<Pair> StartAsync(ForeignSlot slot, params string[] arguments)
    {
        var options = await EnrolAsync();
        var server = await ServerProcess.StartAsync(Data, Cancel, ["--lab", "false", "--tls-port", "0", .. arguments]);
        PcAgent? agent = null;
        await server.OrEndAsync(async () =>
        {
            var stream = await server.StreamAsync(Cancel);
            agent = await PcAgent.StartAsync(
                options with { Server = stream }, _ => Task.FromResult<Tessera.Cards.ICardReader>(slot), Cancel);
        });
        return new Pair(server, agent!, PcAgent.IdentityOf(options).Id.ToString());
    }

    private async Task<PcAgentOptions> EnrolAsync()
    {
        await using var folder = await DataFolder.OpenAsync(new ServerOptions { Data = Data, Lab = false }, Cancel);
        var options = new PcAgentOptions
        {
            Name = "Kiosk",
            Folder = _folder.File("terminal"),
            Server = new Uri("tls://127.0.0.1:1"),
            Pin = PeerIdentity.Of(folder.Certificate),
            Profile = TerminalProfile.Text(4, 20, TerminalCapabilities.None),
        };
        folder.Terminals.Add(PcAgent.IdentityOf(options), options.Name);
        return options;
    }

    private sealed record Pair(ServerProcess Server, PcAgent Terminal, string Id) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Terminal.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
