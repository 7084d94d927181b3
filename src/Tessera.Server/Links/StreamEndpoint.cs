using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Tessera.Toolkit.Links;

namespace Tessera.Server.Links;

/// <summary>Where terminals connect that speak frames in a plain TLS stream (docs/protocols/link.md §1).</summary>
internal sealed class StreamEndpoint(LinkListener listener, ILogger<LinkListener> log) : ConnectionHandler
{
    /// <summary>Serves one connection, which TLS has authenticated, until it ends or the server wants it closed.</summary>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is not { } certificate) return;

        connection.Features.Get<IConnectionSocketFeature>()?.Socket.KeepAlive(SignsOfLife.Silence);
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested;
        var peer = PeerIdentity.Of(certificate);
        await using var channel = new StreamFrameChannel(connection.Transport);
        try
        {
            var end = await listener.ServeAsync(channel, peer, closing ?? CancellationToken.None);
            log.LogInformation("Link of terminal {Terminal} ended: {End}", peer.Id, end);
        }
        catch (ConnectionAbortedException e)
        {
            log.LogInformation("Link of terminal {Terminal} was cut off: {Reason}", peer.Id, e.Message);
        }
    }
}
