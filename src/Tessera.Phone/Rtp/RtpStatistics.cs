namespace Tessera.Phone.Rtp;

/// <summary>What happened in a call so far, in packets unless said otherwise.</summary>
public sealed record RtpStatistics
{
    public long Sent { get; init; }

    public long Received { get; init; }

    /// <summary>Expected, and not come.</summary>
    public long Lost { get; init; }

    /// <summary>Come, but not in time to be heard.</summary>
    public long Late { get; init; }

    /// <summary>Come again.</summary>
    public long Duplicate { get; init; }

    /// <summary>From somebody else than the peer: not heard.</summary>
    public long FromStrangers { get; init; }

    /// <summary>No packet of RTP or RTCP, or of a payload that was not agreed upon: not heard.</summary>
    public long Misread { get; init; }

    /// <summary>Datagrams that the system did not take, or lost with an error.</summary>
    public long Failed { get; init; }

    /// <summary>Blocks of 20 ms in which something was made up.</summary>
    public long Concealed { get; init; }

    /// <summary>How unevenly packets come.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>There and back, by the reports of the peer; null as long as there is none.</summary>
    public TimeSpan? RoundTrip { get; init; }
}
