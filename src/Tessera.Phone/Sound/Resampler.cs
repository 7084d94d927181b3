namespace Tessera.Phone.Sound;

/// <summary>
/// Changes the rate of a whole sound by a long sinc under a Kaiser window: what both rates can carry comes through,
/// what would be an alias is at least 80 dB down.
/// </summary>
public static class Resampler
{
    /// <summary>Zero crossings of the sinc on each side.</summary>
    private const int Crossings = 64;

    /// <summary>Points of the table from one crossing to the next, between which it is linear.</summary>
    private const int Points = 1024;

    /// <summary>Of the window: 80 dB.</summary>
    private const double Beta = 7.86;

    /// <summary>Of the lower Nyquist frequency, so that the slope of the filter ends there.</summary>
    private const double PassBand = 0.96;

    private static readonly float[] Kernel = CreateKernel();

    /// <param name="from">Samples a second of what is there.</param>
    /// <param name="to">Samples a second wanted.</param>
    public static short[] Resample(ReadOnlySpan<short> samples, int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, 1);
        return from == to ? samples.ToArray() : Resample(samples, (double)from / to);
    }

    /// <param name="step">Samples of what is there to one of the result; 1.0001 is a clock that runs 100 ppm
    /// slow.</param>
    public static short[] Resample(ReadOnlySpan<short> samples, double step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, 0);
        var result = new short[(int)Math.Min(Array.MaxLength, Math.Ceiling(samples.Length / step))];
        var band = PassBand * Math.Min(1, 1 / step);
        for (var i = 0; i < result.Length; i++) result[i] = Level.Clip(band * Weigh(samples, i * step, band));
        return result;
    }

    /// <summary>The sum of the sinc around a place, its crossings <paramref name="band"/> of a sample wide.</summary>
    private static double Weigh(ReadOnlySpan<short> samples, double place, double band)
    {
        var reach = Crossings / band;
        var first = Math.Max(0, (int)Math.Ceiling(place - reach));
        var last = Math.Min(samples.Length - 1, (int)Math.Floor(place + reach));
        var sum = 0.0;
        for (var i = first; i <= last; i++)
        {
            var at = Math.Abs(i - place) * band * Points;
            var point = (int)at;
            var low = Kernel[point];
            sum += samples[i] * (low + ((at - point) * (Kernel[point + 1] - low)));
        }

        return sum;
    }

    private static float[] CreateKernel()
    {
        var kernel = new float[(Crossings * Points) + 2];
        for (var i = 0; i <= Crossings * Points; i++)
        {
            var x = Math.PI * i / Points;
            var ratio = (double)i / (Crossings * Points);
            var window = Bessel(Beta * Math.Sqrt(1 - (ratio * ratio))) / Bessel(Beta);
            kernel[i] = (float)(i == 0 ? 1 : Math.Sin(x) / x * window);
        }

        return kernel;
    }

    /// <summary>The modified Bessel function of the first kind, order 0.</summary>
    private static double Bessel(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * 1e-12; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }
}
