using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary><c>tessera sms</c>: what it prints is what mobile and service centre exchange.</summary>
public class SmsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_to_the_mobile_is_JSON()
    {
        var run = await RunAsync("decode", "040B911346610089F60000208062917314480CC8F71D14969741F977FD07");

        Assert.Equal(
            """
            {"type":"SMS-DELIVER","oa":"\u002B31641600986","pid":"00","dcs":"00","scts":"20806291731448",
            "time":"2002-08-26T19:37:41-01:00","moreMessages":false,"statusReport":false,"replyPath":false,
            "isForCard":false,"alphabet":"gsm7","class":null,"header":[],"concatenation":null,"text":"How are you?"}
            """.ReplaceLineEndings(""),
            run.Output.TrimEnd());
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_message_from_the_mobile_needs_to_be_told_so()
    {
        const string submit = "11000B916407281553F80000AA0AE8329BFD4697D9EC37";

        using var json = JsonDocument.Parse((await RunAsync("decode", submit, "--direction", "mo")).Output);
        Assert.Equal("SMS-SUBMIT", json.RootElement.GetProperty("type").GetString());
        Assert.Equal("+46708251358", json.RootElement.GetProperty("da").GetString());
        Assert.Equal("4.00:00:00", json.RootElement.GetProperty("validity").GetString());
        Assert.Equal("hellohello", json.RootElement.GetProperty("text").GetString());

        var wrong = await RunAsync("decode", submit);
        Assert.Equal((1, ""), (wrong.ExitCode, wrong.Output));
        Assert.StartsWith("tessera: ", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Grüße aus Österreich", 1, "gsm7")]
    [InlineData("Привет", 1, "ucs2")]
    [InlineData(null, 3, "gsm7")]
    public async Task A_text_becomes_a_line_for_each_part_and_comes_back(string? text, int parts, string alphabet)
    {
        text ??= string.Concat(Enumerable.Repeat("[{0123456789}] ", 20));

        var run = await RunAsync("encode", "--to", "+3312345678", "--text", text);

        Assert.Equal((0, "", parts), (run.ExitCode, run.Error, run.Lines.Count));
        var together = "";
        foreach (var line in run.Lines)
        {
            using var json = JsonDocument.Parse((await RunAsync("decode", line, "--direction", "mo")).Output);
            Assert.Equal("+3312345678", json.RootElement.GetProperty("da").GetString());
            Assert.Equal(alphabet, json.RootElement.GetProperty("alphabet").GetString());
            together += json.RootElement.GetProperty("text").GetString();
        }

        Assert.Equal(text, together);
    }

    private static Task<ToolRun> RunAsync(params string[] arguments) =>
        ToolProcess.RunAsync(["sms", .. arguments], Cancel);
}
