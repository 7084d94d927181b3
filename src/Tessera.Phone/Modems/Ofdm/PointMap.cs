using System.Numerics;

namespace Tessera.Phone.Modems.Ofdm;

/// <summary>
/// The points of one constellation: a square of mean power one. The first half of the bits of a point, highest first,
/// are the Gray code of its column counted from the right, the second half that of its row counted from the top.
/// </summary>
internal sealed class PointMap
{
    private static readonly PointMap[] Maps = [new(1), new(2), new(3), new(4)];

    private readonly int _axisBits;
    private readonly double[] _level;
    private readonly int[] _code;
    private readonly double _unit;

    private PointMap(int axisBits)
    {
        _axisBits = axisBits;
        var levels = 1 << axisBits;
        _unit = Math.Sqrt(1.5 / ((levels * levels) - 1));
        _code = [.. Enumerable.Range(0, levels).Select(place => place ^ (place >> 1))];
        _level = new double[levels];
        for (var place = 0; place < levels; place++) _level[_code[place]] = (levels - 1 - (2 * place)) * _unit;
    }

    public int Bits => 2 * _axisBits;

    public static PointMap Of(Constellation constellation) => Maps[(int)constellation];

    public Complex Point(int bits) => new(_level[bits >> _axisBits], _level[bits & (_level.Length - 1)]);

    /// <summary>The bits of the point nearest to what was heard.</summary>
    public int Nearest(Complex heard) => (Nearest(heard.Real) << _axisBits) | Nearest(heard.Imaginary);

    private int Nearest(double heard)
    {
        // What is no number, because a carrier was not heard at all, counts as the first place.
        var place = ((_level.Length - 1) - (heard / _unit)) / 2;
        return _code[place > 0 ? (int)Math.Min(place + 0.5, _level.Length - 1) : 0];
    }
}
