using System.Runtime.InteropServices;

namespace Tessera.Cards.Biometrics;

/// <summary>
/// Says whether two templates are of one finger: it lays one on the other by the pairs of minutiae that could be the
/// same one, and counts how many more then coincide (docs/protocols/finger.md §4).
/// </summary>
/// <remarks>
/// At most 60 × 60 alignments are tried, each with at most 60 × 60 comparisons; the best of them are laid on each other
/// once more by all the pairs they found. It keeps nothing.
/// </remarks>
public static class FingerMatcher
{
    /// <summary>The least score of one finger. Measured: docs/protocols/finger.md §4.</summary>
    public const int Threshold = 350;

    /// <summary>Pairs that must coincide, whatever the score: a handful of minutiae fits many fingers.</summary>
    public const int LeastPairs = 10;

    /// <summary>Farther than that no finger is turned on a reader.</summary>
    private const double MaxRotation = 40 * Degree;
    private const double Degree = Math.PI / 180;

    /// <summary>Tolerances in 0.1 mm: while looking, while a rotation is as coarse as its steps; and at last.</summary>
    private const double CoarseDistance = 12;
    private const double FineDistance = 8;
    private const double AngleTolerance = 20 * Degree;

    /// <summary>Alignments that are looked at again.</summary>
    private const int Finalists = 6;

    private const int Whole = 1000;

    /// <returns>True where they are of one finger.</returns>
    public static bool Matches(FingerTemplate reference, FingerTemplate probe) => Score(reference, probe) >= Threshold;

    /// <summary>How much of both coincides.</summary>
    /// <returns>0 nothing, 1000 all: pairs × pairs / (minutiae of one × minutiae of the other).</returns>
    public static int Score(FingerTemplate reference, FingerTemplate probe)
    {
        if (Math.Min(reference.Count, probe.Count) < LeastPairs) return 0;
        var (fixedPoints, points) = (PointsOf(reference), PointsOf(probe));
        var pairs = new int[points.Length];
        var taken = new bool[fixedPoints.Length];
        var best = new PriorityQueue<Alignment, int>();
        foreach (var anchor in fixedPoints)
        {
            foreach (var point in points)
            {
                if (Alignment.Over(anchor, point) is not { } alignment) continue;
                var found = Pair(fixedPoints, points, alignment, CoarseDistance, pairs, taken);
                if (best.Count < Finalists) best.Enqueue(alignment, found);
                else best.EnqueueDequeue(alignment, found);
            }
        }

        var most = 0;
        while (best.TryDequeue(out var alignment, out _))
        {
            Pair(fixedPoints, points, alignment, CoarseDistance, pairs, taken);
            alignment = Alignment.Over(fixedPoints, points, pairs);
            most = Math.Max(most, Pair(fixedPoints, points, alignment, FineDistance, pairs, taken));
        }

        return most < LeastPairs ? 0 : most * most * Whole / (fixedPoints.Length * points.Length);
    }

    /// <summary>Gives each point, where it comes to lie, the nearest free one that points the same way.</summary>
    /// <param name="pairs">For each of the points the place of the other, -1 for none.</param>
    /// <returns>How many have one.</returns>
    private static int Pair(
        Point[] fixedPoints, Point[] points, Alignment alignment, double distance, int[] pairs, bool[] taken)
    {
        Array.Clear(taken);
        var found = 0;
        for (var i = 0; i < points.Length; i++)
        {
            var moved = alignment.Move(points[i]);
            var nearest = distance * distance;
            pairs[i] = -1;
            for (var j = 0; j < fixedPoints.Length; j++)
            {
                var (dx, dy) = (fixedPoints[j].X - moved.X, fixedPoints[j].Y - moved.Y);
                var apart = (dx * dx) + (dy * dy);
                if (taken[j] || apart >= nearest || Turn(moved.Angle, fixedPoints[j].Angle) > AngleTolerance) continue;
                (nearest, pairs[i]) = (apart, j);
            }

            if (pairs[i] < 0) continue;
            taken[pairs[i]] = true;
            found++;
        }

        return found;
    }

    private static Point[] PointsOf(FingerTemplate finger)
    {
        var points = new Point[finger.Count];
        for (var i = 0; i < points.Length; i++)
        {
            var minutia = finger[i];
            points[i] = new Point(minutia.X, minutia.Y, minutia.Angle * 2 * Math.PI / FingerMinutia.Circle);
        }

        return points;
    }

    /// <summary>From one direction to another, at most half a circle.</summary>
    private static double Turn(double from, double to) =>
        Math.Abs(to - from) is var turn && turn > Math.PI ? Math.Abs((2 * Math.PI) - turn) : turn;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Point(double X, double Y, double Angle);

    /// <summary>A rotation about the origin, then a translation.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Alignment(double Rotation, double Cos, double Sin, double X, double Y)
    {
        /// <summary>One point comes to lie on the other and points the same way; null where that turns it too far.</summary>
        public static Alignment? Over(Point fixedPoint, Point point)
        {
            var rotation = Math.IEEERemainder(fixedPoint.Angle - point.Angle, 2 * Math.PI);
            return Math.Abs(rotation) > MaxRotation ? null : Of(rotation, fixedPoint, point);
        }

        /// <summary>The points with a pair come to lie as near to it as can be, by least squares.</summary>
        public static Alignment Over(Point[] fixedPoints, Point[] points, int[] pairs)
        {
            Point centre = default, fixedCentre = default;
            var count = 0;
            for (var i = 0; i < points.Length; i++)
            {
                if (pairs[i] < 0) continue;
                count++;
                (centre, fixedCentre) = (Sum(centre, points[i]), Sum(fixedCentre, fixedPoints[pairs[i]]));
            }

            (centre, fixedCentre) = (Part(centre, count), Part(fixedCentre, count));
            double along = 0, across = 0;
            for (var i = 0; i < points.Length; i++)
            {
                if (pairs[i] < 0) continue;
                var (x, y) = (points[i].X - centre.X, points[i].Y - centre.Y);
                var (toX, toY) = (fixedPoints[pairs[i]].X - fixedCentre.X, fixedPoints[pairs[i]].Y - fixedCentre.Y);
                along += (x * toX) + (y * toY);
                across += (x * toY) - (y * toX);
            }

            return Of(Math.Atan2(across, along), fixedCentre, centre);
        }

        public Point Move(Point point) => new(
            (Cos * point.X) - (Sin * point.Y) + X, (Sin * point.X) + (Cos * point.Y) + Y, point.Angle + Rotation);

        private static Alignment Of(double rotation, Point fixedPoint, Point point)
        {
            var turned = new Alignment(rotation, Math.Cos(rotation), Math.Sin(rotation), 0, 0);
            var at = turned.Move(point);
            return turned with { X = fixedPoint.X - at.X, Y = fixedPoint.Y - at.Y };
        }

        private static Point Sum(Point one, Point other) => new(one.X + other.X, one.Y + other.Y, 0);

        private static Point Part(Point sum, int count) => new(sum.X / count, sum.Y / count, 0);
    }
}
