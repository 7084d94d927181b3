using System.Net;
using Tessera.Phone.Calls;
using Tessera.Phone.Data;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Server.Hosting;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Calls;

/// <summary>
/// Takes the calls to the service by SIP, on 127.0.0.1, and lets the number that was called decide who answers.
/// </summary>
internal sealed class VoiceRoad(
    ServerOptions options, DataFolder folder, CallRouter router, TimeProvider time, ILogger<VoiceRoad> log) : IAsyncDisposable
{
    /// <summary>Of more calls at once the last ones are busy.</summary>
    private const int MaxCalls = 100;

    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _answering = [];
    private SipEndpoint? _endpoint;
    private RtpPacer? _pacer;
    private LineKey? _key;
    private Task _taking = Task.CompletedTask;

    /// <summary>Where telephones call; null on a server without this road.</summary>
    public IPEndPoint? Address => _endpoint?.Address;

    /// <summary>Listens; nothing happens on a server without lab and SIP port.</summary>
    public void Start()
    {
        if (options.SipPort is null && !options.Lab) return;
        _endpoint = SipEndpoint.Listen(new SipEndpointOptions
        {
            Address = new IPEndPoint(IPAddress.Loopback, options.SipPort ?? 0),
            TrustedPeers = [new IPNetwork(IPAddress.Loopback, 32)],
            Time = time,
        });
        _pacer = new RtpPacer(time);
        _key = LineKey.Of(folder.Certificate);
        var site = new CallSite
        {
            Pacer = _pacer, Address = IPAddress.Loopback, Line = Line(_key), TelephoneEvents = options.TelephoneEvents,
        };
        _taking = TakeAsync(_endpoint, site);
        log.LogInformation("Calls at sip:{Address}", _endpoint.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_endpoint is not null) await _endpoint.DisposeAsync();
        await _taking;
        _pacer?.Dispose();
        _key?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>
    /// Devices that are enrolled, by two modems: an escape that nobody answers mutes people for each one that is tried.
    /// </summary>
    internal LineServerOptions Line(LineKey key) => new()
    {
        Key = key,
        Modems = [LineModems.Bell202, LineModems.Ofdm],
        Allows = device => folder.Terminals.Allows(new PeerIdentity(device.Identity)),
    };

    private async Task TakeAsync(SipEndpoint endpoint, CallSite site)
    {
        await foreach (var call in endpoint.Calls.ReadAllAsync(CancellationToken.None))
        {
            _answering.RemoveWhere(task => task.IsCompleted);
            if (_answering.Count < MaxCalls) _answering.Add(AnswerAsync(call, site));
            else call.Reject(SipStatus.BusyHere);
        }

        await Task.WhenAll(_answering);
    }

    /// <summary>What goes wrong with one call is told, and no other call knows of it.</summary>
    private async Task AnswerAsync(SipCall incoming, CallSite site)
    {
        await using var over = incoming;
        try
        {
            if (await AnsweredCall.AcceptAsync(incoming, site, _stopping.Token) is not { } call) return;
            await using (call) await router.AnswerAsync(call, _stopping.Token);
        }
        catch (Exception e) when (e is ConnectionLostException or OperationCanceledException)
        {
            log.LogInformation("A call ended early: {Reason}", e.Message);
        }
        catch (Exception e)
        {
            log.LogError(e, "A call failed");
        }
    }
}
