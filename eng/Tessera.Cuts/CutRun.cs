using System.Globalization;

namespace Tessera.Cuts;

/// <summary>What of all that can be cut is to be cut.</summary>
/// <param name="Sets">Random sets of two to four cuts for each road of the readers.</param>
/// <param name="Seed">Of these sets, and of what a limit leaves.</param>
/// <param name="Road">Only this road; null for all.</param>
/// <param name="Limit">Most single cuts for each road, chosen at random.</param>
internal sealed record CutRun(int Sets = 1000, int Seed = 1, string? Road = null, int Limit = int.MaxValue)
{
    /// <summary>From <c>[--road phone] [--limit 100] [sets] [seed]</c>.</summary>
    /// <exception cref="FormatException">Not of that form.</exception>
    public static CutRun Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        [] => new CutRun(),
        ["--road", var road, .. var rest] => Parse(rest) with { Road = road },
        ["--limit", var limit, .. var rest] => Parse(rest) with { Limit = Number(limit) },
        [var sets] => new CutRun(Number(sets)),
        [var sets, var seed] => new CutRun(Number(sets), Number(seed)),
        _ => throw new FormatException($"'{arguments[0]}' is no option."),
    };

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
