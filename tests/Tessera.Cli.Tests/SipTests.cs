using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>Two telephones at the command line, in processes of their own.</summary>
public sealed class SipTests : IDisposable
{
    /// <summary>Three seconds, so that a machine with much to do hears some of them.</summary>
    private const string Keys = "471147114711471147114711471147";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_one_says_the_other_keeps()
    {
        var (said, heard) = (_folder.File("said.wav"), _folder.File("heard"));
        var encoded = await ToolProcess.RunAsync(["dtmf", "encode", "--digits", Keys, "--out", said], Cancel);
        Assert.Equal(0, encoded.ExitCode);
        await using var callee = ToolProcess.Start(["sip", "answer", "--listen", "127.0.0.1:0", "--record", heard]);
        var address = (await EventAsync(callee, "listening")).GetProperty("address").GetString();

        var run = await ToolProcess.RunAsync(
            ["sip", "call", $"sip:ivr@{address}", "--from", "sip:1001@127.0.0.1", "--play", said], Cancel);

        Assert.True(run.ExitCode == 0, run.Error);
        var call = await EventAsync(callee, "call");
        Assert.Equal("1001", call.GetProperty("number").GetString());
        Assert.Equal("claimed", call.GetProperty("certainty").GetString());
        Assert.Equal("pcmu", (await EventAsync(callee, "answered")).GetProperty("codec").GetString());
        Assert.Equal("remoteHungUp", (await EventAsync(callee, "ended")).GetProperty("reason").GetString());
        Assert.Equal(0, (await callee.SignalAsync("INT", Cancel)).ExitCode);
        // Which keys come through hangs on the machine's leisure; that the sound is kept does not.
        Assert.True(new FileInfo(Assert.Single(Directory.GetFiles(heard))).Length > 44);
    }

    [Fact]
    public async Task Who_is_busy_says_so()
    {
        await using var callee = ToolProcess.Start(["sip", "answer", "--listen", "127.0.0.1:0", "--busy"]);
        var address = (await EventAsync(callee, "listening")).GetProperty("address").GetString();

        var run = await ToolProcess.RunAsync(["sip", "call", $"sip:ivr@{address}"], Cancel);

        Assert.Equal((1, "tessera: Refused (486): Busy Here\n"), (run.ExitCode, run.Error));
    }

    private static async Task<JsonElement> EventAsync(ToolProcess tool, string name)
    {
        var told = JsonElement.Parse(await tool.LineAsync(Cancel));
        Assert.Equal(name, told.GetProperty("event").GetString());
        return told;
    }
}
