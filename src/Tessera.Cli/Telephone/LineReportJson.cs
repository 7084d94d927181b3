using Tessera.Phone.Measuring;
using Tessera.Phone.Modems;

namespace Tessera.Cli;

/// <summary>A report for machines.</summary>
/// <param name="Level">dBm0; sent were -13.</param>
/// <param name="Noise">dBm0.</param>
/// <param name="SignalToNoise">dB.</param>
/// <param name="DriftPpm">By how much the sender's clock is faster.</param>
/// <param name="Quality">dB of QPSK, 16-QAM, 64-QAM and 256-QAM, 0 where no frame arrived.</param>
/// <param name="Modems">Those of which a frame arrived.</param>
/// <param name="Response">dB at 312.5 Hz and each 187.5 Hz above.</param>
/// <param name="Rung">On which to begin; null where none passes.</param>
internal sealed record LineReportJson(
    double Level, double Noise, double SignalToNoise, double DriftPpm, int Packets, int Lost, double JitterMs,
    IReadOnlyList<int> Quality, IReadOnlyList<ModemMode> Modems, IReadOnlyList<double> Response, int? Rung,
    ModemMode? Modem)
{
    public static LineReportJson? Of(LineReport? report) => report is not { IsHeard: true } ? null : new LineReportJson(
        Round(report.Level), Round(report.Noise), Round(report.SignalToNoise), Round(report.Drift), report.Packets,
        report.Lost, Round(report.Jitter), [.. report.Quality.ToArray().Select(quality => (int)quality)],
        [.. report.Modems], [.. report.Response.Select(Round)], report.Best?.Number, report.Best?.Modem);

    private static double Round(double value) => Math.Round(value, 1) + 0.0;
}
