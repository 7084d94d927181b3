using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Tessera.Toolkit.Tests.Links;

/// <summary>The frames of a block of docs/protocols/link.md: side, type, octets without blanks.</summary>
internal static partial class WorkedFrames
{
    public static IEnumerable<string> Of(string block, [CallerFilePath] string here = "")
    {
        var document = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "protocols", "link.md");
        var text = File.ReadAllText(document);
        var begin = text.IndexOf($"```{block}\n", StringComparison.Ordinal);
        return Line().Matches(text[begin..text.IndexOf("\n```", begin, StringComparison.Ordinal)]).Select(line =>
            $"{line.Groups["side"].Value} {line.Groups["type"].Value} {line.Groups["octets"].Value.Replace(" ", "", StringComparison.Ordinal)}");
    }

    [GeneratedRegex("^(?<side>[ST]) (?<type>\\w+) +(?<octets>[0-9A-F ]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}
