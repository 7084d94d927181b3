using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tessera.Toolkit.Links;

namespace Tessera.Terminal.Tests.Agents;

/// <summary>A server of links on 127.0.0.1: Kestrel with mutual TLS, WebSockets, and the listener behind them.</summary>
internal sealed class WebSocketServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebSocketServer(WebApplication app, LinkListener listener) => (_app, Listener) = (app, listener);

    public LinkListener Listener { get; }

    public int Port { get; private set; }

    public Uri Address => new($"wss://127.0.0.1:{Port}/link");

    public static async Task<WebSocketServer> StartAsync(
        X509Certificate2 own, PeerIdentity allowed, LinkListenerOptions options, int port, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(
            new HttpsConnectionAdapterOptions
            {
                ServerCertificate = own,
                ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (peer, _, _) => PeerIdentity.Of(peer) == allowed,
            })));
        var server = new WebSocketServer(builder.Build(), new LinkListener(options));
        server._app.UseWebSockets();
        server._app.Map("/link", server.ServeAsync);
        await server._app.StartAsync(cancel);
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.Port = new Uri(addresses.Addresses.Single()).Port;
        return server;
    }

    /// <summary>Says Bye to the terminals, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await Listener.DisposeAsync();
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        var peer = PeerIdentity.Of((await http.Connection.GetClientCertificateAsync(http.RequestAborted))!);
        var socket = await http.WebSockets.AcceptWebSocketAsync(WebSocketFrameChannel.Subprotocol);
        await Listener.ServeAsync(new WebSocketFrameChannel(socket), peer, http.RequestAborted);
    }
}
