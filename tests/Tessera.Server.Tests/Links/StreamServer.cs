using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tessera.Server.Links;
using Tessera.Toolkit.Links;

namespace Tessera.Server.Tests.Links;

/// <summary>Kestrel with nothing but the endpoint of plain TLS streams, as the server has it.</summary>
internal sealed class StreamServer : IAsyncDisposable
{
    private readonly X509Certificate2 _own = LinkCertificate.Create("server");
    private readonly WebApplication _app;

    private StreamServer(PeerIdentity allowed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton(new LinkListener(new LinkListenerOptions { Server = Pin }));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(
            new HttpsConnectionAdapterOptions
            {
                ServerCertificate = _own,
                SslProtocols = LinkTls.StreamProtocols,
                ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (peer, _, _) => PeerIdentity.Of(peer) == allowed,
            }).UseConnectionHandler<StreamEndpoint>()));
        _app = builder.Build();
    }

    public PeerIdentity Pin => PeerIdentity.Of(_own);

    public LinkListener Listener => _app.Services.GetRequiredService<LinkListener>();

    public Uri Address
    {
        get
        {
            var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
            return new Uri($"tls://{new Uri(addresses.Addresses.Single()).Authority}");
        }
    }

    public static async Task<StreamServer> StartAsync(PeerIdentity allowed, CancellationToken cancel)
    {
        var server = new StreamServer(allowed);
        await server._app.StartAsync(cancel);
        return server;
    }

    public Task StopAsync(CancellationToken cancel) => _app.StopAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _own.Dispose();
    }
}
