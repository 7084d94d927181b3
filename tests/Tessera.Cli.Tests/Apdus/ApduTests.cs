using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests.Apdus;

/// <summary><c>tessera apdu</c> at a card in software: arguments, scripts, standard input and a prompt.</summary>
public sealed class ApduTests : IDisposable
{
    private const string SelectStore = "00A40400 09 F05445535345524102 00";
    private const string Up = "\e[A";

    private readonly CardFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Image => _folder.Image;

    private string History => Path.Combine(_folder.Path, "tessera", "apdu.history");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_script_goes_on_as_long_as_the_card_answers_what_is_expected()
    {
        var script = $"""
            # the store, and what it has
            {SelectStore} => 6F*9000
            8060000000 => 010001029000
            8062000900 => 6700   # no nonce
            00200080 => 63C?
            reset
            8060000000 => 6D00
            """;
        var path = await ScriptAsync(script);
        var run = await RunAsync(["--script", path]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("010001029000 6700 63C3 6D00", string.Join(' ', run.Lines.Skip(1)));
        var typed = await ToolProcess.RunAsync(
            ["apdu", "--card", Image, "--script", await ScriptAsync($"{SelectStore}\nverify pin\n00200080 => 9000")], Cancel,
            "123456\n");
        Assert.Equal((0, ""), (typed.ExitCode, typed.Error));
    }

    [Fact]
    public async Task A_script_ends_at_the_first_difference()
    {
        var expected = await RunAsync(["--script", await ScriptAsync($"{SelectStore}\n8060000000 => 02*9000\n8060000000")]);
        Assert.Equal(
            (1, "tessera: Line 2: the card answered 010001029000, expected 02*9000.\n", 2),
            (expected.ExitCode, expected.Error, expected.Lines.Count));
        var error = await RunAsync(["--script", await ScriptAsync("\n8060000000\n8060000000")]);
        Assert.Equal((1, "tessera: Line 2: the card answered 6D00.\n", 1), (error.ExitCode, error.Error, error.Lines.Count));
    }

    [Fact]
    public async Task A_script_is_read_whole_before_its_first_line_is_sent()
    {
        var run = await RunAsync(["--script", await ScriptAsync($"{SelectStore}\n80600000 0")]);
        Assert.Equal((1, "tessera: line 2: half an octet is left over.\n", ""), (run.ExitCode, run.Error, run.Output));
        var both = await RunAsync([SelectStore, "--script", "any"]);
        Assert.Equal(1, both.ExitCode);
    }

    [Fact]
    public async Task A_machine_reads_exchanges_with_their_words_and_without_secrets()
    {
        var run = await ToolProcess.RunAsync(
            ["apdu", "--card", Image, "--json"], Cancel, $"{SelectStore}\n0020008008313233343536FFFF\n");

        Assert.Equal((0, 2), (run.ExitCode, run.Lines.Count));
        using var select = JsonDocument.Parse(run.Lines[0]);
        using var verify = JsonDocument.Parse(run.Lines[1]);
        Assert.Equal(
            "SELECT by name data store F05445535345524102",
            select.RootElement.GetProperty("command").GetProperty("words").GetString());
        Assert.Equal("9000", verify.RootElement.GetProperty("status").GetString());
        Assert.DoesNotContain("313233", run.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_lines_are_sent_as_they_come_and_nothing_is_kept()
    {
        var run = await ToolProcess.RunAsync(
            ["apdu", "--card", Image], Cancel, $"{SelectStore}\n8099000000\nverify pin\n123456\n00200080\nreset\n\n{SelectStore}\n00200080\n",
            new KeyValuePair<string, string>("XDG_STATE_HOME", _folder.Path));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(5, run.Lines.Count);
        Assert.Equal(("6D00", "9000", "63C3"), (run.Lines[1], run.Lines[2], run.Lines[4]));
        Assert.False(File.Exists(History));
    }

    [Fact]
    public async Task At_a_terminal_what_is_said_is_told_in_words_and_what_was_typed_comes_back()
    {
        await using (var terminal = StartTerminal())
        {
            await terminal.SeesAsync("apdu> ", Cancel);
            await terminal.TypesAsync(SelectStore + "\r", Cancel);
            await terminal.SeesAsync("SELECT by name data store", Cancel);
            await terminal.SeesAsync("9000 done", Cancel);
            await terminal.TypesAsync("re\t", Cancel);
            await terminal.SeesAsync("reader  reset", Cancel);
            await terminal.TypesAsync("s\t\r", Cancel);
            await terminal.SeesAsync("reset, ATR 3B", Cancel);
            await terminal.TypesAsync(Up + Up + "\r", Cancel);
            await terminal.SeesAsync("SELECT by name data store", Cancel);
            await terminal.TypesAsync("verify pin\r", Cancel);
            await terminal.SeesAsync("PIN: ", Cancel);
            await terminal.TypesAsync("123456\r", Cancel);
            await terminal.SeesAsync("VERIFY 80", Cancel);
            await terminal.TypesAsync("0020008008313233343536FFFF\r", Cancel);
            await terminal.SeesAsync("VERIFY 80", Cancel);
            await terminal.TypesAsync("8060000000x\r", Cancel);
            await terminal.SeesAsync("tessera: line 6: character 11 is no hexadecimal digit.", Cancel);
            await terminal.TypesAsync("8060000000x\b => 01*9000\r", Cancel);
            await terminal.SeesAsync("LIST FIELDS", Cancel);
            await terminal.TypesAsync("exit\r", Cancel);
            Assert.Equal(0, await terminal.EndAsync(Cancel));
        }

        Assert.Equal(
            [SelectStore, "reset", SelectStore, "verify pin", "8060000000 => 01*9000", "exit"],
            await File.ReadAllLinesAsync(History, Cancel));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(History));

        await using var again = StartTerminal();
        await again.SeesAsync("apdu> ", Cancel);
        await again.TypesAsync(Up + Up + "\r", Cancel);
        await again.SeesAsync("8060000000 => 01*9000", Cancel);
        await again.SeesAsync("6D00", Cancel);
        await again.TypesAsync("\u0004", Cancel);
        Assert.Equal(0, await again.EndAsync(Cancel));
    }

    [Theory]
    [InlineData("\u0003")]
    [InlineData("12\u0003")]
    [InlineData("12\u0004")]
    public async Task Who_is_asked_for_a_PIN_can_end_the_tool(string keys)
    {
        await using var terminal = StartTerminal();
        await terminal.SeesAsync("apdu> ", Cancel);
        await terminal.TypesAsync("verify pin\r", Cancel);
        await terminal.SeesAsync("PIN: ", Cancel);
        await terminal.TypesAsync(keys, Cancel);

        Assert.Equal(1, await terminal.EndAsync(Cancel));
    }

    private ToolTerminal StartTerminal() =>
        ToolTerminal.Start($"apdu --card '{Image}'", new KeyValuePair<string, string>("XDG_STATE_HOME", _folder.Path));

    private Task<ToolRun> RunAsync(string[] arguments) => ToolProcess.RunAsync(["apdu", "--card", Image, .. arguments], Cancel);

    private async Task<string> ScriptAsync(string lines)
    {
        var path = _folder.File(Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, lines, Cancel);
        return path;
    }
}
