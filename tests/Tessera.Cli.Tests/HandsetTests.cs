using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>A phone in a process of its own, driven by the tool from others.</summary>
public sealed class HandsetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_phone_runs_is_worked_by_keys_and_shows_its_log()
    {
        await using var tool = ToolProcess.Start(["handset", "run", "--image", _folder.File("sim.img")]);
        Assert.Matches("^New SIM [0-9A-F]{16} for demonstration, IMSI 001010000000001.$", await tool.LineAsync(Cancel));
        var page = (await tool.LineAsync(Cancel))["Phone: ".Length..];
        await Eventually.SeeAsync(
            () => AskAsync(page, "menu"), run => run.Output.Contains("Purse", StringComparison.Ordinal), Cancel);

        Assert.Equal((0, ""), Told(await AskAsync(page, "key", "left", "down")));

        var state = await AskAsync(page, "state");
        Assert.Contains("›Write message", state.Output, StringComparison.Ordinal);
        Assert.Contains("SIM Ready, number +33639980001", state.Output, StringComparison.Ordinal);
        Assert.Contains("SET UP MENU", (await AskAsync(page, "log")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await tool.SignalAsync("INT", Cancel)).ExitCode);
    }

    [Theory]
    [InlineData("run", "either --card-slot or --image")]
    [InlineData("state --connect http://example.com", "address of this machine")]
    [InlineData("run --image x --air nowhere", "address with a port")]
    public async Task What_cannot_be_is_told_in_one_line(string arguments, string reason)
    {
        var run = await ToolProcess.RunAsync(["handset", .. arguments.Split(' ')], Cancel);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    private static Task<ToolRun> AskAsync(string page, string verb, params string[] arguments) =>
        ToolProcess.RunAsync(["handset", verb, .. arguments, "--connect", page], Cancel);

    private static (int ExitCode, string Error) Told(ToolRun run) => (run.ExitCode, run.Error);
}
