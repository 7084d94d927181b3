using System.Runtime.CompilerServices;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Support;

/// <summary>A worked example of docs/protocols: the blocks of its language, each a list of named octets.</summary>
internal static class ProtocolExample
{
    private const int NameWidth = 13;

    /// <summary>The lines of all blocks fenced as <paramref name="language"/>, block by block.</summary>
    public static IReadOnlyList<IReadOnlyList<(string Name, Bytes Octets)>> Read(string document, string language) =>
    [
        .. File.ReadAllText(Path.Combine(Here(), "../../../docs/protocols", document))
            .Split("```" + language + "\n").Skip(1)
            .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])
            .Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')))
            .Select(lines => (IReadOnlyList<(string, Bytes)>)[.. lines.Select(Field)]),
    ];

    public static Bytes Named(this IReadOnlyList<(string Name, Bytes Octets)> block, string name) =>
        block.Single(field => string.Equals(field.Name, name, StringComparison.Ordinal)).Octets;

    private static (string, Bytes) Field(string line) => (line[..NameWidth].TrimEnd(), Bytes.FromHex(line.AsSpan(NameWidth)));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
