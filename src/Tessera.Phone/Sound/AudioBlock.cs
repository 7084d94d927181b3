namespace Tessera.Phone.Sound;

/// <summary>What one packet of a call carries: 20 ms of sound.</summary>
public static class AudioBlock
{
    /// <summary>Samples a second, everywhere on the telephone.</summary>
    public const int Rate = 8000;

    /// <summary>Samples of a block.</summary>
    public const int Length = 160;

    public static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(20);

    /// <summary>How many samples that time is.</summary>
    public static int SamplesIn(TimeSpan time) => (int)Math.Round(time.TotalSeconds * Rate);

    /// <summary>How long that many samples are.</summary>
    public static TimeSpan TimeOf(long samples) => TimeSpan.FromTicks(samples * (TimeSpan.TicksPerSecond / Rate));
}
