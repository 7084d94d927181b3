using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary><c>tessera line measure</c> over SIP and RTP between two processes, and with files.</summary>
public sealed class LineMeasureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Both_ends_of_a_call_tell_the_same_of_both_directions()
    {
        await using var answerer = ToolProcess.Start(["line", "measure", "--answer", "--listen", "127.0.0.1:0"]);
        var address = JsonElement.Parse(await answerer.LineAsync(Cancel)).GetProperty("address").GetString();

        // What a starved machine does to packets is measured too; one that stops for seconds is measured again.
        var run = await MeasureAsync(address);
        for (var again = 0; again < 4 && run.ExitCode != 0; again++) run = await MeasureAsync(address);
        Assert.True(run.ExitCode == 0, run.Error);
        var here = JsonElement.Parse(run.Output);
        var there = JsonElement.Parse(await answerer.LineAsync(Cancel));
        while (!Same(here, there, "down")) there = JsonElement.Parse(await answerer.LineAsync(Cancel));
        Assert.True(here.GetProperty("roundTripMs").GetDouble() > 0);
        foreach (var way in new[] { "down", "up" })
        {
            Assert.InRange(here.GetProperty(way).GetProperty("level").GetDouble(), -20, -12);
            Assert.NotEqual(0, here.GetProperty(way).GetProperty("modems").GetArrayLength());
            Assert.True(Same(here, there, way));
        }

        Assert.Equal(0, (await answerer.SignalAsync("INT", Cancel)).ExitCode);
    }

    [Fact]
    public async Task A_probe_in_a_file_is_analysed()
    {
        var file = _folder.File("probe.wav");
        Assert.Equal(0, (await ToolProcess.RunAsync(["line", "measure", "--out", file], Cancel)).ExitCode);

        var text = await ToolProcess.RunAsync(["line", "measure", "--in", file], Cancel);
        Assert.Contains("heard: begin on rung 8, Ofdm", text.Output, StringComparison.Ordinal);
        var json = await ToolProcess.RunAsync(["line", "measure", "--in", file, "--json"], Cancel);
        Assert.Equal(8, JsonElement.Parse(json.Output).GetProperty("rung").GetInt32());

        var silence = _folder.File("keys.wav");
        await ToolProcess.RunAsync(["dtmf", "encode", "--digits", "1", "--out", silence], Cancel);
        Assert.Equal(1, (await ToolProcess.RunAsync(["line", "measure", "--in", silence], Cancel)).ExitCode);
        Assert.Equal(1, (await ToolProcess.RunAsync(["line", "measure"], Cancel)).ExitCode);
    }

    private static Task<ToolRun> MeasureAsync(string? address) =>
        ToolProcess.RunAsync(["line", "measure", "--to", $"sip:measure@{address}", "--json"], Cancel);

    private static bool Same(JsonElement here, JsonElement there, string way) => string.Equals(
        here.GetProperty(way).ToString(), there.GetProperty(way).ToString(), StringComparison.Ordinal);
}
