using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Tessera.Phone.Sip;

/// <summary>A SIP user agent (RFC 3261 §8) that listens, calls, and is called.</summary>
public sealed partial class SipEndpoint : IAsyncDisposable
{
    private const int MaxPortTries = 20;
    private const string Allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS";

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<ISipTransport> _transports;
    private readonly SipEndpointOptions _options;
    private readonly TrustedPeers _trusted;
    private readonly Dictionary<string, SipCall> _dialogs = new(StringComparer.Ordinal);
    private readonly Channel<SipCall> _incoming;
    private long _session;
    private bool _closing;

    private SipEndpoint(IReadOnlyList<ISipTransport> transports, SipEndpointOptions options)
    {
        (_transports, _options, _trusted) = (transports, options, new TrustedPeers(options.TrustedPeers));
        _session = options.Time.GetUtcNow().ToUnixTimeSeconds();
        _incoming = Channel.CreateBounded<SipCall>(options.Limits.Waiting);
        Layer = new TransactionLayer(transports, options.Timers, options.Limits, options.Time);
        Registrar = options.Registrar is null
            ? null
            : new SipRegistrar(options.Registrar, options.Limits, options.Time, Layer.Gate);
    }

    /// <summary>Where peers reach us.</summary>
    public IPEndPoint Address => _transports[0].Local;

    /// <summary>Calls that came in, to be accepted or rejected by who reads them.</summary>
    public ChannelReader<SipCall> Calls => _incoming.Reader;

    /// <summary>Null where telephones may not register.</summary>
    public SipRegistrar? Registrar { get; }

    internal TransactionLayer Layer { get; }

    internal SipHeader UserAgent { get; } = new("User-Agent", "Tessera");

    internal SipHeader Server { get; } = new("Server", "Tessera");

    /// <exception cref="SocketException">The port is taken.</exception>
    /// <exception cref="ArgumentException">No transport, or an address that peers cannot be told.</exception>
    public static SipEndpoint Listen(SipEndpointOptions options)
    {
        if (options.Address.Address.Equals(IPAddress.Any) || options.Address.Address.Equals(IPAddress.IPv6Any))
            throw new ArgumentException("Peers must be told an address, and any is none.", nameof(options));
        if (!options.Udp && !options.Tcp) throw new ArgumentException("There is no transport.", nameof(options));
        for (var tries = 1; ; tries++)
        {
            try
            {
                return Start(Bind(options), options);
            }
            catch (SocketException)
                when (options.Address.Port == 0 && options is { Udp: true, Tcp: true } && tries < MaxPortTries)
            {
                // The port that is free for UDP is not free for TCP: another one.
            }
        }
    }

