using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Tones;

/// <summary>
/// What eight Goertzel filters found in 102 samples: of that length a filter is as wide as the frequencies of keys are
/// apart.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct DtmfBlock
{
    public const int Length = 102;

    private const int Groups = Dtmf.Groups;

    /// <summary>Hz from the middle of a filter to its first zero.</summary>
    private const double Width = (double)AudioBlock.Rate / Length;

    private static readonly Vector256<float> Coefficients =
        Vector256.Create([.. Frequencies.Select(frequency => (float)(2 * Math.Cos(Angle(frequency))))]);

    private readonly Vector256<float> _last;
    private readonly Vector256<float> _before;

    private DtmfBlock(Vector256<float> last, Vector256<float> before, float power)
    {
        (_last, _before, Power) = (last, before, power);
        var squares = (last * last) + (before * before) - (Coefficients * last * before);
        Powers = squares * (2f / (Length * Length));
        (Row, Column) = (Largest(Powers.GetLower()), Largest(Powers.GetUpper()));
    }

    /// <summary>The mean square of all samples.</summary>
    public float Power { get; }

    /// <summary>The row whose frequency is the loudest.</summary>
    public int Row { get; }

    /// <summary>The column whose frequency is the loudest.</summary>
    public int Column { get; }

    public float RowPower => Powers[Row];

    public float ColumnPower => Powers[Groups + Column];

    /// <summary>Each frequency's part of the mean square: of the rows, then of the columns.</summary>
    private Vector256<float> Powers { get; }

    private static IEnumerable<double> Frequencies => Dtmf.Low.Concat(Dtmf.High);

    /// <param name="power">The mean square of the samples.</param>
    public static DtmfBlock Of(ReadOnlySpan<float> samples, float power)
    {
        var (last, before) = (Vector256<float>.Zero, Vector256<float>.Zero);
        foreach (var sample in samples)
        {
            var input = Vector256.Create(sample) - before;
            (last, before) = (Vector256.MultiplyAddEstimate(Coefficients, last, input), last);
        }

        return new DtmfBlock(last, before, power);
    }

    /// <summary>Whether the loudest of each group stands out among its group by that factor.</summary>
    public bool StandsOut(float factor) => StandsOut(Powers.GetLower(), Row, factor)
        && StandsOut(Powers.GetUpper(), Column, factor);

    /// <summary>The row's power at that many Hz beside the middle of its filter.</summary>
    public double RowPowerAt(double offset) => RowPower / Response(offset);

    public double ColumnPowerAt(double offset) => ColumnPower / Response(offset);

    /// <summary>How many Hz the tone of the row is off, by how its phase went on since the block before.</summary>
    public double RowOffset(in DtmfBlock before) => Offset(before, Row);

    public double ColumnOffset(in DtmfBlock before) => Offset(before, Groups + Column);

    /// <summary>The part of one more frequency in the mean square of samples.</summary>
    public static double PowerAt(ReadOnlySpan<float> samples, double frequency)
    {
        var coefficient = 2 * Math.Cos(Angle(frequency));
        var (last, before) = (0.0, 0.0);
        foreach (var sample in samples) (last, before) = (sample + (coefficient * last) - before, last);
        var square = (last * last) + (before * before) - (coefficient * last * before);
        return square * 2 / samples.Length / samples.Length;
    }

    private double Offset(in DtmfBlock before, int filter)
    {
        var angle = Angle(filter < Groups ? Dtmf.Low[filter] : Dtmf.High[filter - Groups]);
        var turned = At(filter, angle) * Complex.Conjugate(before.At(filter, angle))
            * Complex.FromPolarCoordinates(1, -angle * Length);
        return turned.Phase / Math.Tau * Width;
    }

    private Complex At(int filter, double angle) =>
        _last[filter] - (_before[filter] * Complex.FromPolarCoordinates(1, -angle));

    /// <summary>What a filter lets through of a tone that far from its middle.</summary>
    private static double Response(double offset)
    {
        var x = Math.PI * offset / Width;
        return Math.Abs(x) < 1e-3 ? 1 : Math.Pow(Math.Sin(x) / x, 2);
    }

    private static int Largest(Vector128<float> powers)
    {
        var best = 0;
        for (var i = 1; i < Groups; i++)
        {
            if (powers[i] > powers[best]) best = i;
        }

        return best;
    }

    private static bool StandsOut(Vector128<float> powers, int best, float factor)
    {
        for (var i = 0; i < Groups; i++)
        {
            if (i != best && powers[i] * factor > powers[best]) return false;
        }

        return true;
    }

    private static double Angle(double frequency) => Math.Tau * frequency / AudioBlock.Rate;
}
