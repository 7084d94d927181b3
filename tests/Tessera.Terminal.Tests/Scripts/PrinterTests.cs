using Tessera.Terminal.Scripts;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Scripts;

/// <summary>A printer beside a terminal: what it does is in the answer, and a script never waits for it for long.</summary>
public sealed class PrinterTests : IAsyncLifetime
{
    private static readonly Bytes Server = Bytes.FromHex("A1A2A3A4A5A6A7A8");

    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly CardInHand _card = new();
    private readonly Printing _holder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _card.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_printed_is_printed_and_how_it_ended_is_in_the_answer()
    {
        Assert.Empty((await RunAsync()).Results);
        _holder.Print = (_, _) => Task.FromResult(GeneralResult.TerminalBusy);
        Assert.Equal(new ToolkitResult(1, GeneralResult.TerminalBusy, []), Assert.Single((await RunAsync()).Results));
        _holder.Print = (_, _) => throw new IOException("The cable is out.");
        Assert.Equal(new ToolkitResult(1, GeneralResult.TerminalBusy, []), Assert.Single((await RunAsync()).Results));

        Assert.All(_holder.Printed, printout => Assert.Equal("Times", Assert.Single(printout.Lines)));
        Assert.Equal(3, _holder.Printed.Count);
    }

    [Fact]
    public async Task A_printer_that_does_not_answer_in_thirty_seconds_cannot_now()
    {
        _holder.Print = async (_, cancel) =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return GeneralResult.Success;
        };

        var running = RunAsync();
        Assert.Single(_holder.Printed);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(running.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        var answer = await running;
        Assert.Null(answer.Stopped);
        Assert.Equal(new ToolkitResult(1, GeneralResult.TerminalBusy, []), Assert.Single(answer.Results));
    }

    private async Task<ResponseScript> RunAsync()
    {
        using var journal = FileScriptJournal.Open(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N")));
        var profile = TerminalProfile.TextOnly with { Capabilities = TerminalCapabilities.Printer };
        var runner = new ScriptRunner(
            journal, TerminalRules.ForTerminal(Server, profile), _holder, new ScriptLimits(), _time);
        var session = runner.Insert(_card).Session;
        var script = new ScriptBuilder().Print("Times").Build(session, 1);
        return (await runner.RunAsync(Bytes.Of(script), Cancel)).Read<ResponseScript>();
    }

    private sealed class Printing : IHolderInterface
    {
        public List<Printout> Printed { get; } = [];

        public Func<Printout, CancellationToken, Task<GeneralResult>> Print { get; set; } =
            (_, _) => Task.FromResult(GeneralResult.Success);

        public Task<StepOutcome> PerformAsync(Perform action, CancellationToken cancel) =>
            throw new InvalidOperationException("Nobody is asked.");

        public Task<GeneralResult> PrintAsync(Printout content, CancellationToken cancel)
        {
            Printed.Add(content);
            return Print(content, cancel);
        }
    }
}