    /// <summary>Calls somebody.</summary>
    /// <returns>The call, on its way: <see cref="SipCall.Answered"/> tells the rest.</returns>
    /// <exception cref="SocketException">The name in the URI is not known.</exception>
    /// <exception cref="ArgumentException">No SIP URI, or a transport we do not have.</exception>
    /// <exception cref="InvalidOperationException">There are too many calls.</exception>
    public async Task<SipCall> CallAsync(SipUri to, LocalAudio audio, CallOptions? options, CancellationToken cancel)
    {
        options ??= new CallOptions();
        if (!to.IsSip) throw new ArgumentException($"{to} is no SIP URI.", nameof(to));
        var flow = await ResolveAsync(options.Proxy ?? to, cancel);
        lock (Layer.Gate)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            if (_dialogs.Count + _outgoing.Count >= _options.Limits.Calls)
                throw new InvalidOperationException($"There are more than {_options.Limits.Calls} calls.");
            var call = SipCall.Begin(this, Invitation(to, options, flow), flow, audio, options.Credentials);
            if (call.State == CallState.Calling) _outgoing.Add(call);
            return call;
        }
    }

    /// <summary>Registers us at a registrar (RFC 3261 §10.2), and again before the binding ends.</summary>
    /// <param name="user">Whose calls come here: the address of record.</param>
    /// <param name="life">What we ask for; the registrar may grant less.</param>
    /// <returns>When the registrar has answered: <see cref="SipRegistration.Status"/> tells what.</returns>
    /// <exception cref="SocketException">The name in the URI is not known.</exception>
    public async Task<SipRegistration> RegisterAsync(
        SipUri registrar, SipUri user, SipCredentials? credentials, TimeSpan life, CancellationToken cancel)
    {
        var flow = await ResolveAsync(registrar, cancel);
        var registration = new SipRegistration(
            this, registrar, flow, new NameAddress(user), credentials, life, _options.Time);
        Task answered;
        lock (Layer.Gate) answered = registration.Begin();
        try
        {
            await answered.WaitAsync(cancel);
            return registration;
        }
        catch
        {
            await registration.DisposeAsync();
            throw;
        }
    }

    /// <summary>Hangs up what there is, and closes when the peers know or two seconds are over.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] told;
        lock (Layer.Gate)
        {
            if (_closing) return;
            _closing = true;
            told = [.. _dialogs.Values.Concat(_outgoing).ToArray().Select(call => call.HangUp())];
        }

        _incoming.Writer.TryComplete();
        using var late = new CancellationTokenSource(Farewell, _options.Time);
        try
        {
            await Task.WhenAll(told).WaitAsync(late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // They will find out.
        }

        lock (Layer.Gate)
        {
            foreach (var call in _dialogs.Values.Concat(_outgoing).ToArray()) call.Abandon();
            Layer.Close();
        }

        foreach (var transport in _transports) await transport.DisposeAsync();
    }

    internal static SipEndpoint Start(IReadOnlyList<ISipTransport> transports, SipEndpointOptions options)
    {
        var endpoint = new SipEndpoint(transports, options);
        endpoint.Layer.Start(endpoint);
        return endpoint;
    }

    internal async Task<SipFlow> ResolveAsync(SipUri uri, CancellationToken cancel)
    {
        var flow = await SipDestination.ResolveAsync(uri, Address.Address, cancel);
        // A URI that names no transport goes by the one there is.
        if (Layer.Reaches(flow)) return flow;
        return uri.Parameters.Contains("transport")
            ? throw new ArgumentException($"There is no transport for {uri}.", nameof(uri))
            : flow with { Transport = _transports[0].Name };
    }

    /// <summary>Where requests of a call reach us.</summary>
    internal SipHeader Contact(SipFlow flow)
    {
        var uri = SipUri.Sip("tessera", Layer.Transport(flow.Transport)!.Local);
        if (flow.Transport is SipFlow.Tcp) uri = uri with { Parameters = [new("transport", "tcp")] };
        return new SipHeader("Contact", new NameAddress(uri).ToString());
    }

    /// <summary>What an INVITE and its 2xx say of us.</summary>
    internal IEnumerable<SipHeader> Abilities(SipFlow flow) =>
        [Contact(flow), new("Allow", Allowed), new("Accept", SessionDescription.ContentType), UserAgent];

    internal string NextSession() => (++_session).ToString(CultureInfo.InvariantCulture);

    internal void Remember(SipCall call)
    {
        _outgoing.Remove(call);
        _dialogs[call.DialogKey!] = call;
    }

    internal void Forget(SipCall call)
    {
        _outgoing.Remove(call);
        if (call.DialogKey is { } key && _dialogs.GetValueOrDefault(key) == call) _dialogs.Remove(key);
    }

    private SipRequest Invitation(SipUri to, CallOptions options, SipFlow flow)
    {
        var from = options.From ?? new NameAddress(SipUri.Sip(user: null, Address));
        List<SipHeader> more = [];
        if (options.AssertedIdentity is { } asserted) more.Add(new("P-Asserted-Identity", asserted.ToString()));
        if (options.Withheld) more.Add(new("Privacy", "id"));
        return new SipRequest(SipMethod.Invite, to with { Headers = null },
        [
            new("From", from.WithTag(TransactionLayer.Unique()).ToString()), new("To", new NameAddress(to).ToString()),
            new("Call-ID", TransactionLayer.Unique() + TransactionLayer.Unique()), new("CSeq", "1 INVITE"),
            new("Max-Forwards", "70"), .. Abilities(flow), .. more,
        ]);
    }

    private static List<ISipTransport> Bind(SipEndpointOptions options)
    {
        if (!options.Udp) return [new TcpTransport(options.Address, options.Limits, options.Time)];
        var udp = new UdpTransport(options.Address);
        try
        {
            return options.Tcp ? [udp, new TcpTransport(udp.Local, options.Limits, options.Time)] : [udp];
        }
        catch
        {
            udp.Close();
            throw;
        }
    }
}
