using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tessera.Lab.Calls;
using Tessera.Phone.Sip;

namespace Tessera.Lab.Houses.Sockets;

/// <summary>
/// The telephone socket in the wall of a house: the line passes through it, so here it is listened to, and broken. One
/// call at a time, as a line has.
/// </summary>
public sealed class WallSocket : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly WallSocketOptions _options;
    private readonly SipEndpoint _jack;
    private readonly SipEndpoint _line;
    private readonly LineGate _faults;
    private readonly LineLog _log;
    private readonly ChangeCount _changes = new();
    private readonly Task[] _taking;
    private SocketCall? _call;
    private Task _running = Task.CompletedTask;

    private WallSocket(WallSocketOptions options, LineGate faults)
    {
        (_options, _faults) = (options, faults);
        _log = new LineLog(options.Time, _changes.Raise);
        (_jack, _line) = (Listen(options.Time), Listen(options.Time));
        _taking = [TakeAsync(_jack, outgoing: true), TakeAsync(_line, outgoing: false)];
    }

    /// <summary>Where the house calls, by SIP over UDP.</summary>
    public IPEndPoint Jack => _jack.Address;

    /// <summary>Where the network calls the house, by SIP over UDP.</summary>
    public IPEndPoint Line => _line.Address;

    /// <summary>Two channels that take turns: what the house says, and what it hears.</summary>
    public Earpiece Earpiece { get; } = new();

    /// <summary>Grows with every change of the state.</summary>
    public long Number => _changes.Number;

    public LineSight State
    {
        get
        {
            SocketCall? call;
            lock (_gate) call = _call;
            var use = call?.Use ?? LineUse.Idle;
            var nothing = new LineWay("", 0, 0, 0);
            return new LineSight(
                use, WordsOf(use), call?.Number ?? "", call?.WayOf(LineDirection.Out) ?? nothing,
                call?.WayOf(LineDirection.In) ?? nothing, _faults.Faults)
            {
                Log = _log.Entries,
            };
        }
    }

    public static WallSocket Start(WallSocketOptions options) => new(options, new LineGate(options.Time));

    /// <inheritdoc cref="LineGate(TimeProvider, Func{int, int})"/>
    internal static WallSocket Start(WallSocketOptions options, Func<int, int> draw) =>
        new(options, new LineGate(options.Time, draw));

    /// <summary>Completes when <see cref="Number"/> is another than <paramref name="seen"/>.</summary>
    public Task ChangedAsync(long seen, CancellationToken cancel) => _changes.ChangedAsync(seen, cancel);

    /// <summary>What is done to each packet from now on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is beyond its limits.</exception>
    public void Set(LineFaults faults)
    {
        if (!faults.IsPossible)
        {
            throw new ArgumentOutOfRangeException(
                nameof(faults), faults, $"Loss is 0 to 100 percent, delay 0 to {LineFaults.MostDelay} ms.");
        }

        _faults.Faults = faults;
        _changes.Raise();
    }

    /// <summary>Loses every packet for so many milliseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to <see cref="LineFaults.MostBurst"/>.</exception>
    public void Burst(int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, LineFaults.MostBurst);
        _faults.Burst(TimeSpan.FromMilliseconds(milliseconds));
        _log.Note(string.Create(CultureInfo.InvariantCulture, $"A burst of loss: {milliseconds} ms."));
    }

    /// <summary>Cuts the call there is.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void Cut()
    {
        lock (_gate) (_call ?? throw new InvalidOperationException("There is no call on the line.")).Cut();
        _log.Note("The call is cut.");
    }

    public async ValueTask DisposeAsync()
    {
        await _jack.DisposeAsync();
        await _line.DisposeAsync();
        await Task.WhenAll(_taking);
        await _running;
    }

    private static SipEndpoint Listen(TimeProvider time) => SipEndpoint.Listen(new SipEndpointOptions
    {
        Address = new IPEndPoint(IPAddress.Loopback, 0), Tcp = false, Time = time,
    });

    private async Task TakeAsync(SipEndpoint endpoint, bool outgoing)
    {
        await foreach (var incoming in endpoint.Calls.ReadAllAsync(CancellationToken.None)) Take(incoming, outgoing);
    }

    private void Take(SipCall incoming, bool outgoing)
    {
        var target = outgoing ? _options.Network : _options.House();
        lock (_gate)
        {
            if (target is null || _call is not null)
            {
                incoming.Reject(target is null ? SipStatus.ServiceUnavailable : SipStatus.BusyHere);
                return;
            }

            _call = new SocketCall(incoming, outgoing, _faults, Earpiece, _log, _options.Time, _changes.Raise);
            _running = RunAsync(_call, incoming, outgoing, target);
        }

        _changes.Raise();
    }

    private async Task RunAsync(SocketCall call, SipCall incoming, bool outgoing, IPEndPoint target)
    {
        var onward = SipUri.Sip(incoming.Invite.Uri.User, target);
        try
        {
            await call.RunAsync(outgoing ? _line : _jack, onward, outgoing ? ToNetwork(incoming) : ToHouse(incoming));
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            _log.Note($"The call could not be passed on: {e.Message}");
            incoming.Reject(SipStatus.ServiceUnavailable);
        }
        finally
        {
            lock (_gate) _call = null;
            await call.DisposeAsync();
            _changes.Raise();
        }
    }

    /// <summary>An exchange knows which line it is, and says so; the house may only ask that it is not shown.</summary>
    private CallOptions ToNetwork(SipCall incoming)
    {
        var own = new NameAddress(SipUri.Sip(_options.Number, _options.Network!));
        return new CallOptions
        {
            From = own, AssertedIdentity = own, Withheld = incoming.Caller.Certainty == CallerCertainty.Withheld,
        };
    }

    private static CallOptions ToHouse(SipCall incoming) => new()
    {
        From = incoming.Caller.Uri is { IsSip: true } caller ? new NameAddress(caller) : null,
    };

    private static string WordsOf(LineUse use) => use switch
    {
        LineUse.Idle => "No call",
        LineUse.Ringing => "A call is set up",
        LineUse.Voice => "Voice",
        LineUse.Escape => "Escape signal heard",
        LineUse.Opening => "The ends make themselves known",
        _ => "Data",
    };
}
