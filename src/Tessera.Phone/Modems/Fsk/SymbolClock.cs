using System.Numerics;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>
/// Finds where symbols begin: a window that lies on a change of tone hears a part of each, so the power of the louder
/// one swings at the rate of the symbols, and the phase of that swing over the symbols before and after is the place.
/// </summary>
internal sealed class SymbolClock
{
    /// <summary>Symbols on each side over which the swing is taken.</summary>
    public const int Reach = 16;

    private const int Kept = 2 * Reach + 1;

    private static readonly Complex[] Swing =
    [
        .. Enumerable.Range(0, FskCorrelator.Points)
            .Select(i => Complex.FromPolarCoordinates(1, -2 * Math.PI * i / FskCorrelator.Points)),
    ];

    private readonly Complex[] _swings = new Complex[Kept];
    private int _oldest;
    private int _point;
    private Complex _swing;
    private Complex _sum;

    /// <summary>Takes the next point.</summary>
    public void Add(in TonePair tones)
    {
        if (!tones.Concealed) _swing += Swing[_point] * Math.Max(Square(tones.Mark), Square(tones.Space));
        if (++_point < FskCorrelator.Points) return;

        _sum += _swing - _swings[_oldest];
        _swings[_oldest] = _swing;
        _oldest = (_oldest + 1) % Kept;
        (_swing, _point) = (default, 0);
    }

    /// <summary>By how many points the symbol that should end there ends later.</summary>
    public double Error(double at)
    {
        if (_sum == default) return 0;
        var late = -_sum.Phase / (2 * Math.PI) * FskCorrelator.Points - at;
        return late - Math.Round(late / FskCorrelator.Points) * FskCorrelator.Points;
    }

    private static double Square(Complex tone) => tone.Real * tone.Real + tone.Imaginary * tone.Imaginary;
}
