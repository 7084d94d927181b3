using System.Threading.Channels;
using Tessera.Story.Cards;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Scripts;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;

namespace Tessera.Story.Site;

/// <summary>A terminal from its start until it is killed; its journal is all that outlives it.</summary>
internal sealed class TerminalLife : IAsyncDisposable
{
    private readonly Premises _premises;
    private readonly CancellationTokenSource _stopping = new();
    private readonly FileScriptJournal _file;
    private readonly ScriptRunner _runner;
    private readonly LinkClient _link;
    private readonly Channel<InsertedCard> _slot = Channel.CreateUnbounded<InsertedCard>();
    private readonly Task _running;
    private InsertedCard? _card;

    private TerminalLife(Premises premises, Func<CancellationToken, Task<IFrameChannel>> connect)
    {
        _premises = premises;
        _file = FileScriptJournal.Open(premises.JournalPath);
        var rules = TerminalRules.ForTerminal(premises.Server.Id, premises.Profile);
        var journal = new ScissoredJournal(_file, premises.Scissors, () => premises.Tell(new TerminalKilled()));
        var holder = new ScreenHolder(premises.Person);
        _runner = new ScriptRunner(journal, rules, holder, new ScriptLimits(), premises.Time);
        _link = new LinkClient(
            new LinkClientOptions
            {
                Name = "Story",
                Profile = premises.Profile,
                Server = premises.Server,
                Run = _runner.RunAsync,
                Reopen = ReopenAsync,
                FirstDelay = TimeSpan.Zero,
                MaxDelay = TimeSpan.Zero,
            },
            premises.Time);
        _running = RunAsync(connect);
    }

    public static TerminalLife Start(Premises premises, Func<CancellationToken, Task<IFrameChannel>> connect) =>
        new(premises, connect);

    public void Insert(InsertedCard card)
    {
        Volatile.Write(ref _card, card);
        _slot.Writer.TryWrite(card);
    }

    public void PullCard() => Volatile.Read(ref _card)?.Pull();

    /// <summary>Switched off or killed, which is the same: the card loses its power with it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        if (_card is not null) await _card.DisposeAsync();
        _file.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(Func<CancellationToken, Task<IFrameChannel>> connect)
    {
        try
        {
            _link.Report(ReaderState.Empty);
            var reading = ReadAsync(_stopping.Token);
            var linking = _link.RunAsync(connect, _stopping.Token);
            await await Task.WhenAny(reading, linking);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Switched off.
        }
        catch (TerminalKilledException)
        {
            // Told when it was.
        }
        catch (Exception e)
        {
            _premises.Tell(new Failed("terminal", e));
        }
    }

    /// <summary>One card after the other, each from insertion to removal, as the agent of the product does.</summary>
    private async Task ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            await using var card = await _slot.Reader.ReadAsync(cancel);
            _link.Report(_runner.Insert(card));
            await card.Removed.WaitAsync(cancel);
            _link.Report(_runner.Remove());
            _premises.Tell(new CardOut(this));
        }
    }

    private Task ReopenAsync(ushort session, CancellationToken cancel)
    {
        if (_runner.Reopen(session) is { } reopened) _link.Report(reopened);
        return Task.CompletedTask;
    }
}
