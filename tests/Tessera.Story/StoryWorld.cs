using System.Threading.Channels;
using Tessera.Cards;
using Tessera.Platform.Fields;
using Tessera.Platform.Money;
using Tessera.Story.Books;
using Tessera.Story.Cards;
using Tessera.Story.People;
using Tessera.Story.Plots;
using Tessera.Story.Road;
using Tessera.Story.Server;
using Tessera.Story.Site;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;
using Tessera.Wire;

namespace Tessera.Story;

/// <summary>
/// One holder, one card, one terminal and one server in one process, over their real interfaces: the holder loads
/// 50.00, pays a lunch and leaves, whatever is cut meanwhile.
/// </summary>
public sealed class StoryWorld : IAsyncDisposable
{
    /// <summary>Real time after which a story is given up; none takes a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>More visits than any story needs.</summary>
    private const int MaxVisits = 12;

    private static readonly CardId CardId = new(0x5354_4F52_5931_0001);

    private readonly StoryFolder _folder = new();
    private readonly MasterKeys _masters = DemonstrationKeys.Create();
    private readonly Channel<StoryEvent> _events = Channel.CreateUnbounded<StoryEvent>();
    private readonly Scissors _scissors;
    private readonly Premises _premises;
    private readonly StoryPlot _plot;
    private readonly StoryCard _card;
    private readonly Crossing _crossing = new();
    private ServerLife? _server;
    private TerminalLife? _terminal;
    private volatile bool _away;
    private int _cutsBefore;

    private StoryWorld(TerminalProfile profile, StoryPlot plot, IReadOnlyList<Cut> cuts)
    {
        _scissors = new Scissors(Recorder, cuts);
        var time = new ManualTime();
        _plot = plot;
        Person = plot.Holder(Recorder, time);
        _card = new StoryCard(_scissors, plot.Card(CardId, time.GetUtcNow()));
        _premises = new Premises(
            _folder.Path, profile, new PurseKeyring(_masters), new StoreKeyring(_masters), time, _scissors, Recorder,
            new StoryRoad(_scissors, Recorder, Cut), Person, Tell)
        {
            Server = plot.Server,
            Plot = plot,
        };
    }

    /// <summary>Everything that went over the link or stood on a page.</summary>
    public Recorder Recorder { get; } = new();

    public Person Person { get; }

    /// <summary>At the end of the story all files are recorded too, before they are tidied up.</summary>
    public bool KeepsFiles { get; set; }

    /// <summary>How often the card was put in.</summary>
    public int Visits { get; private set; }

    /// <summary>A server with one holder who has one card and no money.</summary>
    /// <param name="profile">Rich: pages beside the terminal. Text: everything on the terminal.</param>
    public static Task<StoryWorld> CreateAsync(
        TerminalProfile profile, CancellationToken cancel, params IReadOnlyList<Cut> cuts) =>
        CreateAsync(profile, new LunchPlot(), cancel, cuts);

    /// <param name="plot">What it is about; disposed with the world.</param>
    public static async Task<StoryWorld> CreateAsync(
        TerminalProfile profile, StoryPlot plot, CancellationToken cancel, params IReadOnlyList<Cut> cuts)
    {
        var world = new StoryWorld(profile, plot, cuts);
        var premises = world._premises;
        await StoryBooks.BeginAsync(premises.DatabasePath, CardId, plot.Applets, premises.Keys, premises.Time, cancel);
        return world;
    }

    /// <summary>Plays the story to its end and looks at the books.</summary>
    public async Task<StoryOutcome> PlayAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        List<string> faults = [];
        try
        {
            await StartServerAsync(limit.Token);
            StartTerminal();
            while (await ActAsync(await _events.Reader.ReadAsync(limit.Token), faults, limit.Token)) { }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            faults.Add("The story does not end.");
        }

        var length = _scissors.Length;
        await StopTerminalAsync();
        if (KeepsFiles) await RecordFilesAsync(cancel);
        await StopServerAsync();
        faults.AddRange(Person.Faults);
        faults.AddRange(await _plot.CheckAsync(_premises.DatabasePath, _card, Person, _premises.Keys, cancel));
        return new StoryOutcome(length, _scissors.Done, Visits, Person.EndingWith(faults), faults, Person.Told);
    }

    public async ValueTask DisposeAsync()
    {
        await StopTerminalAsync();
        await StopServerAsync();
        _card.Dispose();
        _plot.Dispose();
        _masters.Dispose();
        _folder.Dispose();
    }

    /// <returns>False when the story is over.</returns>
    private async Task<bool> ActAsync(StoryEvent what, List<string> faults, CancellationToken cancel)
    {
        switch (what)
        {
            case Failed failed:
                faults.Add($"The {failed.What} failed: {failed.Why}");
                return false;
            case ServerKilled killed when killed.Life == _server:
                await _server.DisposeAsync();
                await StartServerAsync(cancel);
                return true;
            case TerminalKilled:
                await _terminal!.DisposeAsync();
                StartTerminal();
                return true;
            case CardOut cardOut when cardOut.Life == _terminal:
                return Insert(faults);
            case ConnectionOver:
                await ComeBackAsync(cancel);
                return true;
            case SessionOver over when !over.Link.Ended.IsCancellationRequested:
                if (Person.HasLeft && _scissors.Done.Count == _cutsBefore) return false;
                _terminal!.PullCard();
                return true;
            default:
                return true;
        }
    }

    private bool Insert(List<string> faults)
    {
        if (++Visits > MaxVisits)
        {
            faults.Add("The story goes round in circles.");
            return false;
        }

        _cutsBefore = _scissors.Done.Count;
        Person.Arrive();
        _terminal!.Insert(_card.Insert());
        return true;
    }

    private async Task StartServerAsync(CancellationToken cancel)
    {
        _server = await ServerLife.StartAsync(_premises, cancel);
        _away = false;
        _crossing.Open(_server);
    }

    private void StartTerminal()
    {
        _terminal = TerminalLife.Start(_premises, _crossing.ConnectAsync);
        _events.Writer.TryWrite(new CardOut(_terminal));
    }

    /// <summary>What cannot wait for its turn: nobody connects to a server that is dead.</summary>
    private void Tell(StoryEvent what)
    {
        if (what is ServerKilled killed && killed.Life == _server) _crossing.Close();
        if (what is TerminalKilled) _server?.Break();
        _events.Writer.TryWrite(what);
    }

    private void Cut(Cut cut)
    {
        if (!cut.Long) return;
        _away = true;
        _crossing.Close();
    }

    /// <summary>A terminal that was to stay away comes back when the server has given up its session.</summary>
    private async Task ComeBackAsync(CancellationToken cancel)
    {
        if (!_away) return;
        _away = false;
        await _server!.Idle.WaitAsync(cancel);
        var window = new LinkListenerOptions { Server = _premises.Server }.ResumeWindow;
        _premises.Time.Advance(window + TimeSpan.FromSeconds(1));
        if (!_server.IsDead) _crossing.Open(_server);
    }

    private async Task StopTerminalAsync()
    {
        if (_terminal is not null) await _terminal.DisposeAsync();
        _terminal = null;
    }

    private async Task StopServerAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>As they lie on the disk, the log of the database included.</summary>
    private async Task RecordFilesAsync(CancellationToken cancel)
    {
        foreach (var path in Directory.EnumerateFiles(_folder.Path))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var octets = new byte[file.Length];
            await file.ReadExactlyAsync(octets, cancel);
            Recorder.Take(path, new Bytes(octets));
        }
    }
}
