using Tessera.Phone.Sound;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>
/// What numerically controlled oscillators share: phases of 32 bits to the turn and a table of the circle.
/// </summary>
internal static class Nco
{
    private const int Bits = 12;
    private const double Turn = 1L << 32;

    private static readonly (double Cos, double Sin)[] Circle = [.. Enumerable.Range(0, 1 << Bits).Select(Point)];

    /// <summary>The phase that a tone of that frequency goes on by in a time of that many samples.</summary>
    public static uint Step(double hertz, double samples = 1) =>
        (uint)(long)Math.Round(hertz / AudioBlock.Rate * samples * Turn % Turn);

    public static (double Cos, double Sin) At(uint phase) => Circle[phase >> (32 - Bits)];

    private static (double Cos, double Sin) Point(int step)
    {
        var (sin, cos) = Math.SinCos((step + 0.5) * 2 * Math.PI / (1 << Bits));
        return (cos, sin);
    }
}
