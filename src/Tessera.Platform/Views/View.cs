using System.Globalization;
using System.Reflection;

namespace Tessera.Platform.Views;

/// <summary>What an application shows, as data: a browser gets it as HTML, a small display as text.</summary>
/// <param name="Title">One line; empty where the text says all.</param>
/// <param name="Parts">From top to bottom.</param>
public sealed record View(string Title, IReadOnlyList<ViewPart> Parts)
{
    public const int MaxParts = 32;
    public const int MaxRows = 200;
    public const int MaxText = 4000;

    public static View Titled(string title) => new(Checked(title), []);

    /// <summary>A view of one paragraph, without a title.</summary>
    public static View Of(string text) => Titled("").Text(text);

    public View Text(string text) => With(new Paragraph(Checked(text)));

    public View Table(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.Count, MaxRows, nameof(rows));
        if (rows.Any(row => row.Count != headings.Count))
            throw new ArgumentException("Every row has one cell for each heading.", nameof(rows));
        return With(new Table(
            [.. headings.Select(Checked)], [.. rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Checked)])]));
    }

    /// <summary>
    /// A table of one row for each item and one column for each public property, in the order of declaration.
    /// </summary>
    public View Table<T>(IReadOnlyList<T> items)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items.Count, MaxRows, nameof(items));
        var columns = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0).ToArray();
        return Table(
            [.. columns.Select(column => column.Name)],
            [.. items.Select(item => (IReadOnlyList<string>)[.. columns.Select(column => Cell(column.GetValue(item)))])]);
    }

    public View Chart(string caption, ChartShape shape, params IReadOnlyList<Series> series)
    {
        ArgumentOutOfRangeException.ThrowIfZero(series.Count, nameof(series));
        if (series.Any(one => one.Points.Count is 0 or > MaxRows))
            throw new ArgumentException($"A series has 1 to {MaxRows} points.", nameof(series));
        return With(new Chart(Checked(caption), shape, [.. series]));
    }

    private View With(ViewPart part)
    {
        if (Parts.Count == MaxParts) throw new InvalidOperationException($"A view has at most {MaxParts} parts.");
        return this with { Parts = [.. Parts, part] };
    }

    private static string Checked(string text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MaxText, nameof(text));
        return text;
    }

    private static string Cell(object? value) => value is IFormattable formattable
        ? formattable.ToString(null, CultureInfo.InvariantCulture)
        : value?.ToString() ?? "";
}

/// <summary>One block of a view.</summary>
public abstract record ViewPart;

/// <summary>A paragraph of plain text.</summary>
public sealed record Paragraph(string Text) : ViewPart;

/// <summary>Rows of cells under headings.</summary>
public sealed record Table(IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<string>> Rows) : ViewPart;

/// <summary>Values to be seen at a glance; a small display gets them as lines.</summary>
public sealed record Chart(string Caption, ChartShape Shape, IReadOnlyList<Series> Series) : ViewPart;

/// <summary>How the values of a chart are drawn.</summary>
public enum ChartShape
{
    Bars,
    Line,
}

/// <summary>A named row of points of a chart, from left to right.</summary>
public sealed record Series(string Name, IReadOnlyList<Point> Points);

/// <summary>One value of a chart with the text below it.</summary>
public readonly record struct Point(string Label, decimal Value);
