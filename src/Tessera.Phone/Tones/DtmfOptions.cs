namespace Tessera.Phone.Tones;

/// <summary>How keys are pressed.</summary>
public sealed record DtmfOptions
{
    /// <summary>
    /// How long a key is held. ITU-T Q.24 takes 40 ms; 70 ms come through the codecs of mobile networks.
    /// </summary>
    public TimeSpan On { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>From one key to the next.</summary>
    public TimeSpan Off { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>Of the low group, in dBm0.</summary>
    public double Low { get; init; } = -10;

    /// <summary>Of the high group, in dBm0: lines take more of it away.</summary>
    public double High { get; init; } = -8;
}
