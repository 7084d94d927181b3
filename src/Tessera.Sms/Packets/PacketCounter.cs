namespace Tessera.Sms.Packets;

/// <summary>What the rules make of a counter received.</summary>
public enum CounterVerdict
{
    Accepted,

    /// <summary>Taken before, or passed over: a replay.</summary>
    Low,

    /// <summary>Not the next one, where only the next is taken.</summary>
    High,

    /// <summary>The stored one is the last there is: nothing is taken any more.</summary>
    Blocked,
}

/// <summary>The five-octet counter of packets and the rule that takes each value once (ETSI TS 102 225).</summary>
public static class PacketCounter
{
    public const int Length = 5;

    public const ulong Max = 0xFF_FFFF_FFFF;

    internal static ulong Checked(ulong counter)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(counter, Max);
        return counter;
    }

    /// <summary>To be asked after the checksum was found right, so that a forged packet moves nothing.</summary>
    /// <param name="mode">Of the packet.</param>
    /// <param name="stored">The highest taken so far.</param>
    /// <param name="received">Of the packet; if accepted, what to store in a mode that checks.</param>
    public static CounterVerdict Check(CounterMode mode, ulong stored, ulong received) => mode switch
    {
        CounterMode.None or CounterMode.Unchecked => CounterVerdict.Accepted,
        _ when stored >= Max => CounterVerdict.Blocked,
        _ when received <= stored => CounterVerdict.Low,
        CounterMode.OneHigher when received != stored + 1 => CounterVerdict.High,
        _ => CounterVerdict.Accepted,
    };
}
