using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Phone.Data;
using Tessera.Platform.Applications;
using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Storage;
using Tessera.Storage.Changes;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Storage.Sessions;
using Tessera.Story.Cards;
using Tessera.Terminal;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Lines;
using Tessera.Terminal.Ports;
using Tessera.Testing.Lines;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Biometrics;

namespace Tessera.Story.Lines;

/// <summary>What one purchase on a line took.</summary>
/// <param name="DataPackets">Packets of 20 ms in which people were muted at either end.</param>
/// <param name="ReturnPackets">Those of them after the last answer had arrived at the server.</param>
/// <param name="Pins">How often the PIN was entered.</param>
/// <param name="Receipts">That came out of the printer.</param>
/// <param name="Faults">What does not hold; empty is what it must be.</param>
public sealed record PurchaseOnLine(
    int DataPackets, int ReturnPackets, int Pins, int Receipts, IReadOnlyList<string> Faults);

/// <summary>
/// Purchases in the middle of calls, each chosen in voice before: the holder presses the data key, confirms at the device
/// with the PIN, gets a receipt on paper, and hears the service again.
/// </summary>
/// <remarks>
/// Both ends are those of the product, with the native mode; the line between them is A-law, 80 ms one way, and one packet
/// of a hundred lost.
/// </remarks>
public sealed class LinePurchase : IAsyncDisposable
{
    private const string Name = "Purchase";
    private const ushort Euro = 0x0978;
    private const uint Greatest = 100_000;
    private const long Funds = 5000;

    private static readonly CardId CardId = new(0x5354_4F52_5934_0001);
    private static readonly SyntheticFinger Holders = new(1);

    private static readonly LineConditions Conditions = new()
    {
        Companding = Companding.ALaw, Latency = 4, Loss = PacketLoss.Random(0.01),
    };

    private readonly StoryFolder _folder = new();
    private readonly MasterKeys _masters = DemonstrationKeys.Create();
    private readonly LineKey _key = LineKey.Generate();
    private readonly Scissors _none = new(new Recorder(), []);
    private readonly VirtualPaper _paper = new();
    private readonly TimeSpan _pace;
    private readonly bool _withFinger;
    private readonly StoryCard _card;
    private readonly PurseKeyring _purses;
    private readonly LinkListener _listener;
    private readonly PeerIdentity _identity;
    private readonly StoryReader _reader;
    private readonly LineTerminal _terminal;
    private readonly Payer _payer;
    private Database _database = null!;
    private SessionHost _host = null!;
    private TaskCompletionSource _inserted = new();
    private LineCall? _end;
    private StoryLine? _line;
    private int _answered;
    private int _returned;
    private long _spent;

    private LinePurchase(TimeSpan pace, bool withFinger)
    {
        (_pace, _withFinger) = (pace, withFinger);
        _card = new StoryCard(
            _none, Personalisation.Demonstration(CardId, finger: withFinger ? Holders.Enrol() : null));
        _purses = new PurseKeyring(_masters);
        _identity = CardTerminal.IdentityOf(_folder.Path, Name);
        _listener = new LinkListener(new LinkListenerOptions
        {
            Server = Server, Traits = new LinkTraits(2048, TimeSpan.FromSeconds(1.5)),
        });
        _payer = new Payer(ListenAsync);
        _reader = new StoryReader(() =>
        {
            _inserted.TrySetResult();
            return _card.Insert();
        });
        var options = new LineTerminalOptions
        {
            Name = Name, Folder = _folder.Path, Server = _key.PublicKey, Modems = [LineModems.Ofdm],
            Display = new DisplaySize(4, 20), Holder = _ => _payer,
            Ports = new TerminalPorts
            {
                Printer = new EscPosPrinter(_paper.Head), Finger = withFinger ? new ReadyFinger(Holders) : null,
            },
        };
        _terminal = LineTerminal.Start(options, _ => Task.FromResult<ICardReader>(_reader));
    }

    /// <summary>What stands on the newest receipt.</summary>
    public IReadOnlyList<string> Receipt => [.. _paper.Sheets[^1].Select(line => line.Text)];

    private PeerIdentity Server => new(_key.PublicKey.Identity);

    /// <summary>A holder with 50.00, a card in the device, and a server.</summary>
    /// <param name="pace">Real time of a packet of 20 ms.</param>
    /// <param name="withFinger">The card knows the holder's finger, the device has a reader, the server asks for it.</param>
    public static async Task<LinePurchase> OpenAsync(TimeSpan pace, CancellationToken cancel, bool withFinger = false)
    {
        var purchase = new LinePurchase(pace, withFinger);
        purchase._database = await Database.OpenAsync(Path.Combine(purchase._folder.Path, "tessera.db"), cancel: cancel);
        purchase._host = await purchase.HostAsync(cancel);
        return purchase;
    }

