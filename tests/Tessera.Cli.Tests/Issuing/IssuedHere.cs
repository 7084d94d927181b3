using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests.Issuing;

/// <summary>A data folder, and an operator who issues cards with the tool.</summary>
internal sealed class IssuedHere : IDisposable
{
    private const string Passphrase = "letters of the bank";

    public TempFolder Folder { get; } = new();

    public string Data => Directory.CreateDirectory(Folder.File("data")).FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Folder.Dispose();

    public static Task<ToolRun> RunAsync(params string[] arguments) => ToolProcess.RunAsync(
        arguments, Cancel, environment: new KeyValuePair<string, string>("TESSERA_TEST_LETTER", Passphrase));

    /// <summary>Runs it, and it must succeed.</summary>
    public static async Task<JsonElement> DoAsync(params string[] arguments)
    {
        var run = await RunAsync([.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonElement.Parse(run.Output);
    }

    public async Task<string> BlankAsync(string name, params string[] options)
    {
        var path = Folder.File(name);
        await DoAsync(["card", "image", "new", path, .. options]);
        return path;
    }

    /// <summary>Arguments of every verb that issues.</summary>
    public string[] At(string image) =>
        ["--data", Data, "--card", image, "--letter", $"{image}.pin", "--letter-key", "env:TESSERA_TEST_LETTER"];

    public async Task<JsonElement> IssueAsync(string image, string holder, params string[] options) =>
        await DoAsync(["card", "issue", "--holder", holder, .. At(image), .. options]);

    public static async Task<(string Pin, string Puk)> LetterAsync(string image)
    {
        var letter = await DoAsync("card", "letter", $"{image}.pin", "--letter-key", "env:TESSERA_TEST_LETTER");
        return (letter.GetProperty("pin").GetString()!, letter.GetProperty("puk").GetString()!);
    }

    public async Task<string> StateAsync(string card) =>
        (await DoAsync("card", "list", "--data", Data)).EnumerateArray()
        .Single(each => each.GetProperty("card").ValueEquals(card)).GetProperty("state").GetString()!;
}
