using Tessera.Toolkit.Links;

namespace Tessera.Server.Links;

/// <summary>Where terminals connect: a WebSocket over mutual TLS, on a port of its own.</summary>
internal static class LinkEndpoint
{
    public const string Path = "/link";

    /// <summary>Takes every request of the links' port, the only one with TLS; pages are not served there.</summary>
    public static void UseLinks(this IApplicationBuilder app) =>
        app.MapWhen(http => http.Request.IsHttps, links => links.UseWebSockets().Run(ServeAsync));

    private static async Task ServeAsync(HttpContext http)
    {
        if (http.Request.Path != Path || !http.WebSockets.IsWebSocketRequest
            || !http.WebSockets.WebSocketRequestedProtocols.Contains(WebSocketFrameChannel.Subprotocol))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (http.RequestServices.GetRequiredService<LinkAddress>().Value is null)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (http.Connection.ClientCertificate is not { } certificate)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var listener = http.RequestServices.GetRequiredService<LinkListener>();
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var socket = await http.WebSockets.AcceptWebSocketAsync(WebSocketFrameChannel.Subprotocol);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        await using var channel = new WebSocketFrameChannel(socket);
        var peer = PeerIdentity.Of(certificate);
        var end = await listener.ServeAsync(channel, peer, cancel.Token);
        http.RequestServices.GetRequiredService<ILogger<LinkListener>>()
            .LogInformation("Link of terminal {Terminal} ended: {End}", peer.Id, end);
    }
}
