using Tessera.Cards.Biometrics;

namespace Tessera.VirtualCard.Biometrics;

/// <summary>
/// A finger that nobody has: minutiae in an area of 16 by 20 mm, at least 1 mm apart, that follow a flow of ridges as on
/// a real one, an arch or a loop. Of one number it is always the same.
/// </summary>
public sealed class SyntheticFinger
{
    private const double Width = 160;
    private const double Height = 200;
    private const double Apart = 10;
    private const double Degree = Math.PI / 180;

    private readonly List<Spot> _spots = [];
    private readonly long _number;
    private readonly double _bend;
    private readonly double _lean;

    public SyntheticFinger(long number)
    {
        _number = number;
        var draw = new SyntheticDraw(number, 0);
        (_bend, _lean) = (0.4 + draw.Next(), draw.Next() - 0.5);
        var count = draw.Next(32, 46);
        while (_spots.Count < count)
        {
            var spot = New(draw);
            if (_spots.TrueForAll(other => Distance(other.X - spot.X, other.Y - spot.Y) >= Apart)) _spots.Add(spot);
        }
    }

    /// <summary>The finger as it is enrolled, laid straight.</summary>
    /// <returns>The caller's to dispose.</returns>
    public FingerTemplate Enrol() => Laid(new SyntheticDraw(_number, 1), new Press());

    /// <summary>
    /// The finger as it is laid on a reader once: turned, shifted, smeared, in part, with false minutiae.
    /// </summary>
    /// <param name="press">The same one is the same octets.</param>
    /// <returns>The caller's to dispose.</returns>
    public FingerTemplate Lay(int press)
    {
        var draw = new SyntheticDraw(_number, 2L + press);
        return Laid(draw, new Press(
            Rotation: (draw.Next() - 0.5) * 40 * Degree, X: (draw.Next() - 0.5) * 50, Y: (draw.Next() - 0.5) * 50,
            Jitter: 1.5, AngleJitter: 4 * Degree, Missing: 0.15, Extra: 0.15));
    }

    private FingerTemplate Laid(SyntheticDraw draw, Press press)
    {
        var (cos, sin) = (Math.Cos(press.Rotation), Math.Sin(press.Rotation));
        var seen = _spots.Where(_ => draw.Next() >= press.Missing)
            .Select(spot => spot with
            {
                X = spot.X + (press.Jitter * draw.Normal()),
                Y = spot.Y + (press.Jitter * draw.Normal()),
                Angle = spot.Angle + (press.AngleJitter * draw.Normal()),
            })
            .ToList();
        for (var extra = (int)(press.Extra * _spots.Count); extra > 0; extra--) seen.Add(New(draw));
        return FingerTemplate.Of(seen
            .Select(spot =>
            {
                var (x, y) = (spot.X - (Width / 2), spot.Y - (Height / 2));
                return Coarse(spot with
                {
                    X = (cos * x) - (sin * y) + 128 + press.X,
                    Y = (sin * x) + (cos * y) + 128 + press.Y,
                    Angle = spot.Angle + press.Rotation,
                });
            })
            .OfType<FingerMinutia>()
            .DistinctBy(minutia => (minutia.X, minutia.Y))
            .Take(FingerTemplate.MaxMinutiae));
    }

    /// <summary>In the steps of the format; null for what lies beside the reader.</summary>
    private static FingerMinutia? Coarse(Spot spot)
    {
        if (spot.X is < 0 or > 255 || spot.Y is < 0 or > 255) return null;
        var step = (int)Math.Round(spot.Angle / (2 * Math.PI) * FingerMinutia.Circle) & (FingerMinutia.Circle - 1);
        return new FingerMinutia((byte)spot.X, (byte)spot.Y, spot.Type, (byte)step);
    }

    private Spot New(SyntheticDraw draw)
    {
        var (x, y) = (draw.Next() * Width, draw.Next() * Height);
        var flow = (_bend * ((x / Width) - 0.5) * 2 * (y / Height)) + _lean + (0.15 * draw.Normal());
        var type = draw.Next(0, 2) == 0 ? MinutiaType.Ending : MinutiaType.Bifurcation;
        return new Spot(x, y, type, flow + (draw.Next(0, 2) * Math.PI));
    }

    private static double Distance(double x, double y) => Math.Sqrt((x * x) + (y * y));

    /// <summary>A minutia before it has the steps of the format: 0.1 mm, radians.</summary>
    private sealed record Spot(double X, double Y, MinutiaType Type, double Angle);

    /// <summary>How a finger is laid: turned by radians, shifted by 0.1 mm, and what the reader makes of it.</summary>
    private sealed record Press(
        double Rotation = 0, double X = 0, double Y = 0, double Jitter = 0, double AngleJitter = 0, double Missing = 0,
        double Extra = 0);
}
