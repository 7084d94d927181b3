using System.Net;

namespace Tessera.Phone.Sip;

/// <summary>Where an endpoint listens, whom it trusts, and its limits.</summary>
public sealed record SipEndpointOptions
{
    /// <summary>
    /// The address peers reach us at, and that we tell them; port 0 takes a free one. Default 127.0.0.1:5060.
    /// </summary>
    public IPEndPoint Address { get; init; } = new(IPAddress.Loopback, SipUri.DefaultPort);

    /// <summary>Default true.</summary>
    public bool Udp { get; init; } = true;

    /// <summary>On the same port. Default true.</summary>
    public bool Tcp { get; init; } = true;

    /// <summary>
    /// Peers that are believed who calls (RFC 3325), and whose messages are not counted. Default nobody.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedPeers { get; init; } = [];

    /// <summary>Telephones may register here. Default null: they may not.</summary>
    public SipRegistrarOptions? Registrar { get; init; }

    public SipTimers Timers { get; init; } = new();

    public SipLimits Limits { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
