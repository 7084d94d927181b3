using System.Runtime.CompilerServices;

namespace Tessera.Architecture.Tests;

/// <summary>The source tree these tests read.</summary>
internal static class Tree
{
    public static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    /// <summary>Projects that make the product, by folder.</summary>
    public static IEnumerable<string> Projects =>
        new[] { "src", "apps" }.SelectMany(folder => Files(folder, "*.csproj"));

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules"))
            .Order(StringComparer.Ordinal);

    public static IEnumerable<string> Sources(params string[] folders) =>
        folders.SelectMany(folder => new[] { "*.cs", "*.razor", "*.js", "*.css" }.SelectMany(p => Files(folder, p)));

    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
