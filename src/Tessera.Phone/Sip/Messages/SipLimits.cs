namespace Tessera.Phone.Sip;

/// <summary>How much of everything an endpoint takes from its peers.</summary>
public sealed record SipLimits
{
    public static SipLimits Default { get; } = new();

    /// <summary>Octets of a message. Default 65,535, as much as a datagram can hold.</summary>
    public int Message { get; init; } = 65_535;

    /// <summary>Header fields of a message. Default 128.</summary>
    public int Headers { get; init; } = 128;

    /// <summary>Octets of one header field. Default 4,096.</summary>
    public int Header { get; init; } = 4_096;

    /// <summary>Octets of the Request-URI; more is answered 414. Default 1,024.</summary>
    public int RequestUri { get; init; } = 1_024;

    /// <summary>Octets of a body; more is answered 513. Default 32,768.</summary>
    public int Body { get; init; } = 32_768;

    /// <summary>Transactions of both sides; what would open one more is answered 503. Default 10,000.</summary>
    public int Transactions { get; init; } = 10_000;

    /// <summary>Calls that have not ended; one more is answered 503. Default 1,000.</summary>
    public int Calls { get; init; } = 1_000;

    /// <summary>Calls that came in and nobody has taken up yet; one more is answered 503. Default 100.</summary>
    public int Waiting { get; init; } = 100;

    /// <summary>TCP connections; one more is closed at once. Default 200.</summary>
    public int Connections { get; init; } = 200;

    /// <summary>
    /// For a TCP connection without calls to be silent, and for the peer to take what we send. Default 10 min.
    /// </summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Messages that wait to be sent on one connection; with more it is closed. Default 1,000.</summary>
    public int Outgoing { get; init; } = 1_000;

    /// <summary>
    /// Messages a second from one address that is not trusted; what comes above is dropped. As many again may come at
    /// once.
    /// Default 200.
    /// </summary>
    public int Rate { get; init; } = 200;

    /// <summary>Addresses whose rate is counted. Default 10,000.</summary>
    public int Sources { get; init; } = 10_000;

    /// <summary>Bindings of one address of record. Default 10.</summary>
    public int Bindings { get; init; } = 10;
}
