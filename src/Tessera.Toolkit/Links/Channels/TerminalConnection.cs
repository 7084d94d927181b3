using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>How a terminal reaches its server.</summary>
public sealed record TerminalConnectionOptions
{
    /// <summary><c>wss://host:port/link</c>, or <c>tls://host:port</c> for frames in a plain TLS stream.</summary>
    public required Uri Server { get; init; }

    /// <summary>The server's key; nobody else is spoken to.</summary>
    public required PeerIdentity Pin { get; init; }

    /// <summary>The terminal's own certificate with its key; not owned.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>
    /// Silence before the peer is asked for a sign of life, and the time it has for one. Default 15 s.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = SignsOfLife.Silence;
}

/// <summary>Opens the channel of a terminal by mutual TLS with pinned keys (docs/protocols/link.md §1).</summary>
public static class TerminalConnection
{
    public const string WebSocketScheme = "wss";
    public const string StreamScheme = "tls";

    /// <exception cref="ConnectionLostException">The server is not there, or is not the pinned one.</exception>
    /// <exception cref="ArgumentException">The scheme of the address is neither <c>wss</c> nor <c>tls</c>.</exception>
    public static Task<IFrameChannel> OpenAsync(TerminalConnectionOptions options, CancellationToken cancel) =>
        OpenAsync(
            options.Server, LinkTls.ForClient(options.Certificate, options.Pin, options.Server.Host), options.KeepAlive,
            cancel);

    /// <summary>
    /// Opens a channel to whoever is there, for an enrolment and nothing else (docs/protocols/link.md §7).
    /// </summary>
    /// <param name="own">The terminal's certificate with its key; not owned.</param>
    /// <returns>The channel, and the key at its other end, which nobody vouches for.</returns>
    /// <exception cref="ConnectionLostException">Nobody is there who speaks TLS.</exception>
    /// <exception cref="ArgumentException">The scheme of the address is neither <c>wss</c> nor <c>tls</c>.</exception>
    public static async Task<(IFrameChannel Channel, PeerIdentity Server)> OpenToStrangerAsync(
        Uri server, X509Certificate2 own, CancellationToken cancel)
    {
        PeerIdentity? seen = null;
        var tls = LinkTls.ForClient(own, identity =>
        {
            seen = identity;
            return true;
        }, server.Host);
        var channel = await OpenAsync(server, tls, SignsOfLife.Silence, cancel);
        return (channel, seen!.Value);
    }

    private static async Task<IFrameChannel> OpenAsync(
        Uri server, SslClientAuthenticationOptions tls, TimeSpan keepAlive, CancellationToken cancel)
    {
        try
        {
            return server.Scheme switch
            {
                WebSocketScheme => await OpenWebSocketAsync(server, tls, keepAlive, cancel),
                StreamScheme => await OpenStreamAsync(server, tls, keepAlive, cancel),
                _ => throw new ArgumentException($"The scheme of {server} is neither wss nor tls.", nameof(server)),
            };
        }
        catch (Exception e) when (e is WebSocketException or IOException or SocketException or AuthenticationException)
        {
            throw new ConnectionLostException($"{server.Authority}: {e.GetBaseException().Message}", e);
        }
    }

    /// <summary>
    /// Opens the channel over a stream that leads to the server, whoever relays it: TLS 1.3 from end to end, of which
    /// those between can read nothing.
    /// </summary>
    /// <param name="stream">The channel's own from now on, also where it does not come about.</param>
    /// <param name="own">The terminal's certificate with its key; not owned.</param>
    /// <param name="pin">The server's key; nobody else is spoken to.</param>
    /// <exception cref="ConnectionLostException">The stream broke, or leads to another server.</exception>
    public static async Task<IFrameChannel> OpenAsync(
        Stream stream, X509Certificate2 own, PeerIdentity pin, CancellationToken cancel)
    {
        var tls = LinkTls.ForClient(own, pin, "");
        tls.EnabledSslProtocols = LinkTls.StreamProtocols;
        var secured = new SslStream(stream);
        try
        {
            await secured.AuthenticateAsClientAsync(tls, cancel);
            return new StreamFrameChannel(secured);
        }
        catch (Exception e)
        {
            await secured.DisposeAsync();
            if (e is IOException or AuthenticationException)
                throw new ConnectionLostException(e.GetBaseException().Message, e);
            throw;
        }
    }

    private static async Task<IFrameChannel> OpenWebSocketAsync(
        Uri server, SslClientAuthenticationOptions tls, TimeSpan keepAlive, CancellationToken cancel)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(WebSocketFrameChannel.Subprotocol);
            socket.Options.KeepAliveInterval = keepAlive;
            socket.Options.KeepAliveTimeout = keepAlive;
            using var http = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = tls });
            await socket.ConnectAsync(server, http, cancel);
            return new WebSocketFrameChannel(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IFrameChannel> OpenStreamAsync(
        Uri server, SslClientAuthenticationOptions tls, TimeSpan keepAlive, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            socket.KeepAlive(keepAlive);
            await socket.ConnectAsync(server.Host, server.Port, cancel);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(tls, cancel);
            return new StreamFrameChannel(stream);
        }
        catch
        {
            if (stream is not null) await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }
}
