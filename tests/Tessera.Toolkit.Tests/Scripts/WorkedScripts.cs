using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Tessera.Wire;

namespace Tessera.Toolkit.Tests.Scripts;

/// <summary>The worked octets of docs/protocols/script.md: fenced blocks, white space between the fields.</summary>
internal static partial class WorkedScripts
{
    public static IReadOnlyList<Bytes> Scripts => Of("script");

    public static IReadOnlyList<Bytes> Responses => Of("response");

    public static IReadOnlyList<Bytes> Of(string language) =>
    [
        .. Fence().Matches(File.ReadAllText(Document()))
            .Where(match => match.Groups["language"].ValueSpan.SequenceEqual(language))
            .Select(match => Bytes.FromHex(match.Groups["block"].ValueSpan)),
    ];

    [GeneratedRegex("^```(?<language>\\w+)\\n(?<block>.+?)^```$", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();

    private static string Document([CallerFilePath] string path = "") => Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "docs", "protocols", "script.md"));
}
