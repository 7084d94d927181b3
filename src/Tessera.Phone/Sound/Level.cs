namespace Tessera.Phone.Sound;

/// <summary>
/// Levels in dBm0 on the scale of A-law, where a sine that just fills the law has 3.14 dBm0 (ITU-T G.711); of µ-law it
/// is 3.17 dBm0.
/// </summary>
public static class Level
{
    /// <summary>What silence measures: nothing is quieter.</summary>
    public const double Silence = -99;

    private const double FullScale = 32768;
    private const double FullScaleSine = 3.14;

    /// <summary>The level of a sound, over all of it.</summary>
    public static double Of(ReadOnlySpan<short> samples)
    {
        var energy = 0L;
        foreach (var sample in samples) energy += sample * sample;
        if (energy == 0) return Silence;
        return Math.Max(Silence, OfPower((double)energy / samples.Length));
    }

    /// <summary>The level of a mean square of samples.</summary>
    public static double OfPower(double meanSquare) =>
        10 * Math.Log10(meanSquare * 2 / (FullScale * FullScale)) + FullScaleSine;

    /// <summary>The peak of a sine of that level.</summary>
    public static double Amplitude(double dbm0) => FullScale * Math.Pow(10, (dbm0 - FullScaleSine) / 20);

    /// <summary>The nearest sample, at the limits of 16 bits where it is beyond them.</summary>
    public static short Clip(double sample) =>
        (short)Math.Clamp(Math.Round(sample), short.MinValue, short.MaxValue);
}
