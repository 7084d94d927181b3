using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Links;

public sealed class MutualTlsTests : IDisposable
{
    private readonly X509Certificate2 _server = LinkCertificate.Create("server");
    private readonly X509Certificate2 _terminal = LinkCertificate.Create("terminal");
    private readonly X509Certificate2 _stranger = LinkCertificate.Create("stranger");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public MutualTlsTests() => _listener.Start();

    public void Dispose()
    {
        _listener.Dispose();
        _server.Dispose();
        _terminal.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Pinned_peers_know_each_other()
    {
        var accepting = AcceptAsync(PeerIdentity.Of(_terminal));
        await using var channel = await TerminalConnection.OpenAsync(Options(_terminal, PeerIdentity.Of(_server)), Token);
        await using var stream = await accepting;
        var frame = new LinkFrame(FrameType.Answer, Bytes.FromHex("A1A2"));

        await channel.SendAsync(frame, Token);

        Assert.Equal(PeerIdentity.Of(_terminal), LinkTls.PeerOf(stream));
        await using var other = new StreamFrameChannel(stream);
        Assert.Equal(frame, await other.ReceiveAsync(Token));
    }

    [Fact]
    public async Task A_terminal_refuses_another_server()
    {
        var accepting = AcceptAsync(PeerIdentity.Of(_terminal));

        var refused = await Assert.ThrowsAsync<ConnectionLostException>(
            () => TerminalConnection.OpenAsync(Options(_terminal, PeerIdentity.Of(_stranger)), Token));

        Assert.IsType<AuthenticationException>(refused.InnerException);
        await Assert.ThrowsAnyAsync<Exception>(async () => await ReadOneAsync(await accepting));
    }

    [Fact]
    public async Task A_server_refuses_another_terminal()
    {
        var accepting = AcceptAsync(PeerIdentity.Of(_terminal));

        await Assert.ThrowsAsync<ConnectionLostException>(async () =>
        {
            await using var channel = await TerminalConnection.OpenAsync(Options(_stranger, PeerIdentity.Of(_server)), Token);
            if (await channel.ReceiveAsync(Token) is null) throw new ConnectionLostException("ended");
        });

        await Assert.ThrowsAsync<AuthenticationException>(() => accepting);
    }

    [Fact]
    public async Task A_server_refuses_a_terminal_without_a_certificate()
    {
        var accepting = AcceptAsync(PeerIdentity.Of(_terminal));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, Token);
        await using var stream = new SslStream(
            client.GetStream(), leaveInnerStreamOpen: false, LinkTls.Pinned(peer => peer == PeerIdentity.Of(_server)));

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await stream.AuthenticateAsClientAsync("server");
            await ReadOneAsync(stream);
        });

        await Assert.ThrowsAsync<AuthenticationException>(() => accepting);
    }

    [Fact]
    public async Task A_whole_link_runs_over_mutual_tls()
    {
        await using var listener = new LinkListener(new LinkListenerOptions { Server = PeerIdentity.Of(_server) });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var client = new LinkClient(new LinkClientOptions
        {
            Name = "Kiosk",
            Profile = PlayedTerminal.KioskProfile,
            Server = PeerIdentity.Of(_server),
            Run = (script, _) => Task.FromResult(Scripts.AnswerTo(script)),
            Reopen = (_, _) => Task.CompletedTask,
        });
        client.Report(ReaderState.Open(PlayedTerminal.Atr, 5));
        var accepting = AcceptAsync(PeerIdentity.Of(_terminal));
        var running = client.RunAsync(
            cancel => TerminalConnection.OpenAsync(Options(_terminal, PeerIdentity.Of(_server)), cancel), stop.Token);
        var stream = await accepting;
        var serving = listener.ServeAsync(new StreamFrameChannel(stream), LinkTls.PeerOf(stream), Token);

        var link = await listener.Links.ReadAsync(Token);

        Assert.Equal(PeerIdentity.Of(_terminal).Id, link.Terminal);
        Assert.Equal(Scripts.Answer(5, 1), await link.SendAsync(1, Scripts.Script(5, 1), Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(ByeReason.GoingAway, (await serving).Reason);
    }

    [Fact]
    public async Task Nobody_there_is_a_lost_connection_and_another_scheme_a_mistake()
    {
        _listener.Stop();
        var options = Options(_terminal, PeerIdentity.Of(_server));

        foreach (var scheme in new[] { "tls", "wss" })
        {
            var away = options with { Server = new Uri($"{scheme}://127.0.0.1:{Port}/link") };
            await Assert.ThrowsAsync<ConnectionLostException>(() => TerminalConnection.OpenAsync(away, Token));
        }

        var plain = options with { Server = new Uri("ws://127.0.0.1/link") };
        await Assert.ThrowsAsync<ArgumentException>(() => TerminalConnection.OpenAsync(plain, Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Port { get => field == 0 ? field = ((IPEndPoint)_listener.LocalEndpoint).Port : field; set; }

    private static async Task ReadOneAsync(Stream stream)
    {
        if (await stream.ReadAsync(new byte[1], Token) == 0) throw new EndOfStreamException();
    }

    private TerminalConnectionOptions Options(X509Certificate2 own, PeerIdentity pin) =>
        new() { Server = new Uri($"tls://127.0.0.1:{Port}"), Certificate = own, Pin = pin };

    private async Task<SslStream> AcceptAsync(PeerIdentity allowed)
    {
        var client = await _listener.AcceptTcpClientAsync(Token);
        var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(LinkTls.ForServer(_server, peer => peer == allowed), Token);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
