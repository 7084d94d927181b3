using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Protocols;

/// <summary>One worked example of a protocol document: a fenced block of lines, each a name and octets.</summary>
internal sealed partial class Example
{
    private readonly Dictionary<string, Bytes> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    private Example(string block)
    {
        var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Title = lines[0];
        foreach (var line in lines.Skip(1))
            _lines.Add(line[..NameWidth].TrimEnd(), Bytes.FromHex(line.AsSpan(NameWidth)));
    }

    public string Title { get; }

    private const int NameWidth = 13;

    public static IReadOnlyList<Example> Of(string document, string language)
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "protocols", document));
        return [.. Fence().Matches(text)
            .Where(m => string.Equals(m.Groups["language"].Value, language, StringComparison.Ordinal))
            .Select(m => new Example(m.Groups["block"].Value))];
    }

    public bool Has(string name) => _lines.ContainsKey(name);

    /// <summary>The octets of a line that the check starts from.</summary>
    public Bytes Given(string name)
    {
        _checked.Add(name);
        return _lines[name];
    }

    /// <summary>The data of an answer whose status is 9000.</summary>
    public Bytes Answer(string name) => Given(name).Read<ResponseApdu>() is { Status.IsSuccess: true } answer
        ? answer.Data
        : throw new Xunit.Sdk.XunitException($"{Title}: {name} does not end in 9000");

    public void Check(string name, Bytes computed) => Assert.Equal($"{name} {Given(name)}", $"{name} {computed}");

    public void Check(string name, SecretKey key) => Check(name, Bytes.CopyOf(key.Reveal()));

    /// <summary>No line may stand in a document that nothing holds.</summary>
    public void IsCheckedWhole() => Assert.Empty(_lines.Keys.Except(_checked, StringComparer.Ordinal));

    [GeneratedRegex(
        "^```(?<language>\\w+)\\n(?<block>.+?)^```$", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
