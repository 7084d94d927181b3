using System.Globalization;
using System.Net;
using System.Text;

namespace Tessera.Platform.Views;

/// <summary>
/// Draws a chart as SVG text on the server; colours come from the page by class, so it follows its theme.
/// </summary>
/// <remarks>
/// Screen readers get the caption as <c>title</c> and every value in <c>desc</c>. Classes: <c>chart</c>, <c>grid</c>,
/// <c>tick</c>, and <c>series s1</c>, <c>s2</c> ... for bars, lines and dots.
/// </remarks>
public static class SvgChart
{
    private const int Width = 640;
    private const int Height = 280;
    private const int Left = 64;
    private const int Right = 16;
    private const int Top = 16;
    private const int Bottom = 44;
    private const int TicksWanted = 5;
    private const int LabelsWanted = 8;

    /// <param name="chart">What to draw.</param>
    /// <param name="id">Unique on its page: the names of title and description are made of it.</param>
    public static string Draw(Chart chart, string id)
    {
        var scale = Scale.For(chart.Series.SelectMany(series => series.Points).Select(point => point.Value));
        var svg = new StringBuilder();
        svg.Append(Invariant(
            $"""<svg class="chart" role="img" viewBox="0 0 {Width} {Height}" aria-labelledby="{Safe(id)}-t {Safe(id)}-d">"""));
        svg.Append(Invariant($"""<title id="{Safe(id)}-t">{Safe(chart.Caption)}</title>"""));
        svg.Append(Invariant($"""<desc id="{Safe(id)}-d">{Safe(Description(chart))}</desc>"""));
        DrawGrid(svg, scale);
        DrawLabels(svg, chart);
        for (var i = 0; i < chart.Series.Count; i++) DrawSeries(svg, chart, i, scale);
        return svg.Append("</svg>").ToString();
    }

    private static void DrawGrid(StringBuilder svg, Scale scale)
    {
        for (var value = scale.Least; value <= scale.Most; value += scale.Step)
        {
            var y = Y(value, scale);
            svg.Append(Invariant(
                $"""<line class="{(value == 0 ? "axis" : "grid")}" x1="{Left}" x2="{Width - Right}" y1="{y}" y2="{y}"/>"""));
            svg.Append(Invariant(
                $"""<text class="tick" x="{Left - 8}" y="{y}" text-anchor="end" dominant-baseline="middle">"""));
            svg.Append(Invariant($"{value:0.##}</text>"));
        }
    }

    private static void DrawLabels(StringBuilder svg, Chart chart)
    {
        var points = chart.Series[0].Points;
        var every = (points.Count + LabelsWanted - 1) / LabelsWanted;
        for (var i = 0; i < points.Count; i += every)
        {
            svg.Append(Invariant(
                $"""<text class="tick" x="{X(i, points.Count)}" y="{Height - Bottom + 20}" text-anchor="middle">"""));
            svg.Append(Safe(points[i].Label)).Append("</text>");
        }
    }

    private static void DrawSeries(StringBuilder svg, Chart chart, int index, Scale scale)
    {
        var series = chart.Series[index];
        svg.Append(Invariant($"""<g class="series s{index + 1}">"""));
        if (chart.Shape == ChartShape.Line)
        {
            var corners = series.Points.Select((p, i) => Invariant($"{X(i, series.Points.Count)},{Y(p.Value, scale)}"));
            svg.Append(Invariant($"""<polyline fill="none" points="{string.Join(' ', corners)}"/>"""));
        }

        for (var i = 0; i < series.Points.Count; i++)
        {
            var text = Invariant($"<title>{Safe(series.Points[i].Label)}: {series.Points[i].Value:0.##}</title>");
            if (chart.Shape == ChartShape.Line) DrawDot(svg, series, i, scale, text);
            else DrawBar(svg, chart, index, i, scale, text);
        }

        svg.Append("</g>");
    }

    private static void DrawDot(StringBuilder svg, Series series, int i, Scale scale, string text) =>
        svg.Append(Invariant(
            $"""<circle cx="{X(i, series.Points.Count)}" cy="{Y(series.Points[i].Value, scale)}" r="4">{text}</circle>"""));

    private static void DrawBar(StringBuilder svg, Chart chart, int index, int i, Scale scale, string text)
    {
        var points = chart.Series[index].Points;
        var room = (double)(Width - Left - Right) / points.Count * 0.8;
        var width = room / chart.Series.Count;
        var x = Left + (i + 0.5) * (Width - Left - Right) / points.Count - room / 2 + index * width;
        var (value, zero) = (Y(points[i].Value, scale), Y(0, scale));
        svg.Append(Invariant(
            $"""<rect x="{x:0.#}" y="{Math.Min(value, zero)}" width="{width:0.#}" height="{Math.Abs(value - zero)}">"""));
        svg.Append(text).Append("</rect>");
    }

    private static double X(int i, int count) => Math.Round(Left + (i + 0.5) * (Width - Left - Right) / count, 1);

    private static double Y(decimal value, Scale scale) =>
        Math.Round(Top + (double)((scale.Most - value) / (scale.Most - scale.Least)) * (Height - Top - Bottom), 1);

    private static string Description(Chart chart) => string.Join(". ", chart.Series.Select(series =>
        series.Name + ": " + string.Join(", ", series.Points.Select(p => Invariant($"{p.Label} {p.Value:0.##}")))));

    private static string Safe(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Round values that enclose all values and zero.</summary>
    private sealed record Scale(decimal Least, decimal Most, decimal Step)
    {
        private static readonly decimal[] Digits = [1, 2, 5, 10];

        public static Scale For(IEnumerable<decimal> values)
        {
            var (least, most) = values.Aggregate((0m, 0m), (range, v) => (Math.Min(range.Item1, v), Math.Max(range.Item2, v)));
            if (least == most) most = 1;
            var step = RoundUp((most - least) / TicksWanted);
            return new Scale(Math.Floor(least / step) * step, Math.Ceiling(most / step) * step, step);
        }

        /// <summary>The next of 1, 2, 5, 10, 20, 50 ...</summary>
        private static decimal RoundUp(decimal value)
        {
            var power = 1m;
            while (power * 10 <= value) power *= 10;
            while (power > value) power /= 10;
            return Digits.Select(digit => digit * power).First(step => step >= value);
        }
    }
}
