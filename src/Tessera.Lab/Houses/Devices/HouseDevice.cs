using System.Net;
using Tessera.Cards;
using Tessera.Lab.Calls;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Lines;
using Tessera.Terminal.Ports;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard.Biometrics;

namespace Tessera.Lab.Houses.Devices;

/// <summary>
/// The device between telephone and wall, with a power switch: off is at once, whatever it does; its journal and the card
/// in its slot stay.
/// </summary>
public sealed class HouseDevice : IAsyncDisposable
{
    private readonly SemaphoreSlim _switch = new(1);
    private readonly HouseDeviceOptions _options;
    private readonly VirtualBattery _battery = new(PowerState.Mains);
    private readonly VirtualPaper _paper;
    private readonly VirtualFingerReader _fingers;
    private readonly TerminalPorts _ports;
    private readonly ChangeCount _changes = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Powered? _powered;
    private int _presses;

    private HouseDevice(HouseDeviceOptions options)
    {
        _options = options;
        _paper = new VirtualPaper(_changes.Raise);
        _fingers = new VirtualFingerReader(_changes.Raise);
        _ports = new TerminalPorts
        {
            Printer = new EscPosPrinter(_paper.Head), Power = _battery, Finger = _fingers,
        };
    }

    /// <summary>Completes when it cannot go on, with the reason, or is disposed; not when it is switched off.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Where the telephone calls, by SIP over UDP; null while it is off: then the line is the wall's.</summary>
    public IPEndPoint? TelephoneSide => _powered?.Exchange.Jack;

    /// <summary>Where the wall calls, by SIP over UDP; null while it is off.</summary>
    public IPEndPoint? WallSide => _powered?.Exchange.Line;

    /// <summary>Grows with every change of the state.</summary>
    public long Number => _changes.Number;

    public DeviceState State
    {
        get
        {
            var power = _battery.State;
            if (_powered is not { Terminal: var terminal })
            {
                string[] dark = [.. Enumerable.Repeat("", _options.Display.Height)];
                return new DeviceState(
                    false, dark, 0, LineStage.NoCall, "Off: the telephone is at the wall", false, null, 0, power.IsMains,
                    power.Percent, Sheets);
            }

            var status = terminal.Status;
            return new DeviceState(
                true, [.. terminal.Screen.Lines], terminal.Screen.Ask, status.Stage, WordsOf(status), status.Card,
                status.Rung, status.Quality, power.IsMains, power.Percent, Sheets)
            {
                WantsFinger = _fingers.IsWaiting,
            };
        }
    }

    private IReadOnlyList<IReadOnlyList<PrintedLine>> Sheets => [.. _paper.Sheets.Select(sheet => sheet.ToArray())];

    /// <summary>Who it is; makes its key at the first time. The server must know it before it is switched on.</summary>
    public static PeerIdentity IdentityOf(HouseDeviceOptions options) =>
        LineTerminal.IdentityOf(Make(options, new TerminalPorts()));

    /// <summary>Puts it together and switches it on.</summary>
    /// <exception cref="IOException">Another terminal uses the folder.</exception>
    public static async Task<HouseDevice> StartAsync(HouseDeviceOptions options, CancellationToken cancel)
    {
        var device = new HouseDevice(options);
        await device.PowerAsync(on: true, cancel);
        return device;
    }

    /// <summary>Completes when <see cref="Number"/> is another than <paramref name="seen"/>.</summary>
    public Task ChangedAsync(long seen, CancellationToken cancel) => _changes.ChangedAsync(seen, cancel);

    /// <summary>Switches it on, or takes its power away.</summary>
    public async Task PowerAsync(bool on, CancellationToken cancel)
    {
        await _switch.WaitAsync(cancel);
        try
        {
            if (on && _powered is null) _powered = new Powered(this);
            else if (!on && _powered is { } powered) await LoseAsync(powered);
        }
        finally
        {
            _switch.Release();
        }

        _changes.Raise();
    }

    /// <summary>
    /// Presses a key for what was shown; false where something else is shown now, so that no key falls through.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is off.</exception>
    public bool TryPress(long ask, Key key)
    {
        var screen = (_powered ?? throw new InvalidOperationException("The device is off.")).Terminal.Screen;
        return screen.TryPress(ask, key);
    }

