using System.Net;
using System.Threading.Channels;
using Tessera.Gateway;
using Tessera.Server.Hosting;
using Tessera.Server.Logins;
using Tessera.Smpp;

namespace Tessera.Server.ShortMessages;

/// <summary>
/// The short message road of this server: the gateway, bound to the SMSC inside the server or to that of somebody else.
/// </summary>
internal sealed class ShortMessageRoad(
    ServerOptions options, DataFolder folder, IGatewayStore store, RoadLog log, Announcements announcements,
    TimeProvider time, ILogger<ShortMessageRoad> logger)
    : IAsyncDisposable
{
    private LocalCentre? _centre;
    private SmsGateway? _gateway;
    private Task _watching = Task.CompletedTask;

    /// <summary>Where the lab's phone attaches; null where the SMSC is not the server's own.</summary>
    public IPEndPoint? Air => _centre?.Air;

    /// <summary>Null on a server without this road.</summary>
    public SmsGateway? Gateway => _gateway;

    /// <summary>Every session that a SIM opens, once; null on a server without this road.</summary>
    public ChannelReader<SmsLink>? Links => _gateway?.Links;

    /// <summary>Whether short messages come and go; null on a server without this road.</summary>
    public bool? IsUp => _gateway is null ? null : _gateway.IsBound && !_watching.IsFaulted;

    /// <summary>Takes up what is on record; on a server without lab and SMSC nothing happens.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        if (options.Smsc is null && !options.Lab) return;
        var bound = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (options.Smsc is null)
        {
            _centre = await LocalCentre.StartAsync(
                folder.Database, options.ServiceNumber, options.AirPort, options.SmppPort, time, cancel);
            logger.LogInformation("SMSC: phones at {Air}, ESMEs at {Smpp}", _centre.Air, _centre.Smpp);
        }

        _gateway = await SmsGateway.StartAsync(
            GatewayOptions(told =>
            {
                if (told is RoadChanged { Bound: true }) bound.TrySetResult();
                if (told is CardAnnounced announced) announcements.Hear(announced.Card);
                log.Take(told);
            }),
            store, time, cancel);
        _watching = WatchAsync(_gateway, _centre);
        if (_centre is not null) await Task.WhenAny(bound.Task, _watching).WaitAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        if (_centre is not null) await _centre.DisposeAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private SmsGatewayOptions GatewayOptions(Action<GatewayEvent> told) => new()
    {
        Smsc = options.Smsc?.Address ?? (EndPoint)_centre!.Smpp,
        Esme = new SmppClientOptions
        {
            SystemId = options.Smsc?.SystemId ?? LocalCentre.SystemId,
            Password = options.Smsc?.Password ?? _centre!.Password,
            Seen = options.Lab ? log.Take : null,
        },
        ServiceNumber = new SmppAddress(Ton.Unknown, Npi.Isdn, options.ServiceNumber),
        Keys = folder.FindKeys,
        Told = told,
    };

    /// <summary>Logs what the SMSC does, and the failure of either, after which no more messages come or go.</summary>
    private async Task WatchAsync(SmsGateway gateway, LocalCentre? centre)
    {
        try
        {
            if (centre is null) await gateway.Completion;
            else await Task.WhenAny(gateway.Completion, centre.Failed, log.FollowAsync(centre)).Unwrap();
        }
        catch (Exception e)
        {
            logger.LogError(e, "The short message road is out of order");
            throw;
        }
    }
}
