using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>A house in a process of its own, driven by the tool from others.</summary>
public sealed class HouseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_house_runs_calls_and_tells_how_its_line_is()
    {
        await using var callee = ToolProcess.Start(["sip", "answer", "--listen", "127.0.0.1:0"]);
        var address = JsonElement.Parse(await callee.LineAsync(Cancel)).GetProperty("address").GetString()!;
        await using var tool = ToolProcess.Start(["house", "run", "--voice", address, "--line-number", "+4712345678"]);
        var page = (await tool.LineAsync(Cancel))["House: ".Length..];

        Assert.Equal((0, ""), Told(await AskAsync(page, "dial", "17")));

        var call = JsonElement.Parse(await callee.LineAsync(Cancel));
        Assert.Equal("+4712345678", call.GetProperty("number").GetString());
        var state = await Eventually.SeeAsync(
            () => AskAsync(page, "state"), run => run.Output.Contains("Connected", StringComparison.Ordinal), Cancel);
        Assert.Contains("Line +4712345678: ", state.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), Told(await AskAsync(page, "fault", "burst", "100")));
        Assert.Contains("A burst of loss: 100 ms.", (await AskAsync(page, "log")).Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), Told(await AskAsync(page, "hangup")));
        var silent = JsonElement.Parse((await AskAsync(page, "state", "--json")).Output);
        Assert.Equal("OnHook", silent.GetProperty("telephone").GetProperty("phase").GetString());
        Assert.Equal(0, (await tool.SignalAsync("INT", Cancel)).ExitCode);
    }

    [Theory]
    [InlineData("state --connect http://example.com", "address of this machine")]
    [InlineData("run --voice nowhere", "address with a port")]
    public async Task What_cannot_be_is_told_in_one_line(string arguments, string reason)
    {
        var run = await ToolProcess.RunAsync(["house", .. arguments.Split(' ')], Cancel);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    private static Task<ToolRun> AskAsync(string page, params string[] arguments) =>
        ToolProcess.RunAsync(["house", .. arguments, "--connect", page], Cancel);

    private static (int ExitCode, string Error) Told(ToolRun run) => (run.ExitCode, run.Error);
}
