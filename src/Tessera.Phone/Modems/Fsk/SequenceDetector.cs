using System.Numerics;
using System.Runtime.Intrinsics;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>
/// Decides a bit by the symbols around it: their tones are added with the phases that each sequence of bits would
/// have given them, for all sequences, and the largest sum wins. Where the phase goes on from bit to bit this hears
/// more than the louder of two tones.
/// </summary>
internal sealed class SequenceDetector(FskChannel channel)
{
    /// <summary>Symbols on each side of the one that is decided.</summary>
    public const int Reach = 2;

    private const int Symbols = 2 * Reach + 1;

    /// <summary>Sequences whose sums are worked out at once: those that differ in their last <see cref="Reach"/> bits.</summary>
    private const int Lanes = 1 << Reach;

    /// <summary>By how much a mark leads the phase further than a space, turned back.</summary>
    private readonly Complex _turn =
        Complex.FromPolarCoordinates(1, -2 * Math.PI * (channel.Mark - channel.Space) / channel.Rate);

    private readonly Complex[] _last = new Complex[Lanes];
    private readonly Vector256<double>[] _real = new Vector256<double>[1 << (Symbols - Reach)];
    private readonly Vector256<double>[] _imaginary = new Vector256<double>[1 << (Symbols - Reach)];

    /// <summary>
    /// The amplitude that the best sequence finds in noise, beside that of a tone with the power of the noise: a sum over all
    /// samples, and the largest of some.
    /// </summary>
    public static double NoiseOf(FskChannel channel) => 1.8 * Math.Sqrt(2 / (Symbols * channel.Samples));

    /// <summary>By how much the sum is larger if the symbol that ends there is a mark.</summary>
    /// <param name="amplitude">What the larger sum says of the amplitude of the tones.</param>
    public double Decide(FskCorrelator correlator, long point, out double amplitude)
    {
        AddLast(correlator, point);
        for (var level = Reach; level < Symbols; level++)
        {
            var (mark, space) = Tones(correlator, point, level);
            var count = 1 << (level - Reach);
            for (var i = 0; i < count; i++)
            {
                var (real, imaginary) = (_real[i], _imaginary[i]);
                _real[i + count] = (real * _turn.Real) - (imaginary * _turn.Imaginary) + Vector256.Create(mark.Real);
                _imaginary[i + count] =
                    (real * _turn.Imaginary) + (imaginary * _turn.Real) + Vector256.Create(mark.Imaginary);
                _real[i] = real + Vector256.Create(space.Real);
                _imaginary[i] = imaginary + Vector256.Create(space.Imaginary);
            }
        }

        // The symbol that is decided was added first of these, so its bit is the lowest of their numbers.
        var (marked, spaced) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var i = 0; i < _real.Length; i += 2)
        {
            spaced = Vector256.Max(spaced, Square(i));
            marked = Vector256.Max(marked, Square(i + 1));
        }

        var (one, zero) = (Math.Sqrt(Largest(marked)), Math.Sqrt(Largest(spaced)));
        amplitude = Math.Max(one, zero) / Symbols;
        return one - zero;
    }

    /// <summary>The sums over the symbols behind the one that is decided.</summary>
    private void AddLast(FskCorrelator correlator, long point)
    {
        _last[0] = default;
        for (var level = 0; level < Reach; level++)
        {
            var (mark, space) = Tones(correlator, point, level);
            var count = 1 << level;
            for (var i = 0; i < count; i++)
            {
                _last[i + count] = mark + (_last[i] * _turn);
                _last[i] += space;
            }
        }

        _real[0] = Vector256.Create(_last[0].Real, _last[1].Real, _last[2].Real, _last[3].Real);
        _imaginary[0] = Vector256.Create(
            _last[0].Imaginary, _last[1].Imaginary, _last[2].Imaginary, _last[3].Imaginary);
    }

    /// <summary>What was made up does not fit the phases around it, and is left out.</summary>
    private static (Complex Mark, Complex Space) Tones(FskCorrelator correlator, long point, int level)
    {
        ref readonly var tones = ref correlator[point + ((Reach - level) * FskCorrelator.Points)];
        return level == Reach || !tones.Concealed ? (tones.Mark, tones.Space) : default;
    }

    private Vector256<double> Square(int place) =>
        (_real[place] * _real[place]) + (_imaginary[place] * _imaginary[place]);

    private static double Largest(Vector256<double> values) =>
        Math.Max(Math.Max(values[0], values[1]), Math.Max(values[2], values[3]));
}
