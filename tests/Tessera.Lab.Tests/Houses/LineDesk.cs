using System.Net;
using Tessera.Phone.Calls;
using Tessera.Phone.Data;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Terminal.Lines;
using Tessera.Toolkit.Links;
using Xunit;

namespace Tessera.Lab.Tests.Houses;

/// <summary>A service that answers calls and serves the devices at their other end, with the product's own parts.</summary>
internal sealed class LineDesk : IAsyncDisposable
{
    private readonly RtpPacer _pacer = new(TimeProvider.System);
    private readonly LineKey _key = LineKey.Generate();
    private readonly List<Task> _serving = [];
    private readonly List<AnsweredCall> _calls = [];
    private readonly HashSet<PeerIdentity> _known = [];
    private readonly SipEndpoint _endpoint = SipEndpoint.Listen(new SipEndpointOptions
    {
        Address = new IPEndPoint(IPAddress.Loopback, 0), Tcp = false,
    });

    public LineDesk() => Listener = new LinkListener(new LinkListenerOptions { Server = new PeerIdentity(Server.Identity) });

    public IPEndPoint Address => _endpoint.Address;

    public LinePublicKey Server => _key.PublicKey;

    public LinkListener Listener { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes a device known.</summary>
    public void Enrol(PeerIdentity device) => _known.Add(device);

    /// <summary>The next call, answered.</summary>
    public async Task<AnsweredCall> AnswerAsync()
    {
        var incoming = await _endpoint.Calls.ReadAsync(Cancel);
        var call = await AnsweredCall.AcceptAsync(
            incoming,
            new CallSite
            {
                Pacer = _pacer,
                Address = IPAddress.Loopback,
                Line = new LineServerOptions
                {
                    Key = _key,
                    Modems = LineModems.All,
                    Allows = key => _known.Contains(new PeerIdentity(key.Identity)),
                },
            },
            Cancel);
        Assert.NotNull(call);
        _calls.Add(call);
        return call;
    }

    /// <summary>Data, from its opening to its end, as a connection of the device.</summary>
    public void Serve(LineLink? data)
    {
        Assert.NotNull(data);
        _serving.Add(Listener.ServeAsync(
            new LineFrameChannel(data), new PeerIdentity(data.Peer.Identity), CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var call in _calls) await call.DisposeAsync();
        await Listener.DisposeAsync();
        await Task.WhenAll(_serving);
        await _endpoint.DisposeAsync();
        _pacer.Dispose();
        _key.Dispose();
    }
}
