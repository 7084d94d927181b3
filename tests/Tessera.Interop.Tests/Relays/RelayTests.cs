using System.Net.Http.Json;
using System.Text.Json;
using Tessera.Cards;
using Tessera.Cards.Pcsc;
using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Tessera.Interop.Tests.Piv;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Piv;
using Xunit;

namespace Tessera.Interop.Tests.Relays;

/// <summary>
/// OpenSC and OpenSSH beside a server use the card of a far terminal whose holder allowed it: the real server, the real
/// tool as terminal, the real pcscd with its virtual reader.
/// </summary>
[Collection(PcscdAlone.Name)]
public sealed class RelayTests(PrivatePcscd pcscd) : IAsyncLifetime
{
    private const string Entry = "Let programs at the server use the card";
    private const string End = "End the relay";

    private readonly TempFolder _folder = new();
    private ServerProcess? _server;
    private ToolProcess? _terminal;
    private TerminalPage? _page;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TerminalPage Page => _page!;

    public async ValueTask InitializeAsync() => await this.OrEndAsync(SetUpAsync);

    public async ValueTask DisposeAsync()
    {
        _page?.Dispose();
        if (_terminal is not null) await _terminal.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task OpenSC_signs_with_a_card_far_away_as_long_as_its_holder_lets_it()
    {
        await using var events = ReaderWatch.WatchAsync(Cancel).GetAsyncEnumerator(Cancel);
        await AllowAsync(events);

        Assert.Equal("Personal Identity Verification Card", (await OpenScTool.RunAsync(pcscd, Cancel, "-n")).Trim());
        await using (var host = PivHost.At(pcscd))
        {
            var tested = await host.Pkcs11Async(Cancel, "--login", "--pin", PivHost.Pin, "--test");
            Assert.Contains("No errors", tested, StringComparison.Ordinal);
        }

        await ForbidAsync(events);
    }

    [Fact]
    public async Task OpenSSH_logs_in_with_a_card_far_away_as_long_as_its_holder_lets_it()
    {
        await using var events = ReaderWatch.WatchAsync(Cancel).GetAsyncEnumerator(Cancel);
        await AllowAsync(events);

        await using var host = PivHost.At(pcscd);
        await using var login = await SshServer.StartAsync(host, Cancel);
        Assert.Equal("the card was here", (await login.LogInAsync(PivHost.Pin, Cancel)).Said.Split('\n')[0]);

        await ForbidAsync(events);
        var refused = await login.LogInAsync(PivHost.Pin, Cancel);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("Permission denied (publickey)", refused.Said, StringComparison.Ordinal);
    }

    private async Task SetUpAsync()
    {
        await pcscd.RestartAsync(Cancel);
        MakeCard();
        _server = await ServerProcess.StartAsync(
            _folder.Path, Cancel, "--lab", "false", "--tls-port", "0", "--relay-vpcd", pcscd.EndPoint.ToString());
        using var http = new HttpClient { BaseAddress = _server.Address };
        using var made = await http.PostAsync("/api/terminals/codes", content: null, Cancel);
        var code = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString()!;
        var stream = (await _server.StreamAsync(Cancel)).Authority;
        _terminal = ToolProcess.Start(
            [
                "terminal", "run", "--enrol", "env:TESSERA_CODE", "--server", stream, "--relay",
                "--card", _folder.File("piv.img"), "--dir", _folder.File("terminal"),
            ],
            new KeyValuePair<string, string>("TESSERA_CODE", code));
        await _terminal.LineAsync(Cancel);
        var ready = await _terminal.LineAsync(Cancel);
        _page = await TerminalPage.OpenAsync(new Uri(ready[(ready.LastIndexOf(' ') + 1)..]), Cancel);
    }

    /// <summary>The holder switches the relay on, and the card is in the reader at the server.</summary>
    private async Task AllowAsync(IAsyncEnumerator<ReaderEvent> events)
    {
        await Page.TakeMenuAsync(Entry, Cancel);
        await Page.DecideAsync(yes: true, Cancel);
        await UntilAsync(events, ReaderChange.CardInserted);
        await Page.SeeAsync(screen => screen is { Menu: End }, Cancel);
    }

    /// <summary>The holder switches the relay off, and the reader is empty; no PIN was told by the server.</summary>
    private async Task ForbidAsync(IAsyncEnumerator<ReaderEvent> events)
    {
        await Page.TakeMenuAsync(End, Cancel);
        await UntilAsync(events, ReaderChange.CardRemoved);
        await Page.SeeAsync(screen => screen is { Menu: Entry }, Cancel);
        Assert.DoesNotContain(PivHost.Pin, _server!.Output, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(IAsyncEnumerator<ReaderEvent> events, ReaderChange change)
    {
        while (await events.MoveNextAsync() && events.Current.Change != change) { }
    }

    private void MakeCard()
    {
        var id = CardId.Parse("0123456789ABCDEF");
        var piv = PivPersonalisation.Demonstration(
            id, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), PivHost.Key(0x9A, PivAlgorithm.P256));
        using var card = Personalisation.Demonstration(id, piv: piv);
        using var medium = FileMedium.Create(_folder.File("piv.img"));
        CardImage.Create(medium, card);
    }
}
