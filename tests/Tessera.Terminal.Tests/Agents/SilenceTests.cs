using Tessera.Cards;
using Tessera.Terminal.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Terminal.Tests.Agents;

/// <summary>A session that hears no script for a quarter of an hour is over (docs/protocols/script.md §6.5).</summary>
public sealed class SilenceTests : IAsyncLifetime
{
    // Milliseconds after which a session that does not end has failed.
    private const int Patience = 30_000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly TempFolder _folder = new();
    private readonly LinkServer _server = new();
    private readonly HandReader _reader = new();
    private readonly CardInHand _card = new();
    private PcAgent _agent = null!;
    private TerminalPage _page = null!;
    private ILink _link = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The page says so only when the server's Hello has come, whose time would pass with the session's.</summary>
    public async ValueTask InitializeAsync()
    {
        var options = new PcAgentOptions
        {
            Name = "Kiosk", Folder = _folder.Path, Server = _server.Address, Pin = _server.Pin,
        };
        _server.Enrol(PcAgent.IdentityOf(options), options.Name);
        _agent = await PcAgent.StartAsync(options, _ => Task.FromResult<ICardReader>(_reader), Cancel, _time);
        _page = await TerminalPage.OpenAsync(_agent.Page, Cancel);
        _reader.Insert(_card);
        _link = await _server.SessionAsync(Cancel);
        await _page.SeeAsync(screen => screen is { HasCard: true, Connected: true }, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _page.Dispose();
        await _time.AdvanceUntilAsync(_agent.DisposeAsync().AsTask(), Second);
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = Patience)]
    public async Task The_session_ends_and_the_card_has_to_be_inserted_again()
    {
        _time.Advance(ScriptGate.Silence + Second);

        await EndedAsync();
        var ended = await _server.StatusAsync(terminal => terminal.Reader is { HasCard: true, Session: 0 }, Cancel);
        Assert.Equal(_card.Atr, ended.Reader.Atr);
        await _page.SeeAsync(screen => screen is { HasCard: false, Connected: true }, Cancel);

        _card.Pull();
        _reader.Insert(new CardInHand());
        Assert.Equal(_link.Session + 1, (await _server.SessionAsync(Cancel)).Session);
    }

    [Fact(Timeout = Patience)]
    public async Task Each_script_begins_the_time_anew()
    {
        for (byte number = 1; number <= 2; number++)
        {
            _time.Advance(ScriptGate.Silence);
            var answer = await _link.SendAsync(number, Till.Opening(_link.Session, number), Cancel);
            Assert.Null(answer.Read<ResponseScript>().End);
        }

        _time.Advance(ScriptGate.Silence);
        Assert.False(_link.Ended.IsCancellationRequested);
        _time.Advance(Second);
        await EndedAsync();
    }

    private async Task EndedAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = _link.Ended.Register(ended.SetResult);
        await ended.Task.WaitAsync(Cancel);
    }
}
