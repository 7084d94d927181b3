using Tessera.Cards;
using Tessera.Cards.Pcsc;
using Tessera.Interop.Tests.Pcsc;
using Tessera.Terminal.Agents;
using Tessera.Terminal.Tests.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Os;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Agents;

/// <summary>The terminal beside a PC at the real pcscd, with a server behind mutual TLS and a holder before its page.</summary>
[Collection(PcscdAlone.Name)]
public sealed class PcscAgentTests(PrivatePcscd pcscd) : IAsyncLifetime
{
    private static readonly CardId Id = CardId.Parse("0123456789ABCDEF");

    private readonly TempFolder _folder = new();
    private readonly LinkServer _server = new();
    private readonly CardOs _card = InsertedCard.Demonstration(Id);
    private Till _till = null!;
    private PcAgent? _agent;
    private bool _exclusive = true;
    private TerminalPage? _page;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _till = new Till(_server.Pin.Id, Id);
        _card.Reset();
        await _till.LoadAsync(new OnTheTable(_card), 5000, Cancel);
        await pcscd.RestartAsync(Cancel);

        var options = new PcAgentOptions
        {
            Name = "Desk", Folder = _folder.File("terminal"), Server = _server.Address, Pin = _server.Pin,
            ReaderRetry = TimeSpan.FromMilliseconds(100),
        };
        _server.Enrol(PcAgent.IdentityOf(options), options.Name);
        _agent = await PcAgent.StartAsync(options, OpenReaderAsync, Cancel);
        _page = await TerminalPage.OpenAsync(_agent.Page, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _page?.Dispose();
        if (_agent is not null) await _agent.DisposeAsync();
        await _server.DisposeAsync();
        _till.Dispose();
        _card.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_purchase_is_paid_through_pcscd_with_the_PIN_typed_on_the_terminals_page()
    {
        await using var inserted = InsertedCard.Insert(pcscd.EndPoint, _card);
        var link = await _server.SessionAsync(Cancel);

        Assert.Equal(_card.Atr, link.Atr);
        await PaysAsync(link);
    }

    [Fact]
    public async Task A_card_pulled_while_the_PIN_is_asked_ends_the_session_and_pays_in_the_next_one()
    {
        ILink link;
        await using (InsertedCard.Insert(pcscd.EndPoint, _card))
        {
            link = await _server.SessionAsync(Cancel);
            _ = link.SendAsync(2, await OpenAsync(link), Cancel);
            await _page!.ChooseAsync(0, Cancel);
            await _page.SeeAsync("secret", Cancel);
        }

        await _page.SeeAsync(screen => screen is { Kind: "idle", HasCard: false }, Cancel);
        await using var again = InsertedCard.Insert(pcscd.EndPoint, _card);
        var next = await _server.SessionAsync(Cancel);

        Assert.Equal(link.Session + 1, next.Session);
        await PaysAsync(next);
    }

    [Fact]
    public async Task A_service_that_dies_is_looked_for_until_it_is_back()
    {
        await using (InsertedCard.Insert(pcscd.EndPoint, _card)) await _server.SessionAsync(Cancel);

        await pcscd.StopAsync();
        Assert.NotEmpty((await _page!.SeeAsync(screen => screen.Trouble.Length > 0, Cancel)).Trouble);
        await pcscd.StartAsync(Cancel);
        await _page.SeeAsync(screen => screen.Trouble.Length == 0, Cancel);

        await using var again = InsertedCard.Insert(pcscd.EndPoint, _card);
        await PaysAsync(await _server.SessionAsync(Cancel));
    }

    [Fact]
    public async Task A_card_that_is_shared_pays_before_and_after_another_program_reset_it()
    {
        await ShareAsync();
        await using var inserted = InsertedCard.Insert(pcscd.EndPoint, _card);
        var link = await _server.SessionAsync(Cancel);
        await PaysAsync(link);

        await using var reader = await OpenReaderAsync(Cancel);
        await using var other = (PcscCard)await reader.InsertedAsync(Cancel);
        await using (await other.HoldAsync(Cancel)) await other.TransmitAsync(new(0x00, 0xA4, 0x04, 0x00), Cancel);
        await other.ResetAsync(Cancel);

        await PaysAsync(link, first: 3);
        Assert.False(link.Ended.IsCancellationRequested);
    }

    /// <summary>The terminal opens its reader again, and shares it from now on.</summary>
    private async Task ShareAsync()
    {
        _exclusive = false;
        await pcscd.StopAsync();
        await _page!.SeeAsync(screen => screen.Trouble.Length > 0, Cancel);
        await pcscd.StartAsync(Cancel);
        await _page.SeeAsync(screen => screen.Trouble.Length == 0, Cancel);
    }

    private async Task<ICardReader> OpenReaderAsync(CancellationToken cancel)
    {
        await using var service = await PcscContext.EstablishAsync(cancel);
        return await service.OpenAsync(PrivatePcscd.Reader, new PcscOptions { Exclusive = _exclusive }, cancel);
    }

    private async Task<Bytes> OpenAsync(ILink link, byte first = 1)
    {
        _till.TakeState(await link.SendAsync(first, Till.Opening(link.Session, first), Cancel));
        return _till.Purchase(link.Session, (byte)(first + 1));
    }

    private async Task PaysAsync(ILink link, byte first = 1)
    {
        var script = await OpenAsync(link, first);
        var paying = link.SendAsync((byte)(first + 1), script, Cancel);
        await _page!.ChooseAsync(1, Cancel);
        Assert.Equal("Airport 4.80: 4.80 EUR", (await _page.SeeAsync("secret", Cancel)).Payment);
        await _page.EnterAsync("secret", DemonstrationKeys.Pin, Cancel);

        Assert.Equal(480u, _till.Paid(script, await paying)?.Amount);
        Assert.Equal("Paid. Thank you", (await _page.SeeAsync("text", Cancel)).Request);
        Assert.Null((await paying).Read<ResponseScript>().End);
    }

    /// <summary>The card outside of any reader, as its issuer has it.</summary>
    private sealed class OnTheTable(CardOs card) : ICardChannel
    {
        public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel) =>
            new(card.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>());
    }
}
