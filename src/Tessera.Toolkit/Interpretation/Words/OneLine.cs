using System.Globalization;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// Foreign text on a line of the terminal's own: without characters that would move others, cut where it is long.
/// </summary>
public static class OneLine
{
    private const int MaxLength = 64;

    public static string Of(string text) =>
        text.Length <= MaxLength ? Cleaned(text) : $"{Cleaned(text[..MaxLength])}..";

    /// <summary>Of any length.</summary>
    public static string Cleaned(string text) => string.Create(text.Length, text, static (line, foreign) =>
    {
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = char.GetUnicodeCategory(foreign[i]) is UnicodeCategory.Control or UnicodeCategory.Format or
                UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : foreign[i];
        }
    });
}
