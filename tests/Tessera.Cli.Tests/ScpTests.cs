using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary><c>tessera scp open</c> at a card in software.</summary>
public sealed class ScpTests : IDisposable
{
    private readonly CardFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Image => _folder.Image;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_channel_opens_and_a_script_goes_through_it()
    {
        var script = _folder.File("script");
        await File.WriteAllTextAsync(
            script, "# the number of the issuer\n80E29000 04 42024711  # 4711\n\n80CA0042 00\n80CA00E0 00\n", Cancel);
        var run = await RunAsync("--demonstration", "--script", script);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            [
                $"Reader         {Image}",
                "Selected       A000000151000000",
                "Card           i 70, session 1",
                "  diversified  00000123456789ABCDEF",
                "Keys           version 30, the card has them",
                "Level          33: commands and answers ciphered, with codes",
                "80E29000       9000",
                "80CA0042       42024711 9000",
                "80CA00E0       E012C00401308810C00402308810C00403308810 9000",
            ],
            run.Lines);
    }

    [Fact]
    public async Task The_first_error_ends_a_script_and_the_run_and_a_machine_can_read_it()
    {
        var run = await ToolProcess.RunAsync(
            ["scp", "open", "--card", Image, "--kdf3", "env:MASTER", "--level", "13", "--key-version", "30",
                "--script", "-", "--json"],
            Cancel, "80CA00C1 00\n80E40000 03 D20130 00\n80CA00C1 00\n",
            new KeyValuePair<string, string>("MASTER", "5465737365726120646F6D61696E0030"));

        Assert.Equal((1, "tessera: Line 2: the card answered 6985.\n"), (run.ExitCode, run.Error));
        using var told = JsonDocument.Parse(run.Output);
        var root = told.RootElement;
        Assert.Equal(("30", "70", "13", 1), (
            root.GetProperty("keyVersion").GetString(), root.GetProperty("i").GetString(),
            root.GetProperty("level").GetString(), root.GetProperty("sequence").GetInt32()));
        Assert.Equal(
            """[{"command":"80CA00C1","data":"C103000001","status":"9000"},{"command":"80E40000","data":"","status":"6985"}]""",
            root.GetProperty("exchanges").GetRawText());
    }

    [Fact]
    public async Task Keys_that_were_put_open_the_next_channel()
    {
        var key = _folder.File("own.key");
        Assert.Equal(0, (await ToolProcess.RunAsync(["key", "new", "--out", key], Cancel)).ExitCode);

        var other = await RunAsync("--key", key);
        Assert.Equal(
            (1, "tessera: The card has other keys of version 30: its cryptogram is wrong.\n"),
            (other.ExitCode, other.Error));
        var absent = await RunAsync("--demonstration", "--key-version", "31");
        Assert.Equal((1, "tessera: The card answered 6A88 to command 80503100.\n"), (absent.ExitCode, absent.Error));
    }

    [Fact]
    public async Task New_keys_take_the_place_of_the_old_ones()
    {
        var key = _folder.File("own.key");
        var made = await ToolProcess.RunAsync(["key", "new", "--out", key, "--bits", "256"], Cancel);
        var check = made.Output.TrimEnd()[^6..];
        var put = await ToolProcess.RunAsync(
            ["scp", "put-keys", "--card", Image, "--demonstration", "--replace", "30", "--new-version", "31", "--new-key", key],
            Cancel);
        Assert.Equal(
            (0, $"Keys of version 31, 32 octets, check values {check} {check} {check}\n", ""),
            (put.ExitCode, put.Output, put.Error));

        var old = await RunAsync("--demonstration");
        Assert.Equal(
            (1, "tessera: The card has other keys of version 31: its cryptogram is wrong.\n"), (old.ExitCode, old.Error));
        var status = await ToolProcess.RunAsync(["scp", "status", "--card", Image, "--key", key, "--level", "00"], Cancel);
        Assert.Equal((0, ""), (status.ExitCode, status.Error));
        Assert.Equal(
            [
                "Domain         A000000151000000, state 0F, privileges 800000",
                "Application    F05445535345524101, state 07, privileges 000000",
                "Application    F05445535345524102, state 07, privileges 000000",
                "Key            version 31, id 1, AES, 32 octets",
                "Key            version 31, id 2, AES, 32 octets",
                "Key            version 31, id 3, AES, 32 octets",
            ],
            status.Lines);
        var again = await ToolProcess.RunAsync(
            ["scp", "put-keys", "--card", Image, "--key", key, "--replace", "30", "--new-version", "32", "--new-key", key],
            Cancel);
        Assert.Equal((1, "tessera: The card answered 6A88 to command 80D83081.\n"), (again.ExitCode, again.Error));
    }

    [Theory]
    [InlineData("Name --reader or --card, one of them.", "--demonstration")]
    [InlineData("Name the keys once: ", "--card", "card.img")]
    [InlineData("Name the keys once: ", "--card", "card.img", "--demonstration", "--key", "-")]
    [InlineData("Name the keys once: ", "--card", "card.img", "--enc", "-", "--mac", "-")]
    [InlineData("--level is 00, 01, 03, 11, 13 or 33, not 31.", "--card", "card.img", "--demonstration", "--level", "31")]
    [InlineData("--key-version has one octet", "--card", "card.img", "--demonstration", "--key-version", "0030")]
    [InlineData(
        "line 2: character 1 is no hexadecimal digit.", "--card", "card.img", "--demonstration", "--script", "-")]
    public async Task What_is_wrong_is_told_in_a_line(string reason, params string[] arguments)
    {
        var run = await ToolProcess.RunAsync(["scp", "open", .. arguments], Cancel, "80CA006600\nx\n");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"tessera: {reason}", run.Error, StringComparison.Ordinal);
    }

    private Task<ToolRun> RunAsync(params string[] arguments) =>
        ToolProcess.RunAsync(["scp", "open", "--card", Image, .. arguments], Cancel);
}
