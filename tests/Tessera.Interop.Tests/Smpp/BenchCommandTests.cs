using System.Net;
using System.Text.Json;
using Tessera.Smpp;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Smpp;

/// <summary><c>tessera smpp bench</c> in a process of its own.</summary>
public class BenchCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_submits_as_many_messages_as_it_is_told_and_counts_what_was_refused()
    {
        var submitted = 0;
        await using var listener = SmppListener.Listen(new IPEndPoint(IPAddress.Loopback, 0), new SmppServerOptions
        {
            Authenticate = (bind, _) => new(
                bind is { SystemId: "bench", Password: "pass" } ? CommandStatus.Ok : CommandStatus.InvalidPassword),
            Submit = (_, _, _) => new(new SubmitSmResp(
                Interlocked.Increment(ref submitted) % 100 == 0 ? CommandStatus.Throttled : CommandStatus.Ok, "1")),
        });

        var run = await ToolProcess.RunAsync(
            [
                "smpp", "bench", "--connect", listener.EndPoint.ToString(), "--system-id", "bench", "--password", "pass",
                "--window", "50", "--count", "5000", "--json",
            ],
            Cancel);

        Assert.True(run.ExitCode == 0, run.Error);
        var told = JsonElement.Parse(run.Output);
        Assert.Equal((5000, 50), (submitted, told.GetProperty("errors").GetInt32()));
        Assert.Equal(50, told.GetProperty("window").GetInt32());
        Assert.True(told.GetProperty("messagesPerSecond").GetDouble() > 0);
        Assert.InRange(told.GetProperty("p50Ms").GetDouble(), 0, told.GetProperty("p99Ms").GetDouble());
    }

    [Theory]
    [InlineData("nowhere", "'nowhere' is no host:port. See --help.")]
    [InlineData("127.0.0.1:0x1", "'127.0.0.1:0x1' is no host:port. See --help.")]
    public async Task It_tells_what_is_wrong_with_its_arguments(string address, string reason)
    {
        var run = await ToolProcess.RunAsync(
            ["smpp", "bench", "--connect", address, "--system-id", "b", "--password", "p"], Cancel);

        Assert.Equal((1, $"tessera: {reason}\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task It_tells_why_it_was_refused()
    {
        await using var listener = SmppListener.Listen(new IPEndPoint(IPAddress.Loopback, 0), new SmppServerOptions
        {
            Authenticate = (_, _) => new(CommandStatus.InvalidPassword),
            Submit = (_, _, _) => new(new SubmitSmResp(CommandStatus.Ok, "1")),
        });

        var run = await ToolProcess.RunAsync(
            ["smpp", "bench", "--connect", listener.EndPoint.ToString(), "--system-id", "b", "--password", "p"], Cancel);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("InvalidPassword", run.Error, StringComparison.Ordinal);
    }
}
