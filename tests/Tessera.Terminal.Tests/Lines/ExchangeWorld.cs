using System.Net;
using System.Net.Sockets;
using Tessera.Cards;
using Tessera.Phone.Calls;
using Tessera.Phone.Data;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Terminal.Lines;
using Tessera.Terminal.Tests.Agents;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Xunit;

namespace Tessera.Terminal.Tests.Lines;

/// <summary>A telephone, a device and a network, each hop SIP and RTP over real sockets.</summary>
internal sealed class ExchangeWorld : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LineKey _serverKey = LineKey.Generate();
    private readonly LineTerminalOptions _options;

    public ExchangeWorld()
    {
        _options = new LineTerminalOptions
        {
            Name = "Home", Folder = _folder.Path, Server = _serverKey.PublicKey, Modems = [LineModems.Ofdm],
        };
        Device = LineTerminal.Start(_options, _ => Task.FromResult<ICardReader>(Reader));
        Exchange = DeviceExchange.Start(Device, new DeviceExchangeOptions
        {
            Network = Network.Address, Number = "+4712345678", Telephone = () => SipUri.Sip("home", Telephone.Address),
        });
        Listener = new LinkListener(new LinkListenerOptions { Server = Server });
    }

    public SipEndpoint Telephone { get; } = Listen(trusts: false);

    public SipEndpoint Network { get; } = Listen(trusts: true);

    public RtpPacer Pacer { get; } = new(TimeProvider.System);

    public HandReader Reader { get; } = new();

    public LineTerminal Device { get; }

    public DeviceExchange Exchange { get; }

    public LinkListener Listener { get; }

    public PeerIdentity Server => new(_serverKey.PublicKey.Identity);

    /// <summary>How the network's calls go to data.</summary>
    public CallSite Site => new()
    {
        Pacer = Pacer,
        Address = IPAddress.Loopback,
        Line = new LineServerOptions
        {
            Key = _serverKey, Modems = _options.Modems,
            Allows = key => key.Identity == LineTerminal.IdentityOf(_options).KeyHash,
        },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The telephone dials.</summary>
    public Task<SipCall> DialAsync(string number, LocalAudio audio) =>
        Telephone.CallAsync(SipUri.Sip(number, Exchange.Jack), audio, new CallOptions(), Cancel);

    /// <summary>A call of the telephone that the network answers with that sound.</summary>
    public async Task<(SipCall Telephone, SipCall Network)> ConnectAsync(LocalAudio telephone, LocalAudio network)
    {
        var dialled = await DialAsync("83773", telephone);
        var called = await Network.Calls.ReadAsync(Cancel);
        Assert.NotNull(await called.AcceptAsync(network, Cancel));
        Assert.NotNull(await dialled.Answered);
        return (dialled, called);
    }

    public static Socket Sound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        await Telephone.DisposeAsync();
        await Network.DisposeAsync();
        await Exchange.DisposeAsync();
        await Exchange.Completion;
        await Device.DisposeAsync();
        await Device.Completion;
        await Listener.DisposeAsync();
        Pacer.Dispose();
        _serverKey.Dispose();
        _folder.Dispose();
    }

    private static SipEndpoint Listen(bool trusts) => SipEndpoint.Listen(new SipEndpointOptions
    {
        Address = new IPEndPoint(IPAddress.Loopback, 0),
        Tcp = false,
        TrustedPeers = trusts ? [new IPNetwork(IPAddress.Loopback, 32)] : [],
    });
}
