namespace Tessera.Phone.Rtp;

/// <summary>How a <see cref="JitterBuffer"/> weighs delay against loss, in blocks of 20 ms.</summary>
public sealed record JitterOptions
{
    /// <summary>How long the first packet waits.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>How long any packet may wait.</summary>
    public int MaxDepth { get; init; } = 15;

    /// <summary>How many times the last block is repeated before there is silence.</summary>
    public int MaxRepeat { get; init; } = 10;
}
