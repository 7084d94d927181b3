using System.Numerics;

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

    /// <summary>By how much a mark leads the phase further than a space, turned back.</summary>
    private readonly Complex _turn =
        Complex.FromPolarCoordinates(1, -2 * Math.PI * (channel.Mark - channel.Space) / channel.Rate);

    private readonly Complex[] _sums = new Complex[1 << Symbols];

    /// <summary>
    /// The amplitude that the best sequence finds in noise, beside that of a tone with the power of the noise: a sum over all
    /// samples, and the largest of some.
    /// </summary>
    public static double NoiseOf(FskChannel channel) => 1.8 * Math.Sqrt(2 / (Symbols * channel.Samples));

    /// <summary>By how much the sum is larger if the symbol that ends there is a mark.</summary>
    /// <param name="amplitude">What the larger sum says of the amplitude of the tones.</param>
    public double Decide(FskCorrelator correlator, long point, out double amplitude)
    {
        _sums[0] = default;
        for (var level = 0; level < Symbols; level++)
        {
            ref readonly var tones = ref correlator[point + (Reach - level) * FskCorrelator.Points];
            // What was made up does not fit the phases around it.
            var heard = level == Reach || !tones.Concealed;
            var (mark, space) = heard ? (tones.Mark, tones.Space) : default;
            var count = 1 << level;
            for (var i = 0; i < count; i++)
            {
                _sums[i + count] = mark + _sums[i] * _turn;
                _sums[i] += space;
            }
        }

        var (marked, spaced) = (0.0, 0.0);
        for (var i = 0; i < _sums.Length; i++)
        {
            var square = _sums[i].Real * _sums[i].Real + _sums[i].Imaginary * _sums[i].Imaginary;
            if ((i & (1 << Reach)) != 0) marked = Math.Max(marked, square);
            else spaced = Math.Max(spaced, square);
        }

        amplitude = Math.Sqrt(Math.Max(marked, spaced)) / Symbols;
        return Math.Sqrt(marked) - Math.Sqrt(spaced);
    }
}
