using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary><c>tessera key</c>: what it makes is right, kept for its owner and never shown.</summary>
public sealed class KeyTests : IDisposable
{
    private const string Master = "404142434445464748494A4B4C4D4E4F";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_key_is_in_a_file_of_its_owner_and_nowhere_else()
    {
        var path = _folder.File("new.key");
        var made = await RunAsync("key", "new", "--out", path, "--bits", "256", "--json");
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        using var told = JsonDocument.Parse(made.Output);
        Assert.Equal((path, "AES", 32), (
            told.RootElement.GetProperty("file").GetString(), told.RootElement.GetProperty("kind").GetString(),
            told.RootElement.GetProperty("octets").GetInt32()));

        var digits = (await File.ReadAllTextAsync(path, Cancel)).Trim();
        Assert.Equal(64, digits.Length);
        Assert.DoesNotContain(digits, made.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var check = await RunAsync("key", "check", "--key", path);
        Assert.Equal(
            (0, $"AES key of 32 octets, check value {told.RootElement.GetProperty("check").GetString()}\n", ""),
            (check.ExitCode, check.Output, check.Error));

        var again = await RunAsync("key", "new", "--out", path);
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.Equal(digits, (await File.ReadAllTextAsync(path, Cancel)).Trim());
    }

    [Fact]
    public async Task A_derivation_from_nothing_is_told_as_such()
    {
        var run = await RunAsync("key", "derive", "--master", "-", "--input", "", "--out", _folder.File("card.key"));

        Assert.Equal((1, "tessera: --input: there are no octets.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_key_that_was_typed_where_its_place_belongs_is_not_repeated()
    {
        var run = await RunAsync("key", "check", "--key", Master);

        Assert.Equal(
            (1, "", "tessera: --key: names no file; a file, env:NAME or - for standard input.\n"),
            (run.ExitCode, run.Output, run.Error));
    }

    // NXP AN10922, GlobalPlatformPro's test of KDF3 (its check values).
    [Theory]
    [InlineData("00112233445566778899AABBCCDDEEFF", "A8DD63A3B89D54B37CA802473FDA9175",
        "--input", "04782E21801D803042F54E585020416275")]
    [InlineData("00112233445566778899AABBCCDDEEFF", "16F9587D9E8910C96B9648D006107DD7",
        "--input", "04782E21801D803042F54E58502041", "--method", "an10922-tdea")]
    [InlineData(
        "8C72C72CF908411653018807950D82FBAD947562F0828A0B10B8B9606ABF3BCD",
        "9AAC5D0B3601F89438A0D9D0B6B256CFB47E6462DFA5228D3420C4AC7C224781",
        "--input", "D9B1DE5D0362DEDCE4FB", "--method", "kdf3", "--purpose", "enc")]
    public async Task Derived_keys_are_those_of_the_published_examples(
        string master, string expected, params string[] options)
    {
        var path = _folder.File("card.key");
        var run = await ToolProcess.RunAsync(
            ["key", "derive", "--master", "-", "--out", path, .. options], Cancel, $"{master}\n");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(expected, (await File.ReadAllTextAsync(path, Cancel)).Trim());
    }

    [Fact]
    public async Task A_key_comes_from_the_environment_and_a_file_for_all_is_warned_of()
    {
        var fromVariable = await ToolProcess.RunAsync(
            ["key", "check", "--key", "env:TEST_KEY", "--tdea"], Cancel,
            environment: new KeyValuePair<string, string>("TEST_KEY", Master));
        Assert.Equal((0, "TDEA key of 16 octets, check value 8BAF47\n"), (fromVariable.ExitCode, fromVariable.Output));

        if (OperatingSystem.IsWindows()) return;
        var path = _folder.File("open.key");
        await File.WriteAllTextAsync(path, Master, Cancel);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var open = await RunAsync("key", "check", "--key", path);
        Assert.Equal($"tessera: {path} can be read by others: chmod 600 is for secrets.\n", open.Error);
        Assert.Equal(0, open.ExitCode);
    }

    [Theory]
    [InlineData("--key: there is no environment variable NO_SUCH_KEY.", "key", "check", "--key", "env:NO_SUCH_KEY")]
    [InlineData("--key: a key has 16, 24 or 32 octets, not 3.", "key", "check", "--key", "-")]
    [InlineData("--bits is 128, 192 or 256, not 100.", "key", "new", "--out", "never.key", "--bits", "100")]
    [InlineData(
        "--purpose goes with --method kdf3, and only there.",
        "key", "derive", "--master", "-", "--out", "never.key", "--input", "00", "--purpose", "enc")]
    [InlineData(
        "KDF3 takes 10 octets, not 1.",
        "key", "derive", "--master", "env:TEST_KEY", "--out", "never.key", "--input", "00", "--method", "kdf3",
        "--purpose", "mac")]
    public async Task What_is_wrong_is_told_in_a_line(string reason, params string[] arguments)
    {
        var run = await ToolProcess.RunAsync(
            arguments, Cancel, "ABCDEF\n", new KeyValuePair<string, string>("TEST_KEY", Master));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"tessera: {reason}", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ABCDEF", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists("never.key"));
    }

    private static Task<ToolRun> RunAsync(params string[] arguments) => ToolProcess.RunAsync(arguments, Cancel);
}
