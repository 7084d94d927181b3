using System.Globalization;
using Tessera.Toolkit;
using Tessera.Wire;

namespace Tessera.Terminal.Displays;

/// <summary>How many lines of how many characters the display of a small terminal has.</summary>
public sealed record DisplaySize
{
    public static readonly DisplaySize Smallest = new(2, 16);
    public static readonly DisplaySize Largest = new(4, 20);

    /// <exception cref="ArgumentOutOfRangeException">Not 2 to 4 lines of 16 to 20 characters.</exception>
    public DisplaySize(int height, int width)
    {
        if (height is < 2 or > 4)
            throw new ArgumentOutOfRangeException(nameof(height), height, "A display has 2 to 4 lines.");
        if (width is < 16 or > 20)
            throw new ArgumentOutOfRangeException(nameof(width), width, "A line has 16 to 20 characters.");
        (Height, Width) = (height, width);
    }

    /// <summary>Lines.</summary>
    public int Height { get; }

    /// <summary>Characters of a line.</summary>
    public int Width { get; }

    /// <summary>From text such as <c>4x20</c>.</summary>
    /// <exception cref="FormatException">No size that a display has.</exception>
    public static DisplaySize Parse(string text)
    {
        if (text.Split('x') is [var height, var width]
            && TryRead(height, out var lines) && lines is >= 2 and <= 4
            && TryRead(width, out var columns) && columns is >= 16 and <= 20)
            return new DisplaySize(lines, columns);
        throw new FormatException($"'{text}' is no size of a display: 2x16 to 4x20.");
    }

    /// <summary>What a profile says, where a small display can be so; the smallest otherwise.</summary>
    public static DisplaySize Of(TerminalProfile profile) =>
        profile is { Height: >= 2 and <= 4 and var height, Width: >= 16 and <= 20 and var width }
            ? new DisplaySize(height, width)
            : Smallest;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");

    /// <summary>All lines of the display, each as wide as it is: what is too much is cut.</summary>
    internal Sequence<string> Fit(params IReadOnlyList<string> lines) =>
        [.. Enumerable.Range(0, Height).Select(i => Fit(i < lines.Count ? lines[i] : ""))];

    private static bool TryRead(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>One line, whatever stands in the text: nothing of it may move what stands below.</summary>
    private string Fit(string text)
    {
        var line = string.Create(Math.Min(text.Length, Width), text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
        return line.PadRight(Width);
    }
}
