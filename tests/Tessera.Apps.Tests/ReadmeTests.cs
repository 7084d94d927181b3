using System.Runtime.CompilerServices;
using Xunit;

namespace Tessera.Apps.Tests;

public class ReadmeTests
{
    [Fact]
    public void The_application_in_the_readme_is_the_sample_that_runs()
    {
        var root = Path.GetFullPath(Path.Combine(Here(), "..", ".."));
        var readme = File.ReadAllText(Path.Combine(root, "README.md"));
        var sample = File.ReadAllText(Path.Combine(root, "samples", "BusTickets", "BusTickets.cs"));

        var begin = readme.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        var code = readme[begin..readme.IndexOf("```", begin, StringComparison.Ordinal)].TrimEnd();

        Assert.True(code.Length > 500);
        Assert.Contains(code, sample, StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
