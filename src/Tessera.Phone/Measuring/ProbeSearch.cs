using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Measuring;

/// <summary>
/// Finds rows of training symbols by their correlation, all symbols of a row together: so far below the noise too.
/// </summary>
internal static class ProbeSearch
{
    /// <summary>The share of the sound that must be the row: noise without one has less than 0.1.</summary>
    private const double Threshold = 0.2;

    /// <summary>The mean square of a sound that is worth looking at: -60 dBm0.</summary>
    private const double Quiet = 16.0 * 16.0;

    private static readonly float[] Pattern = [.. BurstSymbols.Training().Select(sample => (float)sample)];
    private static readonly double Energy = Vectors.Dot(Pattern, Pattern);

    /// <summary>
    /// Where a row begins, from one place to another; null where there is none. Around the right place there are others
    /// that are a little like it, so the best one is taken within the length of a row, as far as there is sound.
    /// </summary>
    public static int? Find(ReadOnlySpan<short> sound, int from, int to, int symbols)
    {
        var row = symbols * AudioBlock.Length;
        var end = (int)Math.Min((long)to + row, sound.Length - row);
        if (end <= from) return null;

        var samples = new float[end - from + row];
        for (var i = 0; i < samples.Length; i++) samples[i] = sound[from + i];
        var products = new float[samples.Length - AudioBlock.Length];
        Vectors.Correlate(samples, Pattern, products);

        var energy = (double)Vectors.Dot(samples.AsSpan(0, row), samples.AsSpan(0, row));
        var (best, place) = (Threshold, -1);
        for (var at = 0; at < end - from && at < (place < 0 ? (long)to - from : place + row); at++)
        {
            var share = Share(products.AsSpan(at), symbols, energy);
            if (share > best) (best, place) = (share, at);
            var (gone, come) = (samples[at], samples[Math.Min(at + row, samples.Length - 1)]);
            energy += (come * come) - (gone * gone);
        }

        return place < 0 ? null : from + place;
    }

    private static double Share(ReadOnlySpan<float> products, int symbols, double energy)
    {
        var sum = 0.0;
        for (var symbol = 0; symbol < symbols && symbol * AudioBlock.Length < products.Length; symbol++)
            sum += Probe.SignOf(symbol) * products[symbol * AudioBlock.Length];
        return energy < Quiet * symbols * AudioBlock.Length ? 0 : Math.Abs(sum) / Math.Sqrt(energy * Energy * symbols);
    }
}
