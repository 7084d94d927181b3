using Tessera.Toolkit.Interpretation;
using Tessera.Wire;

namespace Tessera.Terminal.Displays;

/// <summary>Breaks texts into pages of a display; a page with more to come ends in an arrow.</summary>
internal sealed class Paper(DisplaySize size)
{
    private const char More = '↓';

    public IReadOnlyList<Sequence<string>> Pages(string text) => Pages(Wrap(text));

    /// <summary>
    /// The pages of a question whose last lines stand above what is typed: none where those say all.
    /// </summary>
    public IReadOnlyList<Sequence<string>> PagesBefore(string text)
    {
        var lines = Wrap(text);
        return lines.Count < size.Height ? [] : Pages(lines);
    }

    /// <summary>The amount first, then what it is for, on as many pages as that takes.</summary>
    public IReadOnlyList<Sequence<string>> Pages(ShownPayment payment) =>
        Pages($"{payment.Amount} {payment.Currency}\n{OneLine.Of(payment.Item)}");

    /// <summary>The lines above what is typed: the end of the question.</summary>
    public IReadOnlyList<string> LastLines(string text) => [.. Wrap(text).TakeLast(size.Height - 1)];

    /// <summary>The lines above the PIN that pays: the amount always, and of what it is for as much as fits.</summary>
    public IReadOnlyList<string> LastLines(ShownPayment payment) =>
    [
        .. Wrap(OneLine.Of(payment.Item)).Take(size.Height - 2), $"{payment.Amount} {payment.Currency} PIN:",
    ];

    private List<Sequence<string>> Pages(List<string> lines)
    {
        List<Sequence<string>> pages = [];
        for (var i = 0; i < lines.Count; i += size.Height)
        {
            var page = lines[i..Math.Min(i + size.Height, lines.Count)];
            if (i + size.Height < lines.Count) page[^1] = page[^1].PadRight(size.Width - 1) + More;
            pages.Add(size.Fit(page));
        }

        return pages;
    }

    /// <summary>
    /// Lines that leave the last column free for the arrow, broken between words where that is possible.
    /// </summary>
    private List<string> Wrap(string text)
    {
        var width = size.Width - 1;
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
