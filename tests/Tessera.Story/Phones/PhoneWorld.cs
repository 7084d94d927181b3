using System.Globalization;
using System.Net;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Gateway;
using Tessera.Lab.Phones;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage;
using Tessera.Storage.Gateway;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Story.Books;
using Tessera.Story.Cards;
using Tessera.Story.Server;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Sim;
using Tessera.VirtualCard.Vpcd;
using Tessera.Wire;

namespace Tessera.Story.Phones;

/// <summary>
/// One holder with a SIM in a phone and an ISO card at home, an SMSC, a gateway and a server, each hop a loopback socket:
/// the holder has 37.50 and buys bus tickets for 3.20 on the phone, whatever is cut meanwhile.
/// </summary>
public sealed class PhoneWorld : IAsyncDisposable
{
    private const ushort Euro = 0x0978;
    private const uint Greatest = 100_000;
    private const uint Load = 3750;
    private const uint Ticket = 320;
    private const int TimesFaster = 20;

    /// <summary>Where the road is cut its time passes in one leap, and else the holder is not to be in a hurry.</summary>
    private const int TimesFasterWithLeap = 2;

    private static readonly CardId SimId = new(0x5354_4F52_5932_0001);
    private static readonly CardId IsoId = new(0x5354_4F52_5932_0002);

    /// <summary>Real time after which a story is given up.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>A session is over before that time is.</summary>
    private static readonly TimeSpan SessionLife = TimeSpan.FromMinutes(16);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Where nothing is cut nothing is lost, however long it takes.</summary>
    private static readonly TimeSpan UndisturbedPatience = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    private readonly StoryFolder _folder = new();
    private readonly MasterKeys _masters = DemonstrationKeys.Create();
    private readonly FastTime _time;
    private readonly CancellationTokenSource _over = new();
    private readonly Scissors _scissors;
    private readonly PhonePremises _premises;
    private readonly StoryCard _sim;
    private readonly CutAir _air;
    private readonly TcpTap _contacts = new(() => (_, octets) => [octets.ToArray()]);
    private readonly VpcdSlot _slot;
    private readonly Handset _phone;
    private readonly Caller _caller;
    private readonly List<SmsTraffic> _traffic = [];
    private readonly uint _paid;
    private Task _inserting = Task.CompletedTask;
    private RoadLife? _server;
    private bool _roadWasCut;
    private bool _leapt;

    private PhoneWorld(int tickets, IReadOnlyList<Cut> cuts)
    {
        _paid = (uint)tickets * Ticket;
        _time = new FastTime(cuts.Any(cut => cut.Kind == CutKind.Road) ? TimesFasterWithLeap : TimesFaster);
        _scissors = new Scissors(Recorder, cuts);
        _air = new CutAir(_scissors);
        _sim = new StoryCard(_scissors, Personalisation.DemonstrationSim(SimId));
        _premises = new PhonePremises(
            _folder.Path, _masters, new PurseKeyring(_masters), _time, _scissors, Recorder, new TcpTap(_air.NewReader),
            new TcpTap(new CutSmpp(_scissors, CutRoad).NewReader), Took);
        _slot = VpcdSlot.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        _contacts.Target = _slot.EndPoint;
        _phone = Handset.Start(new HandsetOptions { Centre = _premises.Air.EndPoint, Time = _time }, _slot);
        _caller = new Caller(_phone, _scissors, Recorder, _time, tickets, cuts.Count == 0 ? UndisturbedPatience : Patience);
    }

    public Recorder Recorder { get; } = new();

    /// <summary>Octets that went over each hop, both ways: SIM to phone, phone to SMSC, SMSC to gateway.</summary>
    public IReadOnlyDictionary<string, (long Up, long Down)> Octets =>
        new Dictionary<string, (long Up, long Down)>(StringComparer.Ordinal)
        {
            ["SIM to phone"] = _contacts.Octets,
            ["phone to SMSC"] = _premises.Air.Octets,
            ["gateway to SMSC"] = _premises.Smpp.Octets,
        };

