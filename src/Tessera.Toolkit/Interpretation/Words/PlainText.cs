using System.Globalization;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// Text that shows what it says, as a text has to that a card signs: every character of it is seen, in its place, and
/// taken for itself (docs/protocols/script.md §6, rule 11).
/// </summary>
public static class PlainText
{
    /// <summary>Characters without a picture that the categories do not tell of: fillers, joiners, selectors.</summary>
    private static readonly (char From, char To)[] Unseen =
    [
        ('\u034F', '\u034F'), ('\u115F', '\u1160'), ('\u17B4', '\u17B5'), ('\u180B', '\u180F'), ('\u2800', '\u2800'),
        ('\u3164', '\u3164'), ('\uFE00', '\uFE0F'), ('\uFFA0', '\uFFA0'), ('\uFFFC', '\uFFFD'),
    ];

    /// <summary>Marks that strike out or cover what stands before them.</summary>
    private static readonly (char From, char To)[] Covering = [('\u0334', '\u0338'), ('\u20D0', '\u20FF')];

    /// <summary>Letters that are written alike: those of one of these and those of Latin are not in one word.</summary>
    private static readonly (char From, char To)[] Alike =
        [('\u0370', '\u03FF'), ('\u0400', '\u052F'), ('\u0530', '\u058F'), ('\u13A0', '\u13FF'), ('\u1F00', '\u1FFF')];

    /// <summary>Greek letters that no Latin one is like, and that stand for units and quantities: 10 kΩ.</summary>
    private const string OfUnits = "ΓΔΘΛΞΠΣΦΨΩμπ";

    /// <summary>
    /// What of a text is not plain: a character, or the first letter of a word of two scripts; null for nothing.
    /// </summary>
    public static char? FaultOf(string text)
    {
        foreach (var one in text)
        {
            if (one != '\n' && !IsSeen(one)) return one;
        }

        return text.Split((char[]?)null).Where(IsMixed).Select(word => (char?)word[0]).FirstOrDefault();
    }

    /// <summary>Text with the line ends and tabs of files as this one has them: line feeds and spaces.</summary>
    public static string Straightened(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\t', ' ');

    private static bool IsSeen(char one) =>
        char.GetUnicodeCategory(one) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or
            UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or
            UnicodeCategory.ParagraphSeparator or UnicodeCategory.EnclosingMark) &&
        !Is(one, Unseen) && !Is(one, Covering);

    private static bool IsMixed(string word)
    {
        var letters = word.Where(char.IsLetter).ToList();
        return letters.Exists(IsLatin) &&
            letters.Exists(letter => Is(letter, Alike) && !OfUnits.Contains(letter, StringComparison.Ordinal));
    }

    private static bool IsLatin(char letter) =>
        char.IsAsciiLetter(letter) || letter is >= '\u00C0' and <= '\u024F' or >= '\u1E00' and <= '\u1EFF' or
            >= '\uFF21' and <= '\uFF5A';

    private static bool Is(char one, (char From, char To)[] ranges) =>
        Array.Exists(ranges, range => one >= range.From && one <= range.To);
}
