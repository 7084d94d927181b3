using System.Text.Json;
using System.Text.RegularExpressions;
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

    [Fact]
    public async Task The_device_of_a_house_is_switched_supplied_and_its_keys_pressed()
    {
        using var data = new TempFolder();
        await using var server = await ServerProcess.StartAsync(data.Path, Cancel);
        var page = await HouseOfAsync(server);
        await SeesAsync(page, "Device: No call", "Insert card");

        foreach (var verb in new[] { "power off", "mains off", "battery 3", "tear" })
            Assert.Equal((0, ""), Told(await AskAsync(page, ["device", .. verb.Split(' ')])));

        await SeesAsync(page, "Device: Off");
        var refused = await AskAsync(page, "device", "key", "ok");
        Assert.Equal((1, "tessera: The house refuses: The device is off.\n"), Told(refused));
        Assert.Equal((0, ""), Told(await AskAsync(page, "device", "power", "on")));
        await SeesAsync(page, "Battery empty");
        Assert.Equal((0, ""), Told(await AskAsync(page, "device", "battery", "80")));
        await SeesAsync(page, "Insert card");
        Assert.Equal((0, ""), Told(await AskAsync(page, "device", "key", "data", "Clear", "1")));
        var device = JsonElement.Parse((await AskAsync(page, "state", "--json")).Output).GetProperty("device");
        Assert.Equal((false, 80), (device.GetProperty("isMains").GetBoolean(), device.GetProperty("percent").GetInt32()));
        Assert.Equal(
            (1, "tessera: The device has no key 'star'.\n"), Told(await AskAsync(page, "device", "key", "1", "star")));
    }

    [Fact]
    public async Task A_house_without_a_device_says_so()
    {
        await using var tool = ToolProcess.Start(["house", "run"]);
        var page = (await tool.LineAsync(Cancel))["House: ".Length..];

        foreach (var verb in new[] { "key ok", "power on" })
        {
            Assert.Equal(
                (1, "tessera: There is no device in this house.\n"),
                Told(await AskAsync(page, ["device", .. verb.Split(' ')])));
        }
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

    /// <summary>The page of the house in the lab of a server.</summary>
    private static async Task<string> HouseOfAsync(ServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var lab = await http.GetStringAsync(new Uri("/lab", UriKind.Relative), Cancel);
        return Regex.Match(lab, "(?<=<iframe src=\")[^\"]+(?=\" title=\"At home\")", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Value;
    }

    private static Task<ToolRun> SeesAsync(string page, params string[] texts) => Eventually.SeeAsync(
        () => AskAsync(page, "state"),
        run => texts.All(text => run.Output.Contains(text, StringComparison.Ordinal)), Cancel);

    private static Task<ToolRun> AskAsync(string page, params string[] arguments) =>
        ToolProcess.RunAsync(["house", .. arguments, "--connect", page], Cancel);

    private static (int ExitCode, string Error) Told(ToolRun run) => (run.ExitCode, run.Error);
}