    /// <summary>How often the holder was told at a later contact that the ticket was paid.</summary>
    public int ToldLate => _caller.ToldLate;

    /// <summary>Short messages of each session, every part counted.</summary>
    public IReadOnlyList<int> Messages => [.. Traffic.Select(one => one.Messages)];

    /// <summary>What each session took.</summary>
    public IReadOnlyList<SmsTraffic> Traffic
    {
        get
        {
            lock (_traffic) return [.. _traffic];
        }
    }

    /// <summary>The holder wants one ticket.</summary>
    public static Task<PhoneWorld> CreateAsync(CancellationToken cancel, params IReadOnlyList<Cut> cuts) =>
        CreateAsync(1, cancel, cuts);

    public static async Task<PhoneWorld> CreateAsync(
        int tickets, CancellationToken cancel, params IReadOnlyList<Cut> cuts)
    {
        var world = new PhoneWorld(tickets, cuts);
        await world.BeginBooksAsync(cancel);
        return world;
    }

    /// <summary>Plays the story to its end and looks at the books.</summary>
    public async Task<StoryOutcome> PlayAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        List<string> faults = [];
        try
        {
            _server = await StartServerAsync(limit.Token);
            _inserting = InsertAsync();
            await LiveAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            faults.Add("The story does not end.");
        }
        catch (InvalidOperationException e)
        {
            faults.Add(e.ToString());
        }

