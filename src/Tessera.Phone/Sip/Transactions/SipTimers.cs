namespace Tessera.Phone.Sip;

/// <summary>The timers of transactions (RFC 3261 §17, appendix A).</summary>
public sealed record SipTimers
{
    /// <summary>Estimate of the round trip. Default 500 ms.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest pause between retransmissions. Default 4 s.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest life of a message in the network. Default 5 s.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From a call of ours, or one that rings here, to its answer. Default 3 min, as timer C.</summary>
    public TimeSpan Ringing { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Timers B, F, H, J, L and M.</summary>
    internal TimeSpan Life => 64 * T1;

    /// <summary>Timer D over UDP: more than 32 s.</summary>
    internal TimeSpan D => Life > TimeSpan.FromSeconds(32) ? Life : TimeSpan.FromSeconds(32);
}
