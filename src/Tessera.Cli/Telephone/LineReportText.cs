using System.Globalization;
using Tessera.Phone.Measuring;

namespace Tessera.Cli;

/// <summary>A report for people: one direction, a line for each thing that was measured.</summary>
internal static class LineReportText
{
    private static readonly string[] Constellations = ["QPSK", "16-QAM", "64-QAM", "256-QAM"];

    public static void Print(string direction, LineReport? report)
    {
        if (report is not { IsHeard: true })
        {
            Console.WriteLine($"{direction}: nothing was heard");
            return;
        }

        var qualities = Constellations.Zip(report.Quality.ToArray())
            .Select(each => each.Second == 0 ? $"{each.First} -" : $"{each.First} {each.Second} dB");
        var response = report.Response.Select(point => point.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture));
        Line($"{direction}: begin on {Name(report)}");
        Line($"  level      {report.Level:F1} dBm0, noise {report.Noise:F1}, {report.SignalToNoise:F1} dB between");
        Line($"  clock      {report.Drift:+0.0;-0.0;0.0} ppm");
        Line($"  packets    {report.Lost} of {report.Packets} lost, jitter {report.Jitter:F1} ms");
        Line($"  errors     {string.Join(", ", qualities)}");
        Line($"  passes     {string.Join(", ", report.Modems)}");
        Line($"  response   {string.Join(' ', response)} dB at 312.5 to 3312.5 Hz");
    }

    private static string Name(LineReport report) =>
        report.Best is { } rung ? $"rung {rung.Number}, {rung.Modem}" : "no modem";

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
