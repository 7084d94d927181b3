using System.Threading.Channels;
using Tessera.Cards;
using Tessera.Phone.Data;
using Tessera.Platform.Fields;
using Tessera.Platform.Money;
using Tessera.Story.Books;
using Tessera.Story.Cards;
using Tessera.Story.People;
using Tessera.Story.Road;
using Tessera.Story.Server;
using Tessera.Story.Site;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Lines;
using Tessera.Testing;
using Tessera.Testing.Lines;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;

namespace Tessera.Story.Lines;

/// <summary>
/// One holder with a device on a telephone line, and a server that answers calls: the holder loads 50.00, pays a lunch
/// and leaves, all of it on the device in the middle of a call, whatever is cut meanwhile.
/// </summary>
/// <remarks>
/// Both ends of the line are those of the product, with the modems of the product, and what lies between them is simulated
/// sample for sample: A-law, 80 ms one way, one packet of a hundred lost.
/// </remarks>
public sealed class LineWorld : IAsyncDisposable
{
    /// <summary>Real time after which a story is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Of a packet of 20 ms: the clock of the line is faster than ours.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Armed = TimeSpan.FromMinutes(1);

    private static readonly LineConditions Conditions = new()
    {
        Companding = Companding.ALaw, Latency = 4, Loss = PacketLoss.Random(0.01),
    };

    private const int MaxCalls = 12;
    private const int MaxVisits = 12;

    /// <summary>Packets that a holder waits before they press the data key once more: 2 s.</summary>
    private const int PressAgain = 100;

    private static readonly CardId CardId = new(0x5354_4F52_5933_0001);

    private readonly StoryFolder _folder = new();
    private readonly MasterKeys _masters = DemonstrationKeys.Create();
    private readonly Channel<StoryEvent> _events = Channel.CreateUnbounded<StoryEvent>();
    private readonly LineKey _serverKey = LineKey.Generate();
    private readonly LineTerminalOptions _device;
    private readonly Scissors _scissors;
    private readonly Premises _premises;
    private readonly StoryCard _card;
    private readonly int _seed;
    private Task<StoryEvent>? _next;
    private ServerLife? _server;
    private LineTerminal? _terminal;
    private StoryReader? _reader;
    private volatile bool _isOff;
    private bool _isDone;
    private int _waited;
    private int _cutsBefore;

    private LineWorld(int seed, IReadOnlyList<Cut> cuts)
    {
        _seed = seed;
        _scissors = new Scissors(Recorder, cuts);
        var time = new ManualTime();
        Person = new Person(Recorder, time);
        _card = new StoryCard(_scissors, CardId);
        _device = new LineTerminalOptions
        {
            Name = "Story",
            Folder = _folder.Path,
            Server = _serverKey.PublicKey,
            Modems = [LineModems.Bell202, LineModems.Ofdm],
            Display = new DisplaySize(4, 20),
            Holder = _ => Person,
            Journaling = journal => new ScissoredJournal(journal, _scissors, () => Tell(new TerminalKilled())),
        };
        _premises = new Premises(
            _folder.Path, TerminalProfile.TextOnly, new PurseKeyring(_masters), new StoreKeyring(_masters), time, _scissors,
            Recorder, new StoryRoad(_scissors, Recorder, _ => { }), Person, Tell)
        {
            Server = new PeerIdentity(_serverKey.PublicKey.Identity),
            Terminal = LineTerminal.IdentityOf(_device),
        };
    }

    public Recorder Recorder { get; } = new();

    public Person Person { get; }

    /// <summary>How often the card was put in.</summary>
    public int Visits { get; private set; }

    /// <summary>How often the server was called.</summary>
    public int Calls { get; private set; }

    /// <summary>Packets of 20 ms in which the line was data, in all calls.</summary>
    public int DataPackets { get; private set; }

    /// <param name="seed">Of the chances of the line.</param>
    public static async Task<LineWorld> CreateAsync(int seed, CancellationToken cancel, params IReadOnlyList<Cut> cuts)
    {
        var world = new LineWorld(seed, cuts);
        var premises = world._premises;
        await StoryBooks.BeginAsync(premises.DatabasePath, CardId, premises.Keys, premises.Time, cancel);
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
            _server = await ServerLife.StartAsync(_premises, limit.Token);
            StartDevice();
            while (!_isDone && faults.Count == 0) await CallAsync(faults, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            faults.Add("The story does not end.");
        }

        var length = _scissors.Length;
        await StopDeviceAsync();
        await StopServerAsync();
        faults.AddRange(Person.Faults);
        faults.AddRange(await StoryBooks.CheckAsync(_premises.DatabasePath, _card, _premises.Keys, cancel));
        return new StoryOutcome(length, _scissors.Done, Visits, Person.EndingWith(faults), faults, Person.Told);
    }

