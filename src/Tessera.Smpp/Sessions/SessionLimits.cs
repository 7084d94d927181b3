namespace Tessera.Smpp;

/// <summary>How long a session may be silent and how much of everything it holds (SMPP 3.4 §7.2).</summary>
public sealed record SessionLimits
{
    /// <summary>From connect to bind: session_init_timer. Default 10 s.</summary>
    public TimeSpan Bind { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence before we ask with enquire_link: enquire_link_timer. Default 30 s.</summary>
    public TimeSpan EnquireLink { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// From a request to its response, enquire_link too, and for the peer to take octets: response_timer. Default 10 s.
    /// </summary>
    public TimeSpan Response { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// From the last request but enquire_link to our unbind: inactivity_timer. Default null, never.
    /// </summary>
    public TimeSpan? Inactivity { get; init; }

    /// <summary>For the last words of a session that ends. Default 2 s.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Our requests without response. Default 100.</summary>
    public int Window { get; init; } = 100;

    /// <summary>Callers that wait for room in the window; one more is refused. Default 10,000.</summary>
    public int Waiting { get; init; } = 10_000;

    /// <summary>The peer's requests that are being handled; one more is answered as throttled. Default 1,000.</summary>
    public int Incoming { get; init; } = 1_000;

    /// <summary>Octets of the longest PDU that is taken. Default 70,000: a message_payload and all else.</summary>
    public int PduLength { get; init; } = 70_000;

    /// <summary>Octets the peer has not taken; no more is read from it until it does. Default 1 MiB.</summary>
    public int Outgoing { get; init; } = 1 << 20;

    /// <summary>How often the session looks at its clocks.</summary>
    internal TimeSpan Sweep
    {
        get
        {
            var shortest = new[] { Bind, EnquireLink, Response, Inactivity ?? Bind }.Min() / 8;
            return TimeSpan.FromMilliseconds(Math.Clamp(shortest.TotalMilliseconds, 10, 500));
        }
    }
}