        var length = _scissors.Length;
        await StopAsync();
        await CheckAsync(faults, cancel);
        return new StoryOutcome(
            length, _scissors.Done, _caller.Visits, Ending(faults), faults, string.Join('\n', Recorder.Diary));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _sim.Dispose();
        _masters.Dispose();
        _over.Dispose();
        _folder.Dispose();
    }

    private void Took(SmsTraffic traffic)
    {
        lock (_traffic) _traffic.Add(traffic);
    }

    private async Task LiveAsync(CancellationToken cancel)
    {
        while (true)
        {
            var seen = _phone.Number;
            if (_server!.Killed.IsCompleted)
            {
                await _server.Killed;
                await _server.DisposeAsync();
                _server = await StartServerAsync(cancel);
            }

            await MendRoadAsync(cancel);
            if (await _caller.ActAsync(() => IsSettledAsync(cancel), waits: _roadWasCut, cancel)) return;
            if (_caller.ToldPaid > 0) _air.Release();
            using var glance = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            await Task.WhenAny(
                _phone.ChangedAsync(seen, glance.Token), _server.Killed, Task.Delay(Glance, _time, glance.Token));
            await glance.CancelAsync();
        }
    }

    private void CutRoad()
    {
        _premises.Smpp.IsClosed = true;
        _roadWasCut = true;
    }

    /// <summary>Gateway and SMSC find each other again when the session is over that something came for.</summary>
    private async Task MendRoadAsync(CancellationToken cancel)
    {
        if (!_premises.Smpp.IsClosed || _server!.Killed.IsCompleted) return;
        if ((await _server.Sessions.OpenSessionsAsync(cancel)).Count == 0)
        {
            Recorder.Note("gateway and SMSC find each other again");
            _premises.Smpp.IsClosed = false;
        }
        else if (!_leapt)
        {
            _leapt = true;
            _time.Leap(SessionLife);
        }
    }

    private async Task<bool> IsSettledAsync(CancellationToken cancel)
    {
        if (_server!.Killed.IsCompleted || _premises.Smpp.IsClosed) return false;
        await using var view = await _server.Money.ViewAsync(cancel);
        await foreach (var purse in view.PursesAsync(cancel))
        {
            if (purse.Open.Count > 0) return false;
        }

        return (await _server.Sessions.OpenSessionsAsync(cancel)).Count == 0;
    }

    private async Task<RoadLife> StartServerAsync(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await RoadLife.StartAsync(_premises, cancel);
            }
            catch (ServerKilledException)
            {
                // Started again, as often as it takes.
            }
        }
    }

    /// <summary>The SIM is in the phone; one that lost its power is taken out and put in again.</summary>
    private async Task InsertAsync()
    {
        try
        {
            while (true)
            {
                using var card = _sim.Power();
                try
                {
                    await VpcdCard.RunAsync(_contacts.EndPoint, card, null, _over.Token);
                }
                catch (Exception e) when (e is IOException or ConnectionLostException)
                {
                    Recorder.Note("the SIM is out");
                }

                await Task.Delay(Glance, _time, _over.Token);
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The story is over.
        }
    }

    private async Task StopAsync()
    {
        if (_over.IsCancellationRequested) return;
        await _over.CancelAsync();
        await _phone.DisposeAsync();
        await _inserting;
        if (_server is not null) await _server.DisposeAsync();
        await _contacts.DisposeAsync();
        await _premises.Air.DisposeAsync();
        await _premises.Smpp.DisposeAsync();
    }

    private async Task BeginBooksAsync(CancellationToken cancel)
    {
        await using var database = await Database.OpenAsync(_premises.DatabasePath, cancel: cancel);
        var now = _time.GetUtcNow();
        var holder = new Holder(HolderId.New(now), "Ada", now);
        var holders = new SqliteHolderStore(database);
        var treasury = new Treasury(new SqliteMoneyStore(database), _premises.Keys, _time);
        await holders.AddAsync(holder, cancel);
        foreach (var (card, kind) in ((CardId, CardKind)[])[(SimId, CardKind.Sim), (IsoId, CardKind.Iso)])
        {
            var registration = new CardRegistration(
                card, holder.Id, kind, [PurseCommands.Aid, StoreCommands.Aid], DemonstrationKeys.Version, Euro, Greatest,
                CardState.Active, now);
            await holders.RegisterAsync(registration, cancel);
            await treasury.OpenAsync(registration, cancel);
        }

        await treasury.FundAsync(holder.Id, Load, "bank", "story", cancel);
        await new SqliteGatewayStore(database).RegisterAsync(
            new Subscriber(SimId, SimSubscription.Demonstration.Msisdn.TrimStart('+'), DemonstrationKeys.Version), cancel);
    }

    /// <summary>Every way in which the books do not hold, or differ from the SIM.</summary>
    private async Task CheckAsync(List<string> faults, CancellationToken cancel)
    {
        await using var database = await Database.OpenAsync(_premises.DatabasePath, cancel: cancel);
        var store = new SqliteMoneyStore(database);
        faults.AddRange((await new LedgerCheck(store, _premises.Keys).RunAsync(cancel)).Select(fault => fault.ToString()));
        using var card = _sim.Open();
        var onCard = new StoryBooks.CardLog(card).Balance.Balance;
        await using var view = await store.ViewAsync(cancel);
        await foreach (var purse in view.PursesAsync(cancel))
        {
            Expect(faults, "the account", purse.Account, Load - _paid);
            Expect(faults, "the open intents", purse.Open.Count, 0);
            var copy = purse.Copies.Single(one => one.Card == SimId);
            Expect(faults, "the SIM in the book", copy.Balance, onCard);
            Expect(faults, "what waits for the SIM", copy.Pending + copy.InFlight, 0);
            var iso = purse.Copies.Single(one => one.Card == IsoId);
            Expect(faults, "what waits for the card at home", iso.Pending, Load - _paid);
        }

        Expect(faults, "the balance on the SIM", onCard, Load - _paid);
        Expect(faults, "how often the holder was told of the payment", _caller.ToldPaid > 0, true);
    }

    private static void Expect<T>(List<string> faults, string what, T found, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(found, expected))
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {found}, not {expected}"));
    }

    private StoryEnding Ending(List<string> faults) => faults.Count > 0
        ? StoryEnding.Fault
        : (_caller.ToldNotMade, _caller.Visits) switch
        {
            ( > 0, _) => StoryEnding.NotMadeThenPaid,
            (_, > 1) => StoryEnding.SettledLater,
            _ => StoryEnding.PaidAtOnce,
        };
}