    /// <summary>One call in which something is bought.</summary>
    /// <param name="application">What was chosen in voice.</param>
    /// <param name="seed">Of the chances of the line.</param>
    public async Task<PurchaseOnLine> BuyAsync(
        ICardApplication application, Amount price, int seed, CancellationToken cancel)
    {
        var (pins, receipts) = (_payer.Pins, _paper.Sheets.Count);
        await _inserted.Task.WaitAsync(cancel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var end = _end = new LineCall(new LineServerOptions
        {
            Key = _key, Modems = [LineModems.Ofdm], Allows = other => new PeerIdentity(other.Identity) == _identity,
        });
        await using var device = _terminal.BeginCall();
        _line = new StoryLine(end, device, new DuplexLine(Conditions, seed), _none, _pace, Press);
        var carrying = _line.RunAsync(over.Token);
        var data = await end.ObeyAsync(TimeSpan.FromMinutes(1), cancel)
            ?? throw new InvalidOperationException($"The line is not data: {end.Ending}.");
        var serving = _listener.ServeAsync(new WatchedFrames(new LineFrameChannel(data), Answered), _identity, CancellationToken.None);
        var outcome = await _host.RunAsync(await _listener.Links.ReadAsync(cancel), _payer, application, cancel);
        await ListenAsync(cancel);

        _inserted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reader.Pull();
        await over.CancelAsync();
        end.HangUp();
        await Task.WhenAll(serving, carrying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Release(_identity.Id, "The call is over.");
        _spent += price.MinorUnits;
        return new PurchaseOnLine(
            _line.DataPackets, _returned, _payer.Pins - pins, _paper.Sheets.Count - receipts,
            await FaultsAsync(outcome, cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await _terminal.DisposeAsync();
        await _listener.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        _card.Dispose();
        _key.Dispose();
        _masters.Dispose();
        _folder.Dispose();
    }

    /// <summary>The holder listens to the service again.</summary>
    private async Task ListenAsync(CancellationToken cancel)
    {
        if (_end!.IsVoice) return;
        _listener.Pause(_identity.Id);
        await _line!.VoiceAsync().WaitAsync(cancel);
        _returned = _line.DataPackets - _answered;
    }

    private void Answered() => _answered = _line!.DataPackets;

    private void Press()
    {
        if (_terminal.Status is { Card: true, Stage: LineStage.Voice } && _line!.DataPackets == 0) _terminal.PressDataKey();
    }

    private async Task<SessionHost> HostAsync(CancellationToken cancel)
    {
        var time = TimeProvider.System;
        var now = time.GetUtcNow();
        var holder = new Holder(HolderId.New(now), "Ada", now);
        var holders = new SqliteHolderStore(_database);
        var treasury = new Treasury(new SqliteMoneyStore(_database), _purses, time);
        var registration = new CardRegistration(
            CardId, holder.Id, CardKind.Iso, [PurseCommands.Aid, StoreCommands.Aid], DemonstrationKeys.Version, Euro, Greatest,
            CardState.Active, now);
        await holders.AddAsync(holder, cancel);
        await holders.RegisterAsync(registration, cancel);
        await treasury.OpenAsync(registration, cancel);
        await treasury.FundAsync(holder.Id, (uint)Funds, "bank", "story", cancel);
        return new SessionHost(
            treasury, holders, new SqliteSessionStore(_database), Server.Id,
            new SessionOptions { Verification = _withFinger ? Verification.Either : Verification.Pin }, time,
            new CardFields(new ChangeLog(new SqliteChangeStore(_database), time), new StoreKeyring(_masters)));
    }

    private async Task<IReadOnlyList<string>> FaultsAsync(SessionOutcome outcome, CancellationToken cancel)
    {
        var store = new SqliteMoneyStore(_database);
        List<string> faults = [.. (await new LedgerCheck(store, _purses).RunAsync(cancel)).Select(fault => fault.ToString())];
        if (outcome.End != SessionEnd.Completed) faults.Add($"The session ended: {outcome.End}, {outcome.Fault}.");
        await using var view = await store.ViewAsync(cancel);
        await foreach (var purse in view.PursesAsync(cancel))
        {
            if (purse.Account != Funds - _spent) faults.Add($"The account has {purse.Account}.");
            if (purse.Open.Count > 0) faults.Add("An intent is open.");
        }

        return faults;
    }
}
