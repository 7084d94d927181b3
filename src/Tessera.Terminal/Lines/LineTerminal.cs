using System.Globalization;
using System.Threading.Channels;
using Tessera.Cards;
using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Terminal.Displays;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Terminal.Lines;

/// <summary>
/// The device between telephone and wall socket: it reaches its server in the middle of a call, once its holder has
/// pressed the data key.
/// </summary>
/// <remarks>
/// Each data phase of a call is one connection of its link; the session of the card outlives it
/// (docs/protocols/line.md §11).
/// </remarks>
public sealed class LineTerminal : IAsyncDisposable
{
    private readonly LineTerminalOptions _options;
    private readonly CardTerminal _terminal;
    private readonly LineKey _key;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Channel<DataPhase> _phases = Channel.CreateBounded<DataPhase>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private Task _powering = Task.CompletedTask;
    private TerminalCall? _call;

    private LineTerminal(LineTerminalOptions options, LineKey key, TimeProvider time)
    {
        (_options, _key) = (options, key);
        Screen = new KeypadScreen(options.Display) { Unasked = Press };
        _terminal = CardTerminal.Open(
            new CardTerminalOptions
            {
                Name = options.Name,
                Folder = options.Folder,
                Pin = new PeerIdentity(options.Server.Identity),
                Profile = TerminalProfile.Text(
                    options.Display.Height, options.Display.Width, TerminalCapabilities.None),
                Ports = options.Ports,
                ReaderRetry = options.ReaderRetry,
                Connect = Timeout.InfiniteTimeSpan,
                Hello = options.Hello,
                FirstDelay = TimeSpan.Zero,
                MaxDelay = TimeSpan.Zero,
                ReaderChanged = Follow,
                Idle = Describe,
                Journaling = options.Journaling,
            },
            options.Holder(Screen),
            time);
    }

    /// <summary>Its display and keys; one of them is the data key.</summary>
    public KeypadScreen Screen { get; }

    /// <summary>Completes when the device cannot go on, with the reason, or is disposed.</summary>
    public Task Completion => _terminal.Completion;

    public LineTerminalStatus Status
    {
        get
        {
            var call = Call;
            return new LineTerminalStatus(
                call?.Stage ?? LineStage.NoCall, _terminal.Reader.Session != 0, _terminal.Status.Connected, call?.Rung,
                call?.Quality ?? 0, call?.Ending, _options.Ports.Power.State);
        }
    }

    private TerminalCall? Call
    {
        get
        {
            lock (_gate) return _call;
        }
    }

    /// <inheritdoc cref="CardTerminal.IdentityOf"/>
    public static PeerIdentity IdentityOf(LineTerminalOptions options) =>
        CardTerminal.IdentityOf(options.Folder, options.Name);

    /// <summary>Switches the device on.</summary>
    /// <param name="openReader">As of <see cref="CardTerminal.Start"/>.</param>
    /// <exception cref="IOException">Another terminal uses the folder.</exception>
    public static LineTerminal Start(
        LineTerminalOptions options, Func<CancellationToken, Task<ICardReader>> openReader, TimeProvider? time = null)
    {
        var device = Open(options, time ?? TimeProvider.System);
        device._terminal.Start(openReader, cancel => device.NextAsync(cancel));
        device._powering = device.WatchPowerAsync();
        return device;
    }

    /// <summary>The telephone is off the hook, or was called: the device stands in the line of that call.</summary>
    /// <param name="serverCalled">Which end called; both must know it.</param>
    /// <param name="known">What both ends know of the call, 64 octets at most; the handshake fails where they
    /// differ.</param>
    /// <exception cref="InvalidOperationException">There is a call already.</exception>
    public TerminalCall BeginCall(bool serverCalled = false, Bytes known = default)
    {
        TerminalCall call;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (_call is not null) throw new InvalidOperationException("There is a call on the line already.");
            _call = call = new TerminalCall(
                this, _options,
                new LineDeviceOptions
                {
                    Key = _key, Modems = _options.Modems, Server = _options.Server, ServerCalled = serverCalled,
                    Call = known,
                });
        }

