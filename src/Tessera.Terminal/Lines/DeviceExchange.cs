using System.Net;
using System.Net.Sockets;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;

namespace Tessera.Terminal.Lines;

/// <summary>
/// A device between a telephone and the network, both by SIP and RTP: to each of them it is the other one (RFC 3261 §6,
/// back-to-back user agent). One call at a time, as a line has.
/// </summary>
public sealed class DeviceExchange : IAsyncDisposable
{
    private readonly LineTerminal _device;
    private readonly DeviceExchangeOptions _options;
    private readonly SipEndpoint _jack;
    private readonly SipEndpoint _line;
    private readonly RtpPacer _pacer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task[] _taking;
    private bool _isBusy;
    private Task _running = Task.CompletedTask;

    private DeviceExchange(LineTerminal device, DeviceExchangeOptions options, SipEndpoint jack, SipEndpoint line)
    {
        (_device, _options, _jack, _line) = (device, options, jack, line);
        _pacer = new RtpPacer(options.Time);
        _taking = [TakeAsync(jack, outgoing: true), TakeAsync(line, outgoing: false)];
    }

    /// <summary>Where the telephone calls.</summary>
    public IPEndPoint Jack => _jack.Address;

    /// <summary>Where the network calls.</summary>
    public IPEndPoint Line => _line.Address;

    /// <summary>Completes when it is disposed; fails with what made a call fail.</summary>
    public Task Completion => _over.Task;

    /// <param name="device">Stands in each call; not owned.</param>
    /// <exception cref="SocketException">A port is taken.</exception>
    public static DeviceExchange Start(LineTerminal device, DeviceExchangeOptions options)
    {
        var jack = Open(options.Listen, options.Time);
        try
        {
            return new DeviceExchange(device, options, jack, Open(options.Local, options.Time));
        }
        catch
        {
            // Nobody has called it yet: there is nothing to wait for.
            _ = jack.DisposeAsync().AsTask();
            throw;
        }
    }

    /// <summary>Hangs up, and hears of no more calls.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        await _jack.DisposeAsync();
        await _line.DisposeAsync();
        await Task.WhenAll(_taking);
        await _running;
        _pacer.Dispose();
        _stopping.Dispose();
        _over.TrySetResult();
    }

    private static SipEndpoint Open(IPEndPoint address, TimeProvider time) =>
        SipEndpoint.Listen(new SipEndpointOptions { Address = address, Tcp = false, Time = time });

    private async Task TakeAsync(SipEndpoint endpoint, bool outgoing)
    {
        await foreach (var incoming in endpoint.Calls.ReadAllAsync(CancellationToken.None)) Take(incoming, outgoing);
    }

    private void Take(SipCall incoming, bool outgoing)
    {
        var onward = outgoing ? SipUri.Sip(incoming.Invite.Uri.User, _options.Network) : _options.Telephone();
        lock (_gate)
        {
            if (onward is null || _isBusy)
            {
                incoming.Reject(onward is null ? SipStatus.TemporarilyUnavailable : SipStatus.BusyHere);
                return;
            }

            _isBusy = true;
        }

        _running = RunAsync(incoming, outgoing, onward);
    }

    private async Task RunAsync(SipCall incoming, bool outgoing, SipUri onward)
    {
        try
        {
            var (address, endpoint) = outgoing ? (Jack.Address, _line) : (Line.Address, _jack);
            await using var call = new ExchangeCall(incoming, address, outgoing, _device, _pacer);
            await call.RunAsync(endpoint, onward, outgoing ? ToNetwork(incoming) : ToTelephone(incoming), _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Switched off.
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or ArgumentException)
        {
            incoming.Reject(SipStatus.ServiceUnavailable);
        }
        catch (Exception e)
        {
            _over.TrySetException(e);
        }
        finally
        {
            await incoming.DisposeAsync();
            lock (_gate) _isBusy = false;
        }
    }

    private CallOptions ToNetwork(SipCall incoming)
    {
        var own = _options.Number.Length > 0
            ? new NameAddress(SipUri.Sip(_options.Number, _options.Network))
            : null;
        return new CallOptions
        {
            From = own ?? new NameAddress(incoming.Invite.From.Uri),
            AssertedIdentity = own,
            Withheld = incoming.Caller.Certainty == CallerCertainty.Withheld,
        };
    }

    private static CallOptions ToTelephone(SipCall incoming) => new()
    {
        From = incoming.Caller.Uri is { IsSip: true } caller ? new NameAddress(caller) : null,
    };
}
