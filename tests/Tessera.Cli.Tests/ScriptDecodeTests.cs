using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary><c>tessera script decode</c> over the worked octets of docs/protocols/script.md §4.</summary>
public partial class ScriptDecodeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_worked_script_is_a_line_for_each_step()
    {
        var run = await DecodeAsync(Worked("script", 0));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            """
            script: session 002A, script 1
               1  SELECT ITEM "Where to?" 1="Centre 3.20" 2="Airport 4.80" 3="Harbour 2.60"
               2  input pin at 0, 8 octets ascii, 6 to 8 characters
               3  card 00200080
               4  pick at 4 of 00000140A0A0A0A0A0A0A0A0 | 000001E0A1A1A1A1A1A1A1A1 | 00000104A2A2A2A2A2A2A2A2
               5  digest at 16, 8 octets
               6  card 8054010004FFFFFB1E00
               7  DISPLAY TEXT 80 "Paid. Thank you"

            """,
            run.Output);
    }

    [Fact]
    public async Task The_worked_script_is_JSON_with_every_field()
    {
        var json = JsonElement.Parse((await DecodeAsync(Worked("script", 0), "--json")).Output);

        Assert.Equal("script", json.GetProperty("kind").GetString());
        Assert.Equal(0x2A, json.GetProperty("session").GetInt32());
        Assert.Equal(1, json.GetProperty("number").GetInt32());
        var steps = json.GetProperty("steps");
        Assert.Equal(
            "toolkit input card pick shownDigest card toolkit",
            string.Join(' ', steps.EnumerateArray().Select(step => step.GetProperty("kind").GetString())));
        Assert.Equal("1234567", string.Concat(steps.EnumerateArray().Select(step => step.GetProperty("step").GetInt32())));
        Assert.Equal("8054010004FFFFFB1E00", steps[5].GetProperty("command").GetString());
        Assert.Equal("00000104A2A2A2A2A2A2A2A2", steps[3].GetProperty("operands")[2].GetString());
        Assert.Equal("pin", steps[1].GetProperty("source").GetString());
        Assert.StartsWith("D01B81030121", steps[6].GetProperty("command").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Branches_keep_their_steps_in_JSON()
    {
        var run = await DecodeAsync(
            "AA28", "C00401002A01", "C1082400013F01610162", "E116", "E206 2204805E0000", "E20C C2049000FFFF 2204805E0000", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var choices = JsonElement.Parse(run.Output).GetProperty("steps")[1].GetProperty("choices");
        Assert.Equal(2, choices.GetArrayLength());
        Assert.Equal(3, choices[0][0].GetProperty("step").GetInt32());
        Assert.Equal("expect", choices[1][0].GetProperty("kind").GetString());
        Assert.Equal("9000", choices[1][0].GetProperty("statuses")[0].GetProperty("status").GetString());
        Assert.Equal("805E0000", choices[1][1].GetProperty("command").GetString());
    }

    [Theory]
    [InlineData(0, """
        answer: session 002A, script 1
          2 commands executed
          step 1: success, item 1
          card 9000
          card 00000D7A000000075353535353535353 9000

        """)]
    [InlineData(1, """
        answer: session 002A, script 1
          1 commands executed
          step 1: success, item 1
          card 63C2
          stopped at step 3: unexpected status

        """)]
    public async Task The_worked_answers_are_a_line_for_each_result(int example, string lines)
    {
        var run = await DecodeAsync(Worked("response", example));

        Assert.Equal((0, lines, ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task The_stopped_answer_is_JSON_with_its_reason()
    {
        var run = await DecodeAsync(Worked("response", 1), "--json");

        Assert.Equal(
            """
            {"kind":"answer","session":42,"number":1,"executed":1,"results":[{"kind":"toolkit","step":1,"result":"success","objects":[{"tag":144,"value":"01"}]},{"kind":"card","data":"","status":"63C2"}],"stopped":{"reason":"unexpectedStatus","step":3},"badFormat":null}

            """,
            run.Output);
    }

    [Theory]
    [InlineData("AA", "script at octet 0: needs 1 octets, 0 left (90 03)")]
    [InlineData("AA0AC00401002A01C7020101", "step at octet 8: C7 is no step (90 01)")]
    [InlineData("AA06C00401002A00", "script at octet 0: number 0 (90 05)")]
    [InlineData("AA07C00401002A0122", "script at octet 8: needs 1 octets, 0 left (90 03)")]
    [InlineData("AA06C00401002A0100", "CommandScript at octet 8: 1 octets left over")]
    [InlineData("AB06C00401002A01", "TLV tag at octet 6: needs 1 octets, 0 left")]
    [InlineData("D003810301", "script at octet 0: D0 is neither a command script (AA) nor a response script (AB)")]
    [InlineData("AA 0", "script: half an octet is left over.")]
    [InlineData("AAGG", "script: character 3 is no hexadecimal digit.")]
    public async Task A_bad_format_names_field_offset_and_reason(string hex, string reason)
    {
        var run = await DecodeAsync(hex.Split(' '));

        Assert.Equal((1, "", $"tessera: {reason}\n"), (run.ExitCode, run.Output, run.Error));
    }

    private static Task<ToolRun> DecodeAsync(params string[] arguments) =>
        ToolProcess.RunAsync(["script", "decode", .. arguments], Cancel);

    /// <summary>A fenced block of the document, white space and all.</summary>
    private static string Worked(string language, int example) => Fence()
        .Matches(File.ReadAllText(Document())).Where(match => match.Groups["language"].ValueSpan.SequenceEqual(language))
        .ElementAt(example).Groups["block"].Value;

    [GeneratedRegex("^```(?<language>\\w+)\\n(?<block>.+?)^```$", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();

    private static string Document([CallerFilePath] string path = "") => Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "docs", "protocols", "script.md"));
}
