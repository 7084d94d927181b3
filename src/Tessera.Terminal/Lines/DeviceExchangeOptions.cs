using System.Net;
using Tessera.Phone.Sip;

namespace Tessera.Terminal.Lines;

/// <summary>Where the telephone and the network of a device are.</summary>
public sealed record DeviceExchangeOptions
{
    /// <summary>Where calls of the telephone go, by SIP.</summary>
    public required IPEndPoint Network { get; init; }

    /// <summary>Where the telephone calls us, by SIP over UDP. Default a free port of 127.0.0.1.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>
    /// Where the network calls us, by SIP over UDP: an address that it can reach. Default a free port of 127.0.0.1.
    /// </summary>
    public IPEndPoint Local { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The telephone that rings when the network calls, if there is one now. Default none.</summary>
    public Func<SipUri?> Telephone { get; init; } = () => null;

    /// <summary>The number of the line, asserted to the network; empty for what the telephone says. Default
    /// empty.</summary>
    public string Number { get; init; } = "";

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
