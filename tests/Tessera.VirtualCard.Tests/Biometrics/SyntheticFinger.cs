using Tessera.Cards.Biometrics;

namespace Tessera.VirtualCard.Tests.Biometrics;

/// <summary>
/// A finger out of a seed: minutiae in an area of 16 by 20 mm, at least 1 mm apart, that follow a flow of ridges as on a
/// real one: an arch or a loop. It stands for no real finger.
/// </summary>
internal sealed class SyntheticFinger
{
    private const double Width = 160;
    private const double Height = 200;
    private const double Apart = 10;
    private const double Degree = Math.PI / 180;

    private readonly List<(double X, double Y, MinutiaType Type, double Angle)> _minutiae = [];
    private readonly double _bend;
    private readonly double _lean;

    public SyntheticFinger(int seed)
    {
        var random = new Random(seed);
        (_bend, _lean) = (0.4 + random.NextDouble(), random.NextDouble() - 0.5);
        var count = random.Next(32, 46);
        while (_minutiae.Count < count)
        {
            var minutia = New(random);
            if (_minutiae.TrueForAll(other => Distance(other.X - minutia.X, other.Y - minutia.Y) >= Apart))
                _minutiae.Add(minutia);
        }
    }

    /// <summary>The finger as it is enrolled, laid straight.</summary>
    public FingerTemplate Enrol() => Laid(new Random(1), new Press(0, 0, 0, Jitter: 0, AngleJitter: 0, Missing: 0, Extra: 0));

    /// <summary>The finger as it is laid on a reader once: turned, shifted, smeared, in part, with false minutiae.</summary>
    public FingerTemplate Lay(int seed)
    {
        var random = new Random(seed);
        return Laid(random, new Press(
            Rotation: (random.NextDouble() - 0.5) * 40 * Degree,
            X: (random.NextDouble() - 0.5) * 50, Y: (random.NextDouble() - 0.5) * 50,
            Jitter: 1.5, AngleJitter: 4 * Degree, Missing: 0.15, Extra: 0.15));
    }

    public FingerTemplate Laid(Random random, Press press)
    {
        var (cos, sin) = (Math.Cos(press.Rotation), Math.Sin(press.Rotation));
        var seen = _minutiae.Where(_ => random.NextDouble() >= press.Missing)
            .Select(minutia => minutia with
            {
                X = minutia.X + (press.Jitter * Normal(random)),
                Y = minutia.Y + (press.Jitter * Normal(random)),
                Angle = minutia.Angle + (press.AngleJitter * Normal(random)),
            })
            .ToList();
        for (var extra = (int)(press.Extra * _minutiae.Count); extra > 0; extra--) seen.Add(New(random));
        return FingerTemplate.Of(seen
            .Select(minutia =>
            {
                var (x, y) = (minutia.X - (Width / 2), minutia.Y - (Height / 2));
                return Coarse(
                    (cos * x) - (sin * y) + 128 + press.X, (sin * x) + (cos * y) + 128 + press.Y, minutia.Type,
                    minutia.Angle + press.Rotation);
            })
            .OfType<FingerMinutia>()
            .DistinctBy(minutia => (minutia.X, minutia.Y))
            .Take(FingerTemplate.MaxMinutiae));
    }

    /// <summary>In the steps of the format; null for what lies beside the reader.</summary>
    private static FingerMinutia? Coarse(double x, double y, MinutiaType type, double angle)
    {
        if (x is < 0 or > 255 || y is < 0 or > 255) return null;
        var step = (int)Math.Round(angle / (2 * Math.PI) * FingerMinutia.Circle) & (FingerMinutia.Circle - 1);
        return new FingerMinutia((byte)x, (byte)y, type, (byte)step);
    }

    private (double X, double Y, MinutiaType Type, double Angle) New(Random random)
    {
        var (x, y) = (random.NextDouble() * Width, random.NextDouble() * Height);
        var flow = (_bend * ((x / Width) - 0.5) * 2 * (y / Height)) + _lean + (0.15 * Normal(random));
        var type = random.Next(2) == 0 ? MinutiaType.Ending : MinutiaType.Bifurcation;
        return (x, y, type, flow + (random.Next(2) * Math.PI));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Distance(double x, double y) => Math.Sqrt((x * x) + (y * y));

    /// <summary>How a finger is laid: turned by radians, shifted by 0.1 mm, and what the reader makes of it.</summary>
    public sealed record Press(
        double Rotation, double X, double Y, double Jitter, double AngleJitter, double Missing, double Extra);
}
