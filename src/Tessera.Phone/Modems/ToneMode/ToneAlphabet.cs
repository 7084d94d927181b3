using Tessera.Phone.Sound;

namespace Tessera.Phone.Modems.ToneMode;

/// <summary>
/// The eight tones of the robust mode, 700 to 1750 Hz in steps of 150, each for 20 ms: three bits. A tone has a whole
/// number of periods in that time, so one follows the other without a jump.
/// </summary>
internal static class ToneAlphabet
{
    public const int Tones = 8;
    public const int Bits = 3;

    private const int Lowest = 700;
    private const int Spacing = 150;

    /// <summary>What begins a frame: a Costas array, which agrees in one place at most with itself moved.</summary>
    public static readonly int[] Preamble = [0, 2, 5, 1, 6, 7, 4, 3];

    private static readonly float[][] Cosines = [.. Enumerable.Range(0, Tones).Select(tone => Wave(tone, Math.Cos))];
    private static readonly float[][] Sines = [.. Enumerable.Range(0, Tones).Select(tone => Wave(tone, Math.Sin))];

    /// <summary>The sine of a tone, between one and minus one.</summary>
    public static ReadOnlySpan<float> Sine(int tone) => Sines[tone];

    /// <summary>
    /// The energy of each tone in as many samples as a symbol has, on the scale of the energy of the samples.
    /// </summary>
    public static void Measure(ReadOnlySpan<float> samples, Span<float> energies)
    {
        for (var tone = 0; tone < Tones; tone++)
        {
            var (cosine, sine) = (Vectors.Dot(samples, Cosines[tone]), Vectors.Dot(samples, Sines[tone]));
            energies[tone] = ((cosine * cosine) + (sine * sine)) * 2 / AudioBlock.Length;
        }
    }

    private static float[] Wave(int tone, Func<double, double> wave) =>
    [
        .. Enumerable.Range(0, AudioBlock.Length).Select(sample =>
            (float)wave(2 * Math.PI * (Lowest + (tone * Spacing)) * sample / AudioBlock.Rate)),
    ];
}
