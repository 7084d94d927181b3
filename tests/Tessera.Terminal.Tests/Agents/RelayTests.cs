using Tessera.Cards;
using Tessera.Terminal.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Agents;

/// <summary>The raw relay as a terminal keeps it: on by its holder alone, and never beside a session.</summary>
public sealed class RelayTests : IAsyncLifetime
{
    private const string Entry = "Let programs at the server use the card";
    private const string End = "End the relay";

    private static readonly Bytes Select = Bytes.FromHex("00A4040000");

    private readonly ManualTime _time = new();
    private readonly TempFolder _folder = new();
    private readonly LinkServer _server = new();
    private readonly HandReader _reader = new();
    private readonly CardInHand _card = new();
    private PcAgent _agent = null!;
    private TerminalPage _page = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new PcAgentOptions
        {
            Name = "Counter 1", Folder = _folder.File("terminal"), Server = _server.Address, Pin = _server.Pin, OffersRelay = true,
        };
        _server.Enrol(PcAgent.IdentityOf(options), options.Name);
        _agent = await PcAgent.StartAsync(options, _ => Task.FromResult<ICardReader>(_reader), Cancel, _time);
        _page = await TerminalPage.OpenAsync(_agent.Page, Cancel);
        _reader.Insert(_card);
    }

    public async ValueTask DisposeAsync()
    {
        _page.Dispose();
        await _agent.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Who_says_no_relays_nothing_and_the_session_goes_on()
    {
        var link = await _server.SessionAsync(Cancel);
        await _page.TakeMenuAsync(Entry, Cancel);
        await _page.DecideAsync(yes: false, Cancel);
        await _page.SeeAsync(screen => screen is { Kind: "idle", Menu: Entry }, Cancel);

        var answer = await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel);

        Assert.Null(answer.Read<ResponseScript>().Stopped);
        Assert.False(_server.Relayed.TryRead(out _));
    }

    [Fact]
    public async Task The_session_ends_when_the_relay_begins_and_another_begins_when_it_ends()
    {
        var link = await _server.SessionAsync(Cancel);
        var relayed = await SwitchOnAsync();
        Assert.True(link.Ended.IsCancellationRequested);
        Assert.Equal((_card.Atr, link.Terminal), (relayed.Atr, relayed.Terminal));

        var answer = (await relayed.TransmitAsync(Select, reset: false, Cancel)).Read<ResponseApdu>();
        var wrong = (await relayed.TransmitAsync(Bytes.FromHex("00A404"), reset: true, Cancel)).Read<ResponseApdu>();
        Assert.Equal((true, StatusWord.WrongLength), (answer.Status.IsSuccess, wrong.Status));

        await _page.TakeMenuAsync(End, Cancel);
        var next = await _server.SessionAsync(Cancel);
        Assert.NotEqual(link.Session, next.Session);
        Assert.True(relayed.Ended.IsCancellationRequested);
        await Assert.ThrowsAsync<ConnectionLostException>(() => relayed.TransmitAsync(Select, reset: false, Cancel));
        Assert.Null((await next.SendAsync(1, Till.Opening(next.Session, 1), Cancel)).Read<ResponseScript>().Stopped);
    }

    [Fact]
    public async Task A_card_that_is_pulled_ends_the_relay()
    {
        await _server.SessionAsync(Cancel);
        var relayed = await SwitchOnAsync();
        var ended = EndedAsync(relayed);

        _card.Pull();

        await ended;
        await _page.SeeAsync(screen => screen is { HasCard: false, Menu: "" }, Cancel);
    }

    [Fact]
    public async Task A_relay_that_was_forgotten_ends_by_itself()
    {
        await _server.SessionAsync(Cancel);
        var relayed = await SwitchOnAsync();
        var ended = EndedAsync(relayed);

        _time.Advance(TimeSpan.FromMinutes(15));

        await ended;
        await _server.SessionAsync(Cancel);
    }

    [Fact]
    public async Task A_server_that_has_no_use_for_the_card_gives_it_back()
    {
        await _server.SessionAsync(Cancel);
        var relayed = await SwitchOnAsync();

        relayed.Return("No reader is free at the server.");

        await _server.SessionAsync(Cancel);
        await _page.SeeAsync(screen => screen is { Menu: Entry }, Cancel);
    }

    [Fact]
    public async Task A_connection_that_breaks_ends_the_relay_at_both_sides()
    {
        await _server.SessionAsync(Cancel);
        var relayed = await SwitchOnAsync();
        var ended = EndedAsync(relayed);

        _server.Cut();

        await ended;
        await _page.SeeAsync(screen => screen is not { Menu: End }, Cancel);
    }

    private static Task EndedAsync(RelayedCard card)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        card.Ended.Register(ended.SetResult);
        return ended.Task.WaitAsync(Cancel);
    }

    private async Task<RelayedCard> SwitchOnAsync()
    {
        await _page.TakeMenuAsync(Entry, Cancel);
        await _page.DecideAsync(yes: true, Cancel);
        var relayed = await _server.Relayed.ReadAsync(Cancel);
        await _page.SeeAsync(screen => screen is { Menu: End }, Cancel);
        return relayed;
    }
}