        ShowIdle();
        return call;
    }

    /// <summary>One call from its beginning to its end, as <see cref="TerminalCall.RunAsync"/>.</summary>
    public Task RunAsync(ISoundPath line, ISoundPath? telephone, CancellationToken cancel) =>
        BeginCall().RunAsync(line, telephone, cancel);

    /// <summary>The holder lets the line go to data.</summary>
    public DataKeyAnswer PressDataKey()
    {
        if (Call is not { } call) return DataKeyAnswer.NoCall;
        if (_options.Ports.Power.State.IsDownTo(_options.EmptyBattery)) return DataKeyAnswer.BatteryEmpty;
        return _terminal.Reader.Session == 0 ? DataKeyAnswer.NoCard : call.PressDataKey();
    }

    /// <summary>The holder takes the data key back: no sound leads to data any more.</summary>
    public void Disarm() => Call?.Disarm();

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) return;
            _stopping.Cancel();
        }

        if (Call is { } call) await call.DisposeAsync();
        await _terminal.DisposeAsync();
        _key.Dispose();
        await _powering;
        _stopping.Dispose();
    }

    internal void ShowIdle() => _terminal.ShowIdle();

    /// <summary>The link uses the data of a call until one of them ends it.</summary>
    /// <returns>What the server said at its end; null where it said nothing.</returns>
    internal async Task<ByeReason?> ServeAsync(LineLink line)
    {
        var phase = new DataPhase(line);
        await _phases.Writer.WriteAsync(phase, CancellationToken.None);
        if (await Task.WhenAny(phase.Closed, Completion) != phase.Closed) await phase.DisposeAsync();
        return await phase.Closed;
    }

    internal void Forget(TerminalCall call)
    {
        lock (_gate)
        {
            if (_call == call) _call = null;
        }

        ShowIdle();
    }

    private static LineTerminal Open(LineTerminalOptions options, TimeProvider time)
    {
        using var certificate = CardTerminal.OpenCertificate(options.Folder, options.Name);
        var key = LineKey.Of(certificate);
        try
        {
            return new LineTerminal(options, key, time);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>A link waits for data as others wait for a network.</summary>
    private async Task<IFrameChannel> NextAsync(CancellationToken cancel) => await _phases.Reader.ReadAsync(cancel);

    /// <summary>A card that is out, or whose session is over, lets nothing go to data.</summary>
    private void Follow(ReaderState reader)
    {
        if (reader.Session == 0) Disarm();
    }

    private void Press(Key key)
    {
        if (key == Key.Data) PressDataKey();
        else if (key == Key.Clear) Disarm();
    }

    private async Task WatchPowerAsync()
    {
        var power = _options.Ports.Power;
        try
        {
            while (true)
            {
                var state = power.State;
                if (state.IsDownTo(_options.EmptyBattery)) Disarm();
                ShowIdle();
                await power.ChangedAsync(state, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Switched off.
        }
    }

    private IdleState Describe(IdleState idle)
    {
        var power = _options.Ports.Power.State;
        var call = Call;
        var stage = call?.Stage ?? LineStage.NoCall;
        var battery = power.IsDownTo(_options.LowBattery)
            ? string.Create(CultureInfo.InvariantCulture, $"Battery low {power.Percent}%")
            : "";
        var hint = call?.Ending == LineEnding.NoAnswer ? "No answer" : "when asked to";
        return idle with
        {
            Words = stage == LineStage.Voice && idle.Card && !power.IsDownTo(_options.EmptyBattery)
                ? new IdleWords("Press data key", battery.Length > 0 ? battery : hint)
                : Describe(stage, idle, battery, power.IsDownTo(_options.EmptyBattery)),
        };
    }

    private static IdleWords Describe(LineStage stage, IdleState idle, string battery, bool isEmpty) => stage switch
    {
        LineStage.Data => new IdleWords("Connected", battery),
        _ when isEmpty => new IdleWords("Battery empty", "Please charge"),
        LineStage.Asking => new IdleWords("Calling service", battery),
        LineStage.Armed => new IdleWords("Waiting for data", battery),
        _ when !idle.Card => new IdleWords("Insert card", battery),
        _ => new IdleWords(idle.Name, battery),
    };
}
