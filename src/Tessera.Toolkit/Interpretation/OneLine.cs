using System.Globalization;
using System.Text;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// Foreign text on a line of the terminal's own: without characters that would move others, cut where it is long.
/// </summary>
public static class OneLine
{
    private const int MaxLength = 64;

    public static string Of(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var c in text)
        {
            if (line.Length == MaxLength) return line.Append("..").ToString();
            line.Append(char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or
                UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : c);
        }

        return line.ToString();
    }
}
