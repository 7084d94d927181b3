using System.Text.RegularExpressions;
using Tessera.Terminal.Displays;
using Tessera.Testing;
using Entry = Tessera.Terminal.Displays.Entry;

namespace Tessera.Story.People;

/// <summary>The holder who orders coal and signs, as often as it takes to be told that it is on file.</summary>
internal sealed partial class Signer(Recorder recorder, ManualTime time) : Person(recorder, time)
{
    private readonly List<string> _toldOf = [];

    /// <summary>How often the PIN was entered to sign.</summary>
    public int Signed { get; private set; }

    /// <summary>The evidence that the holder was told of, in order.</summary>
    public IReadOnlyList<string> ToldOf => _toldOf;

    protected override ScreenAnswer? Wish(ScreenRequest request)
    {
        if (request is not SecretAsked { Kind: SecretKind.Pin, Text: var text } ||
            !text.Contains("To sign", StringComparison.Ordinal))
            return null;
        Signed++;
        return new Entry(Pin);
    }

    protected override string? Wish(IReadOnlyList<string> items) =>
        items.FirstOrDefault(item => item.StartsWith("Coal", StringComparison.Ordinal) || item is "Begin again");

    protected override void Learn(string told)
    {
        foreach (var id in Filed().Matches(told).Select(match => match.Groups["id"].Value).Skip(_toldOf.Count))
        {
            _toldOf.Add(id);
            Leaves();
        }
    }

    [GeneratedRegex(@"on file as\s+(?<id>[0-9A-F]{16})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Filed();
}
