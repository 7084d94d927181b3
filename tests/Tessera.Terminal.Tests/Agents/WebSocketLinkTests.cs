using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Terminal.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Agents;

/// <summary>Links over WebSockets with mutual TLS, as Kestrel serves them: right pins and wrong ones, in both directions.</summary>
public sealed class WebSocketLinkTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _own = LinkCertificate.Create("server");
    private readonly X509Certificate2 _stranger = LinkCertificate.Create("stranger");
    private X509Certificate2 _terminal = null!;
    private WebSocketServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static LinkFrame Hello => LinkFrame.Of(
        FrameType.Hello,
        new TerminalHello(new Bytes(new byte[16]), "Kiosk", TerminalProfile.TextOnly, ReaderState.Empty));

    public async ValueTask InitializeAsync()
    {
        _terminal = LinkCertificate.LoadOrCreate(_folder.File("terminal.pem"), "Kiosk");
        _server = await StartAsync(port: 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _own.Dispose();
        _stranger.Dispose();
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pinned_peers_greet_each_other()
    {
        await using var channel = await OpenAsync(_terminal, _own);

        await channel.SendAsync(Hello, Cancel);

        var hello = (await channel.ReceiveAsync(Cancel))!.Value.Body.Read<ServerHello>();
        Assert.Equal(PeerIdentity.Of(_own).Id, hello.Server);
        Assert.Equal(PeerIdentity.Of(_terminal).Id, Assert.Single(_server.Listener.Terminals).Terminal);
    }

    [Fact]
    public async Task A_terminal_refuses_another_server() =>
        await Assert.ThrowsAsync<ConnectionLostException>(() => OpenAsync(_terminal, _stranger));

    [Fact]
    public async Task A_server_refuses_another_terminal()
    {
        await Assert.ThrowsAsync<ConnectionLostException>(() => OpenAsync(_stranger, _own));

        Assert.Empty(_server.Listener.Terminals);
    }

    [Fact]
    public async Task An_agent_serves_its_card_across_a_server_that_starts_again()
    {
        var reader = new HandReader();
        await using var agent = await PcAgent.StartAsync(Agent(), _ => Task.FromResult<ICardReader>(reader), Cancel);
        reader.Insert(new CardInHand());
        var link = await _server.Listener.Links.ReadAsync(Cancel);
        var script = Till.Opening(link.Session, 1);
        var answer = await link.SendAsync(1, script, Cancel);

        await _server.DisposeAsync();
        _server = await StartAsync(_server.Port);
        var again = await _server.Listener.Links.ReadAsync(Cancel);

        // The card draws a random for each INITIALIZE: equal answers were one execution.
        Assert.Equal(link.Session, again.Session);
        Assert.Null(answer.Read<ResponseScript>().End);
        Assert.Equal(answer, await again.SendAsync(1, script, Cancel));
    }

    private PcAgentOptions Agent() => new()
    {
        Name = "Kiosk",
        Folder = _folder.Path,
        Server = _server.Address,
        Pin = PeerIdentity.Of(_own),
    };

    private Task<WebSocketServer> StartAsync(int port) => WebSocketServer.StartAsync(
        _own, PeerIdentity.Of(_terminal), new LinkListenerOptions { Server = PeerIdentity.Of(_own) }, port, Cancel);

    private Task<IFrameChannel> OpenAsync(X509Certificate2 own, X509Certificate2 server)
    {
        var options = new TerminalConnectionOptions
        {
            Server = _server.Address, Certificate = own, Pin = PeerIdentity.Of(server),
        };
        return TerminalConnection.OpenAsync(options, Cancel);
    }
}
