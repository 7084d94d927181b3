using Tessera.Toolkit.Interpretation;

namespace Tessera.Terminal.Displays;

/// <summary>Breaks texts into pages of two lines; a page with more to come ends in an arrow.</summary>
internal static class Paper
{
    private const char More = '↓';

    public static IReadOnlyList<Lines> Pages(string text) => Pages(Wrap(text));

    /// <summary>
    /// The pages of a question whose last line stands above what is typed: none where one line says all.
    /// </summary>
    public static IReadOnlyList<Lines> PagesBefore(string text)
    {
        var lines = Wrap(text);
        return lines.Count <= 1 ? [] : Pages(lines);
    }

    public static string LastLine(string text) => Wrap(text)[^1];

    /// <summary>The amount first, then what it is for, on as many pages as that takes.</summary>
    public static IReadOnlyList<Lines> Pages(ShownPayment payment) =>
        Pages($"{payment.Amount} {payment.Currency}\n{OneLine.Of(payment.Item)}");

    private static List<Lines> Pages(List<string> lines)
    {
        List<Lines> pages = [];
        for (var i = 0; i < lines.Count; i += 2)
        {
            var second = i + 1 < lines.Count ? lines[i + 1] : "";
            pages.Add(Lines.Of(lines[i], i + 2 < lines.Count ? second.PadRight(Lines.Width - 1) + More : second));
        }

        return pages;
    }

    /// <summary>Lines of at most fifteen characters, broken between words where that is possible.</summary>
    private static List<string> Wrap(string text)
    {
        const int width = Lines.Width - 1;
        List<string> lines = [];
        foreach (var paragraph in text.Split('\n'))
        {
            var rest = paragraph.Trim();
            while (rest.Length > width)
            {
                var space = rest.LastIndexOf(' ', width);
                var cut = space > 0 ? space : width;
                lines.Add(rest[..cut]);
                rest = rest[cut..].TrimStart();
            }

            lines.Add(rest);
        }

        return lines;
    }
}
