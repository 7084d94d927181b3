using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Tessera.Platform.Views;

/// <summary>Size of a display that shows characters only.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TextDisplay(int Columns, int Rows)
{
    /// <summary>What every phone since 1996 can show.</summary>
    public static readonly TextDisplay Small = new(20, 8);

    public int Characters => Columns * Rows;
}

/// <summary>Lays a view out as lines and screens of plain text.</summary>
public static class TextRendering
{
    private const int Gap = 2;

    /// <summary>The whole view in lines of at most <paramref name="columns"/> characters.</summary>
    public static IReadOnlyList<string> Lines(View view, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        return [.. Blocks(view, columns).SelectMany(block => Wrap(block, columns))];
    }

    /// <summary>
    /// The view cut into texts, each of which the display shows at once; the display itself breaks their lines.
    /// </summary>
    public static IReadOnlyList<string> Screens(View view, TextDisplay display)
    {
        var lines = Blocks(view, display.Columns)
            .SelectMany(block => Wrap(block, display.Columns).Select((line, i) => (Line: line, Begins: i == 0)));
        return [.. lines.Chunk(Math.Max(display.Rows, 1)).Select(Screen).Where(text => !string.IsNullOrWhiteSpace(text))];
    }

    /// <summary>Breaks a text at spaces; a word longer than a line is cut.</summary>
    public static IEnumerable<string> Wrap(string text, int columns)
    {
        foreach (var paragraph in text.Split('\n'))
        {
            if (paragraph.Length <= columns)
            {
                yield return paragraph;
                continue;
            }

            var line = new StringBuilder();
            foreach (var word in paragraph.Split(' ').SelectMany(word => Pieces(word, columns)))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > columns)
                {
                    yield return line.ToString();
                    line.Clear();
                }

                if (line.Length > 0) line.Append(' ');
                line.Append(word);
            }

            yield return line.ToString();
        }
    }

    /// <summary>Lines that began as one are put together again.</summary>
    private static string Screen((string Line, bool Begins)[] lines)
    {
        var text = new StringBuilder();
        foreach (var (line, begins) in lines)
        {
            if (text.Length > 0) text.Append(begins ? '\n' : ' ');
            text.Append(line);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Blocks(View view, int columns) =>
        (view.Title.Length == 0 ? Enumerable.Empty<string>() : [view.Title])
        .Concat(view.Parts.SelectMany(part => Lines(part, columns)))
        .SelectMany(block => block.Split('\n'));

    private static IEnumerable<string> Pieces(string word, int columns) =>
        word.Length <= columns ? [word] : word.Chunk(columns).Select(piece => new string(piece));

    private static IEnumerable<string> Lines(ViewPart part, int columns) => part switch
    {
        Paragraph paragraph => [paragraph.Text],
        Table table => Lines(table, columns),
        Chart chart => Lines(chart, columns),
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    /// <summary>Columns side by side where they fit, else the cells of a row on one line that wraps.</summary>
    private static IEnumerable<string> Lines(Table table, int columns)
    {
        var places = Enumerable.Range(0, table.Headings.Count).ToArray();
        var widths = places.Select(i => table.Rows.Select(row => row[i].Length).Append(table.Headings[i].Length).Max()).ToArray();
        var numeric = places.Select(i => table.Rows.All(row => IsNumber(row[i]))).ToArray();
        if (widths.Sum() + Gap * (widths.Length - 1) > columns)
            return table.Rows.Select(row => string.Join(' ', row.Where(cell => cell.Length > 0)));

        return table.Rows.Prepend(table.Headings).Select(row =>
            string.Join(
                new string(' ', Gap),
                row.Select((cell, i) => numeric[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());
    }

    private static IEnumerable<string> Lines(Chart chart, int columns)
    {
        yield return chart.Caption;
        foreach (var series in chart.Series)
        {
            if (chart.Series.Count > 1) yield return series.Name;
            foreach (var point in series.Points)
            {
                var value = point.Value.ToString("0.##", CultureInfo.InvariantCulture);
                var gap = columns - point.Label.Length - value.Length;
                yield return point.Label + new string(' ', Math.Max(gap, 1)) + value;
            }
        }
    }

    private static bool IsNumber(string cell) =>
        decimal.TryParse(cell, NumberStyles.Number, CultureInfo.InvariantCulture, out _);
}