    /// <summary>Lays a finger on its reader, each time a little otherwise.</summary>
    /// <param name="own">The finger of who lives here, or somebody else's.</param>
    /// <exception cref="InvalidOperationException">It waits for none.</exception>
    public void Lay(bool own)
    {
        var finger = new SyntheticFinger(own ? _options.Finger : unchecked(_options.Finger + 1));
        var laid = finger.Lay(Interlocked.Increment(ref _presses));
        if (_fingers.TryLay(laid)) return;
        laid.Dispose();
        throw new InvalidOperationException("The device waits for no finger.");
    }

    /// <summary>What it lives on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 100 percent.</exception>
    public void Supply(PowerState state)
    {
        _battery.Set(state);
        _changes.Raise();
    }

    /// <summary>Puts the plug into the wall, or pulls it.</summary>
    public void Plug(bool mains) => Supply(_battery.State with { IsMains = mains });

    /// <summary>Charges the battery, or drains it.</summary>
    /// <inheritdoc cref="Supply"/>
    public void Charge(int percent) => Supply(_battery.State with { Percent = percent });

    /// <summary>Somebody takes the paper.</summary>
    public void Tear() => _paper.Tear();

    public async ValueTask DisposeAsync()
    {
        await PowerAsync(on: false, CancellationToken.None);
        await _options.Slot.DisposeAsync();
        _ended.TrySetResult();
        _switch.Dispose();
    }

    private static LineTerminalOptions Make(HouseDeviceOptions options, TerminalPorts ports) => new()
    {
        Name = options.Name, Folder = options.Folder, Server = options.Server, Display = options.Display,
        Ports = ports,
    };

    private async Task LoseAsync(Powered powered)
    {
        _powered = null;
        await powered.DisposeAsync();
    }

    private static string WordsOf(LineTerminalStatus status) => status switch
    {
        { Stage: LineStage.NoCall } => "No call",
        { Stage: LineStage.Voice } => "Voice passes",
        { Stage: LineStage.Asking } => "Asks for data",
        { Stage: LineStage.Armed } => "Waits for the service",
        { Rung: { } rung } => string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"Data, rung {rung}, {status.Quality:0} dB"),
        _ => "Data",
    };

    /// <summary>What there is while it has power.</summary>
    private sealed class Powered : IAsyncDisposable
    {
        private readonly CancellationTokenSource _over = new();
        private readonly Task _watching;

        public Powered(HouseDevice device)
        {
            var options = device._options;
            Terminal = LineTerminal.Start(
                Make(options, device._ports),
                _ => Task.FromResult<ICardReader>(new KeptSlot(options.Slot)), options.Time);
            Exchange = DeviceExchange.Start(
                Terminal,
                new DeviceExchangeOptions { Network = options.Wall, Telephone = options.Telephone, Time = options.Time });
            _watching = Task.WhenAll(WatchAsync(device._changes), WatchAsync(device._ended));
        }

        public LineTerminal Terminal { get; }

        public DeviceExchange Exchange { get; }

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await Exchange.DisposeAsync();
            await Terminal.DisposeAsync();
            await _watching;
            _over.Dispose();
        }

        /// <summary>A terminal that fails is out of order; one that is switched off is not.</summary>
        private async Task WatchAsync(TaskCompletionSource ended)
        {
            try
            {
                await Terminal.Completion;
            }
            catch (Exception failure)
            {
                ended.TrySetException(failure);
            }
        }

        private async Task WatchAsync(ChangeCount changes)
        {
            try
            {
                while (true)
                {
                    var number = Terminal.Screen.Number;
                    changes.Raise();
                    await Terminal.Screen.ChangedAsync(number, _over.Token);
                }
            }
            catch (OperationCanceledException) when (_over.IsCancellationRequested)
            {
                // Off.
            }
        }
    }

    /// <summary>A slot that is there without power too: what is in it stays in it.</summary>
    private sealed class KeptSlot(ICardReader slot) : ICardReader
    {
        public string Name => slot.Name;

        public Task<ICard> InsertedAsync(CancellationToken cancel) => slot.InsertedAsync(cancel);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
