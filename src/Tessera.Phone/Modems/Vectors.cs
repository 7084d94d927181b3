using System.Numerics;
using System.Runtime.InteropServices;

namespace Tessera.Phone.Modems;

/// <summary>Sums of products, as many at once as the processor can.</summary>
internal static class Vectors
{
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var wideA = MemoryMarshal.Cast<float, Vector<float>>(a);
        var wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < wideA.Length; i++) sum += wideA[i] * wideB[i];
        var total = Vector.Sum(sum);
        for (var i = wideA.Length * Vector<float>.Count; i < a.Length; i++) total += a[i] * b[i];
        return total;
    }

    /// <summary>Adds a multiple of <paramref name="b"/> to <paramref name="a"/>.</summary>
    public static void Add(Span<float> a, ReadOnlySpan<float> b, float factor)
    {
        var wideA = MemoryMarshal.Cast<float, Vector<float>>(a);
        var wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        for (var i = 0; i < wideA.Length; i++) wideA[i] += wideB[i] * factor;
        for (var i = wideA.Length * Vector<float>.Count; i < a.Length; i++) a[i] += b[i] * factor;
    }

    /// <summary>
    /// The products of <paramref name="pattern"/> with the samples from each place on, one after the other.
    /// </summary>
    public static void Correlate(ReadOnlySpan<float> samples, ReadOnlySpan<float> pattern, Span<float> products)
    {
        var place = 0;
        for (; place + (2 * Vector<float>.Count) <= products.Length; place += 2 * Vector<float>.Count)
        {
            var (sum, next) = (Vector<float>.Zero, Vector<float>.Zero);
            for (var i = 0; i < pattern.Length; i++)
            {
                var factor = pattern[i];
                sum += new Vector<float>(samples[(place + i)..]) * factor;
                next += new Vector<float>(samples[(place + i + Vector<float>.Count)..]) * factor;
            }

            sum.CopyTo(products[place..]);
            next.CopyTo(products[(place + Vector<float>.Count)..]);
        }

        for (; place < products.Length; place++) products[place] = Dot(samples.Slice(place, pattern.Length), pattern);
    }
}
