using System.Runtime.CompilerServices;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

public class ReadmeTests
{
    private const string Begin = "dotnet run --project src/Tessera.Cli -- ";

    /// <summary>The verbs and options of every line of the README that runs the tool.</summary>
    public static TheoryData<string> Lines => new(File.ReadLines(Path.Combine(Here(), "..", "..", "README.md"))
        .Where(line => line.StartsWith(Begin, StringComparison.Ordinal)).Select(line => line[Begin.Length..]));

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task The_tool_knows_the_verb_and_every_option_of_the_readme(string line)
    {
        string[] words = line.Split(' ');
        string[] verb = [.. words.TakeWhile(word => !word.StartsWith("--", StringComparison.Ordinal))];

        var help = await ToolProcess.RunAsync([.. verb, "--help"], TestContext.Current.CancellationToken);

        Assert.Equal(0, help.ExitCode);
        Assert.Contains($"tessera {string.Join(' ', verb)}", help.Output, StringComparison.Ordinal);
        foreach (var option in words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            Assert.Contains(option, help.Output, StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
