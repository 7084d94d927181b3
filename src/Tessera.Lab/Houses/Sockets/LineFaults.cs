namespace Tessera.Lab.Houses.Sockets;

/// <summary>Which way a sound goes.</summary>
public enum LineDirection
{
    /// <summary>To the network: what is said in the house.</summary>
    Out,

    /// <summary>Into the house.</summary>
    In,
}

/// <summary>What the lab does to every packet of a line, in both directions.</summary>
/// <param name="LossPercent">Of hundred packets so many are lost, by chance: 0 to 100.</param>
/// <param name="DelayMilliseconds">Each packet comes so much later: 0 to 2000.</param>
public sealed record LineFaults(double LossPercent = 0, int DelayMilliseconds = 0)
{
    public const int MostDelay = 2000;

    /// <summary>Milliseconds of the longest burst of loss.</summary>
    public const int MostBurst = 2000;

    public static LineFaults None { get; } = new();

    internal bool IsPossible => LossPercent is >= 0 and <= 100 && DelayMilliseconds is >= 0 and <= MostDelay;
}