    public async ValueTask DisposeAsync()
    {
        await StopDeviceAsync();
        await StopServerAsync();
        _card.Dispose();
        _serverKey.Dispose();
        _masters.Dispose();
        _folder.Dispose();
    }

    /// <summary>One call, from the first word to the last or until it is cut.</summary>
    private async Task CallAsync(List<string> faults, CancellationToken cancel)
    {
        if (++Calls > MaxCalls)
        {
            faults.Add("The holder calls again and again.");
            return;
        }

        Recorder.Note($"call {Calls}");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var (server, terminal) = (_server!, _terminal!);
        using var end = new LineCall(new LineServerOptions
        {
            Key = _serverKey,
            Modems = _device.Modems,
            Allows = key => new PeerIdentity(key.Identity) == _premises.Terminal,
        });
        await using var device = terminal.BeginCall();
        var line = new StoryLine(
            end, device, new DuplexLine(Conditions, _seed + Calls), _scissors, Pace, () => Press(terminal));
        var serving = ServeAsync(server, end, over.Token);
        var carrying = line.RunAsync(over.Token);
        try
        {
            await LiveAsync(line, carrying, faults, cancel);
        }
        finally
        {
            DataPackets += line.DataPackets;
            await over.CancelAsync();
            end.HangUp();
            await Task.WhenAll(serving, carrying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            server.Release();
        }
    }

    /// <summary>What happens in a call, until it is over.</summary>
    private async Task LiveAsync(StoryLine line, Task<Cut> carrying, List<string> faults, CancellationToken cancel)
    {
        while (true)
        {
            _next ??= _events.Reader.ReadAsync(cancel).AsTask();
            if (await Task.WhenAny(_next, carrying) == carrying)
            {
                if ((await carrying).Kind == CutKind.Device) await RestartDeviceAsync();
                return;
            }

            var what = await _next;
            _next = null;
            switch (what)
            {
                case Failed failed:
                    faults.Add($"The {failed.What} failed: {failed.Why}");
                    return;
                case ServerKilled killed when killed.Life == _server:
                    await _server.DisposeAsync();
                    _server = await ServerLife.StartAsync(_premises, cancel);
                    return;
                case TerminalKilled:
                    await RestartDeviceAsync();
                    return;
                case SessionOver session when !session.Link.Ended.IsCancellationRequested:
                    if (!Person.HasLeft || _scissors.Done.Count != _cutsBefore)
                    {
                        _reader!.Pull();
                        break;
                    }

                    _isDone = true;
                    _server!.Pause();
                    await Task.WhenAny(line.VoiceAsync(), carrying).WaitAsync(cancel);
                    return;
            }
        }
    }

    /// <summary>The server obeys the device for as long as the call lasts.</summary>
    private static async Task ServeAsync(ServerLife server, LineCall end, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            if (await end.ObeyAsync(Armed, over) is not { } link) continue;
            server.Serve(new LineFrameChannel(link));
            await link.Ended;
        }
    }

    /// <summary>The holder presses the data key, and again when nothing comes of it.</summary>
    private void Press(LineTerminal terminal)
    {
        var status = terminal.Status;
        var waits = status is { Card: true, Stage: LineStage.Voice or LineStage.Armed } && !_isDone;
        if (!waits || (status.Stage == LineStage.Armed && ++_waited < PressAgain)) return;
        _waited = 0;
        terminal.PressDataKey();
    }

    private void Tell(StoryEvent what) => _events.Writer.TryWrite(what);

    private InsertedCard? Insert()
    {
        if (_isOff) return null;
        if (++Visits > MaxVisits)
        {
            Tell(new Failed("story", new InvalidOperationException("It goes round in circles.")));
            return null;
        }

        _cutsBefore = _scissors.Done.Count;
        Person.Arrive();
        return _card.Insert();
    }

    private void StartDevice()
    {
        _isOff = false;
        _reader = new StoryReader(Insert);
        _terminal = LineTerminal.Start(_device, _ => Task.FromResult<ICardReader>(_reader), _premises.Time);
    }

    private async Task RestartDeviceAsync()
    {
        await StopDeviceAsync();
        StartDevice();
    }

    private async Task StopDeviceAsync()
    {
        _isOff = true;
        _reader?.Pull();
        if (_terminal is not null) await _terminal.DisposeAsync();
        _terminal = null;
    }

    private async Task StopServerAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
    }
}
