using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Server.Tests.Links;

/// <summary>Links in a plain TLS stream as Kestrel serves them: pins, ends in the wrong place, and a server that stops.</summary>
public sealed class StreamEndpointTests : IAsyncLifetime
{
    private readonly X509Certificate2 _terminal = LinkCertificate.Create("Kiosk");
    private readonly X509Certificate2 _stranger = LinkCertificate.Create("stranger");
    private StreamServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static LinkFrame Hello => LinkFrame.Of(
        FrameType.Hello,
        new TerminalHello(new Bytes(new byte[16]), "Kiosk", TerminalProfile.TextOnly, ReaderState.Empty));

    public async ValueTask InitializeAsync() =>
        _server = await StreamServer.StartAsync(PeerIdentity.Of(_terminal), Cancel);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _terminal.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Pinned_peers_greet_each_other()
    {
        await using var channel = await OpenAsync(_terminal, _server.Pin);

        await GreetAsync(channel);

        Assert.Equal(PeerIdentity.Of(_terminal).Id, Assert.Single(_server.Listener.Terminals).Terminal);
    }

    [Fact]
    public async Task A_terminal_refuses_another_server() =>
        await Assert.ThrowsAsync<ConnectionLostException>(() => OpenAsync(_terminal, PeerIdentity.Of(_stranger)));

    [Fact]
    public async Task A_server_refuses_another_terminal()
    {
        await Assert.ThrowsAsync<ConnectionLostException>(async () =>
        {
            await using var channel = await OpenAsync(_stranger, _server.Pin);
            await GreetAsync(channel);
        });

        Assert.Empty(_server.Listener.Terminals);
    }

    [Fact]
    public async Task An_older_TLS_that_shows_certificates_on_the_way_is_refused()
    {
        using var client = await ConnectAsync();
        await using var stream = new SslStream(client.GetStream());
        var tls = LinkTls.ForClient(_terminal, _server.Pin, "server");
        tls.EnabledSslProtocols = SslProtocols.Tls12;

        await Assert.ThrowsAnyAsync<Exception>(() => stream.AuthenticateAsClientAsync(tls, Cancel));

        Assert.False(stream.IsAuthenticated);
    }

    [Fact]
    public async Task A_stream_that_ends_inside_a_frame_ends_its_link_alone()
    {
        await using var other = await OpenAsync(_terminal, _server.Pin);
        using (var client = await ConnectAsync())
        {
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsClientAsync(LinkTls.ForClient(_terminal, _server.Pin, "server"), Cancel);
            await stream.WriteAsync(Bytes.FromHex("01 00002C 01 A0A1").Memory, Cancel);
            await stream.ShutdownAsync();
            Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancel));
        }

        await GreetAsync(other);
    }

    [Fact]
    public async Task What_is_no_frame_is_answered_with_Bye()
    {
        await using var channel = await OpenAsync(_terminal, _server.Pin);

        await channel.SendAsync(new LinkFrame(FrameType.Answer, Bytes.FromHex("00")), Cancel);

        Assert.Equal(ByeReason.Protocol, (await ByeAsync(channel)).Reason);
    }

    [Fact]
    public async Task A_server_that_stops_says_Bye()
    {
        await using var channel = await OpenAsync(_terminal, _server.Pin);
        await GreetAsync(channel);

        var stopping = _server.StopAsync(Cancel);

        Assert.Equal(ByeReason.GoingAway, (await ByeAsync(channel)).Reason);
        await channel.DisposeAsync();
        await stopping;
        Assert.False(Assert.Single(_server.Listener.Terminals).Connected);
    }

    private static async Task<Bye> ByeAsync(IFrameChannel channel)
    {
        while (await channel.ReceiveAsync(Cancel) is { } frame)
        {
            if (frame.Type == FrameType.Bye) return frame.Body.Read<Bye>();
        }

        throw new ConnectionLostException("No Bye came.");
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(_server.Address.Host, _server.Address.Port, Cancel);
        return client;
    }

    private async Task GreetAsync(IFrameChannel channel)
    {
        await channel.SendAsync(Hello, Cancel);
        var frame = await channel.ReceiveAsync(Cancel) ?? throw new ConnectionLostException("No Hello came.");
        Assert.Equal(_server.Pin.Id, frame.Body.Read<ServerHello>().Server);
    }

    private Task<IFrameChannel> OpenAsync(X509Certificate2 own, PeerIdentity server) => TerminalConnection.OpenAsync(
        new TerminalConnectionOptions { Server = _server.Address, Certificate = own, Pin = server }, Cancel);
}
