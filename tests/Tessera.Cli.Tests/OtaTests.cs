using System.CommandLine;
using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary><c>tessera ota</c> over the packets of public test suites.</summary>
public class OtaTests
{
    private const string Key = "200102030405060708090A0B0C0D0E0F";
    private const string OtherKey = "201102030405060708090A0B0C0D0E0F";
    private const string Packet =
        "00281516192222B000115A47655527E96E832F1A5C698655715D4331454A0D83952C0ED35245706976B1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_of_every_vector_are_made_and_opened()
    {
        foreach (var vector in Vectors("commands"))
        {
            var keys = $"--kic-key {Field(vector, "kicKey")} --kid-key {Field(vector, "kidKey")} --legacy";
            var made = await PrintedAsync(
                $"ota wrap --spi {Field(vector, "spi")} --kic {Field(vector, "kic")} --kid {Field(vector, "kid")} "
                + $"--tar {Field(vector, "tar")} --cntr {Field(vector, "cntr")} --data {Field(vector, "data")} {keys}");
            Assert.Equal($"{Field(vector, "packet")}\n", made);

            using var opened = JsonDocument.Parse(await PrintedAsync($"ota unwrap {keys} {Field(vector, "packet")}"));
            foreach (var name in (string[])["spi", "kic", "kid", "tar", "cntr", "data"])
                Assert.Equal(Field(vector, name), opened.RootElement.GetProperty(name).GetString());
            Assert.Equal(vector.GetProperty("pcntr").GetInt32(), opened.RootElement.GetProperty("pcntr").GetInt32());
            var verdict = Field(vector, "cc").Length == 0 ? "none" : "ok";
            Assert.Equal(verdict, opened.RootElement.GetProperty("integrity").GetString());
        }
    }

    [Fact]
    public async Task Proofs_of_receipt_of_every_vector_are_opened()
    {
        foreach (var vector in Vectors("responses"))
        {
            using var opened = JsonDocument.Parse(await PrintedAsync(
                $"ota unwrap-response --spi2 {Field(vector, "spi2")} --kic {Field(vector, "kic")} "
                + $"--kid {Field(vector, "kid")} --kic-key {Field(vector, "kicKey")} "
                + $"--kid-key {Field(vector, "kidKey")} --legacy {Field(vector, "packet")}"));
            foreach (var name in (string[])["tar", "cntr", "status", "data"])
                Assert.Equal(Field(vector, name), opened.RootElement.GetProperty(name).GetString());
            Assert.Equal(vector.GetProperty("pcntr").GetInt32(), opened.RootElement.GetProperty("pcntr").GetInt32());
            var verdict = !vector.GetProperty("valid").GetBoolean() ? "failed"
                : Field(vector, "cc").Length == 0 ? "none" : "ok";
            Assert.Equal(verdict, opened.RootElement.GetProperty("integrity").GetString());
        }
    }

    [Fact]
    public async Task The_tool_makes_and_opens_what_is_safe_without_being_asked_twice()
    {
        var made = await ToolProcess.RunAsync(
            ["ota", "wrap", "--spi", "1619", "--kic", "22", "--kid", "22", "--kic-key", Key, "--kid-key", OtherKey,
                "--tar", "B00011", "--cntr", "0000000011", "--data", "00A40004023F00"], Cancel);
        Assert.Equal((0, $"{Packet}\n", ""), (made.ExitCode, made.Output, made.Error));

        var opened = await ToolProcess.RunAsync(
            ["ota", "unwrap", "--kic-key", Key, "--kid-key", OtherKey, Packet], Cancel);
        Assert.Equal(
            """
            {"spi":"1619","kic":"22","kid":"22","tar":"B00011","cntr":"0000000011","pcntr":11,
            "data":"00A40004023F00","integrity":"ok"}
            """.ReplaceLineEndings(""),
            opened.Output.TrimEnd());
        Assert.Equal((0, ""), (opened.ExitCode, opened.Error));
    }

    [Fact]
    public async Task Another_key_is_told_as_failed()
    {
        using var opened = JsonDocument.Parse(
            await PrintedAsync($"ota unwrap --kic-key {Key} --kid-key {Key} {Packet}"));

        Assert.Equal("failed", opened.RootElement.GetProperty("integrity").GetString());
    }

    [Theory]
    [InlineData("--spi 0619 --kic 22 --kid 22", "a cryptographic checksum without a counter that must rise: not taken")]
    [InlineData("--spi 1619 --kic 15 --kid 15", "KIc 15: not taken")]
    [InlineData("--spi 1419 --kic 22 --kid 22", "ciphering without a cryptographic checksum: not taken")]
    [InlineData("--spi 16 --kic 22 --kid 22", "--spi has 2 octets, not 1.")]
    public async Task Without_legacy_what_is_unsafe_is_refused(string options, string reason)
    {
        var run = await ToolProcess.RunAsync(
            $"ota wrap {options} --tar B00011 --cntr 0000000011 --kic-key {Key} --kid-key {Key}".Split(' '), Cancel);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"tessera: {reason}", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Two spaces hold an empty argument between them: a key that there is none of.</summary>
    private static async Task<string> PrintedAsync(string arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var root = new RootCommand { OtaCommand.Create() };
        var code = await root.Parse(arguments.Split(' ')).InvokeAsync(
            new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false }, Cancel);
        Assert.Equal(0, code);
        return output.ToString();
    }

    private static List<JsonElement> Vectors(string list)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Packets", "ota.json");
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        var vectors = file.RootElement.GetProperty(list).EnumerateArray().Select(vector => vector.Clone()).ToList();
        Assert.NotEmpty(vectors);
        return vectors;
    }

    private static string Field(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;
}
