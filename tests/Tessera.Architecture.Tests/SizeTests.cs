using Xunit;

namespace Tessera.Architecture.Tests;

public class SizeTests
{
    private static readonly string[] Folders = ["src", "apps", "tests", "bench", "samples", "eng"];

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Assert.Empty(Tree.Sources(Existing()).Where(path => File.ReadLines(path).Count() > 400).Select(Tree.Relative));

    [Fact]
    public void No_folder_holds_more_than_25_source_files() =>
        Assert.Empty(Tree.Sources(Existing()).GroupBy(Path.GetDirectoryName, StringComparer.Ordinal).Where(f => f.Count() > 25).Select(f => f.Key));

    [Fact]
    public void No_line_is_wider_than_the_screen() =>
        Assert.Empty(Tree.Sources("src", "apps").Where(p => p.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path).Select((line, i) => (Line: line, At: $"{Tree.Relative(path)}:{i + 1}")))
            .Where(l => l.Line.Length > 130).Select(l => l.At));

    [Fact]
    public void The_editor_configuration_stays_under_80_lines() =>
        Assert.True(File.ReadLines(Path.Combine(Tree.Root, ".editorconfig")).Count() < 80);

    [Fact]
    public void Applications_stay_small() =>
        Assert.Empty(Tree.Sources("apps").Where(path => File.ReadLines(path).Count() > 160).Select(Tree.Relative));

    [Fact]
    public void Nothing_is_switched_off_or_left_unfinished()
    {
        // Written in two halves, so that this file does not find itself.
        string[] marks = ["#pragma " + "warning", "[Suppress" + "Message", "#reg" + "ion", "TO" + "DO", "FIX" + "ME",
            "NotImplemented" + "Exception", "Thread." + "Sleep", "DateTime." + "Now", "DateTimeOffset." + "Now", "DateTime." + "UtcNow",
            "DateTimeOffset." + "UtcNow"];

        var found = Tree.Sources(Existing())
            .SelectMany(path => marks.Where(File.ReadAllText(path).Contains).Select(mark => $"{Tree.Relative(path)}: {mark}"));

        Assert.Empty(found);
    }

    private static string[] Existing() => [.. Folders.Where(f => Directory.Exists(Path.Combine(Tree.Root, f)))];
}
