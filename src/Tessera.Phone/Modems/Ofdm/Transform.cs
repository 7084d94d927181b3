using System.Numerics;

namespace Tessera.Phone.Modems.Ofdm;

/// <summary>
/// The Fourier transform of a real symbol at the carriers in use. The halves of the symbol are folded onto each other
/// into an even and an odd part, and each carrier is a product of vectors: 49 of 65 bins make that cheaper than the
/// fast transform.
/// </summary>
internal static class Transform
{
    private const int Half = Carriers.Size / 2;

    private static readonly float[] Cosines = Table(Math.Cos);
    private static readonly float[] Sines = Table(Math.Sin);

    /// <summary>From 128 samples to the carriers.</summary>
    public static void Forward(ReadOnlySpan<float> samples, Span<Complex> carriers)
    {
        Span<float> even = stackalloc float[Half];
        Span<float> odd = stackalloc float[Half];
        even[0] = samples[0];
        odd[0] = 0;
        for (var i = 1; i < Half; i++)
        {
            even[i] = samples[i] + samples[Carriers.Size - i];
            odd[i] = samples[i] - samples[Carriers.Size - i];
        }

        for (var carrier = 0; carrier < Carriers.Count; carrier++)
        {
            var row = carrier * Half;
            var middle = (Carriers.First + carrier) % 2 == 0 ? samples[Half] : -samples[Half];
            carriers[carrier] = new Complex(
                middle + Vectors.Dot(even, Cosines.AsSpan(row, Half)), -Vectors.Dot(odd, Sines.AsSpan(row, Half)));
        }
    }

    /// <summary>
    /// From the carriers to 128 samples: the sum of each carrier's cosine, with its amplitude and phase.
    /// </summary>
    public static void Inverse(ReadOnlySpan<Complex> carriers, Span<float> samples)
    {
        Span<float> even = stackalloc float[Half];
        Span<float> odd = stackalloc float[Half];
        even.Clear();
        odd.Clear();
        var middle = 0f;
        for (var carrier = 0; carrier < Carriers.Count; carrier++)
        {
            var row = carrier * Half;
            var (real, imaginary) = ((float)carriers[carrier].Real, (float)carriers[carrier].Imaginary);
            Vectors.Add(even, Cosines.AsSpan(row, Half), real);
            Vectors.Add(odd, Sines.AsSpan(row, Half), imaginary);
            middle += (Carriers.First + carrier) % 2 == 0 ? real : -real;
        }

        samples[0] = even[0];
        samples[Half] = middle;
        for (var i = 1; i < Half; i++)
        {
            samples[i] = even[i] - odd[i];
            samples[Carriers.Size - i] = even[i] + odd[i];
        }
    }

    private static float[] Table(Func<double, double> wave)
    {
        var table = new float[Carriers.Count * Half];
        for (var i = 0; i < table.Length; i++)
            table[i] = (float)wave(2 * Math.PI * (Carriers.First + (i / Half)) * (i % Half) / Carriers.Size);
        return table;
    }
}
