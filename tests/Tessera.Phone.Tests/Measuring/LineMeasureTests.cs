using Tessera.Phone.Measuring;
using Tessera.Phone.Modems;
using Tessera.Phone.Sound;
using Tessera.Testing;
using Tessera.Testing.Lines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Measuring;

public class LineMeasureTests(ITestOutputHelper output)
{
    private static readonly LineConditions Clean = new() { Companding = Companding.ALaw, Latency = 4 };

    [Fact]
    public void A_clean_line_is_found_to_be_one_in_both_directions()
    {
        var (caller, answerer) = Measure(new Line(Clean, 1), new Line(Clean, 2));
        foreach (var report in new[] { caller.Found!, caller.Told!, answerer.Found!, answerer.Told! })
        {
            Print(report);
            Assert.InRange(report.Level, -13.2, -12.8);
            Assert.InRange(report.Noise, -99, -60);
            Assert.InRange(report.SignalToNoise, 36, 99);
            Assert.InRange(report.Drift, -1, 1);
            Assert.Equal(0, report.Lost);
            Assert.Equal(0xFF, report.Passed);
            Assert.All(report.Quality.ToArray(), quality => Assert.InRange(quality, 34, 41));
            Assert.All(report.Response, point => Assert.InRange(point, -0.5, 0.5));
            Assert.Equal(8, report.Best!.Number);
        }

        // Four packets of the network each way, and one each that the simulated sound card keeps.
        Assert.Equal(TimeSpan.FromMilliseconds(200), caller.RoundTrip);
        Assert.Equal(caller.RoundTrip, answerer.RoundTrip);
    }

    [Theory]
    [InlineData(-6, 25, 60, 6)]
    [InlineData(-10, 17, -80, 5)]
    [InlineData(3, 6, 0, 4)]
    public void Level_noise_and_drift_are_those_of_the_line(double gain, double noise, double drift, int best)
    {
        var down = Clean with { Gain = gain, SignalToNoise = noise, Drift = drift };
        var (caller, answerer) = Measure(new Line(Clean, 1), new Line(down, 2));
        Print(caller.Found!);
        Assert.InRange(caller.Found!.Level, -13.3 + gain, -12.7 + gain);

        // White noise has a part of its power outside the band of the carriers: 0.8 of 4000 Hz are in it.
        Assert.InRange(caller.Found.SignalToNoise, noise - 1, noise + 2.5);
        Assert.InRange(caller.Found.Noise, -13.5 + gain - noise, -12.5 + gain - noise);
        Assert.InRange(caller.Found.Drift, drift - 3, drift + 3);
        Assert.Equal(best, caller.Found.Best!.Number);
        Assert.Equal(8, answerer.Found!.Best!.Number);
        Assert.Equal(caller.Found, answerer.Told);
        Assert.Equal(answerer.Found, caller.Told);
    }

    [Fact]
    public void Losses_are_counted_and_the_band_is_seen()
    {
        var up = Clean with { Loss = PacketLoss.Random(0.03), BandFilter = true };
        var (caller, answerer) = Measure(new Line(up, 5), new Line(Clean, 2));
        Print(caller.Told!);
        Assert.InRange(caller.Told!.Lost, 1, 20);
        Assert.InRange(caller.Told.Packets, 100, 400);
        Assert.InRange(caller.Told.Response[0], -8, -1);
        Assert.InRange(caller.Told.Response[8], -0.5, 1.5);
        Assert.InRange(caller.Told.Best!.Number, 5, 7);
        Assert.Equal(0, answerer.Told!.Lost);
    }

    [Fact]
    public void Where_only_tones_pass_in_one_direction_both_ends_still_know_it()
    {
        var bad = Clean with { SignalToNoise = -9 };
        var (caller, answerer) = Measure(new Line(bad, 1), new Line(Clean, 2));
        Print(caller.Told!);
        Assert.True(caller.Told!.IsHeard);
        Assert.Equal(1, caller.Told.Best!.Number);
        Assert.Equal([ModemMode.Tones], caller.Told.Modems);
        Assert.Equal(8, answerer.Told!.Best!.Number);
    }

    [Fact]
    public void Nobody_there_and_a_direction_that_is_dead_come_to_an_end()
    {
        var dead = new LostPackets(_ => true);
        var (caller, answerer) = Measure(dead, new Line(Clean, 2), limit: 60);
        Assert.True(caller.IsOver);
        Assert.Null(caller.Found);
        Assert.Null(answerer.Found);

        // It is asked, but what it says itself is not heard any more.
        var packets = 0;
        var (deaf, half) = Measure(new Line(Clean, 1), new LostPackets(_ => ++packets > 100), limit: 90);
        Assert.True(deaf.IsOver);
        Assert.False(deaf.Found!.IsHeard);
        Assert.Null(deaf.Told);
        Assert.Equal(8, half.Found!.Best!.Number);
    }

    [Fact]
    public void Messages_are_those_of_the_description() => WireFormat.Holds(
        new MeasureMessage(MeasureKind.Report, new LineReport
        {
            Time = 0x00001234, Level = -19, Noise = -66.1, SignalToNoise = 31.5, Drift = -60.3, Packets = 242, Lost = 3,
            Jitter = 1.2, Quality = Bytes.FromHex("25242300"), Passed = 0x7F,
            Response = [.. Enumerable.Range(0, 17).Select(point => (point - 9) / 2.0)],
        }),
        "5201 00001234 FF42 FD6B 013B FDA5 00F2 0003 000C 25242300 7F F7F8F9FAFBFCFDFEFF0001020304050607");

    [Fact]
    public void A_recorded_probe_is_analysed_alone()
    {
        Assert.Null(ProbeAnalysis.Of(new short[80000], CallSide.Caller));
        short[] sound = [.. new short[12345], .. Probe.Of(CallSide.Caller), .. new short[4000]];
        var report = ProbeAnalysis.Of(new Line(Clean with { Gain = -3 }, 1).Carry(sound).Samples, CallSide.Caller)!;
        Assert.InRange(report.Level, -16.3, -15.7);
        Assert.Equal(8, report.Best!.Number);
        Assert.Equal(0xFD, ProbeAnalysis.Of(sound, CallSide.Answerer)!.Passed);
    }

    private void Print(LineReport report) => output.WriteLine(report.ToString());

    private static (LineMeasure Caller, LineMeasure Answerer) Measure(ILineStage up, ILineStage down, int limit = 40)
    {
        var (caller, answerer) = (new LineMeasure(CallSide.Caller), new LineMeasure(CallSide.Answerer));
        var line = new DuplexLine(up, down);
        short[] atCaller = new short[AudioBlock.Length], atAnswerer = new short[AudioBlock.Length];
        var lost = (Caller: false, Answerer: false);
        for (var packet = 0; packet < limit * 50 && !(caller.IsOver && answerer.IsDone); packet++)
        {
            caller.Process([.. atCaller], lost.Caller, atCaller);
            answerer.Process([.. atAnswerer], lost.Answerer, atAnswerer);
            lost = line.Exchange(atCaller, atAnswerer);
        }

        return (caller, answerer);
    }
}
