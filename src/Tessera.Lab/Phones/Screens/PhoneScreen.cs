namespace Tessera.Lab.Phones.Screens;

/// <summary>One thing on the display that has the keys: it draws itself and says, once, what the holder did.</summary>
internal abstract class PhoneScreen
{
    public const int Height = 8;
    public const int Width = 20;

    public virtual TypingMode Typing => TypingMode.None;

    public abstract Sight Draw();

    public abstract Task PressAsync(PhoneKey key);

    /// <summary>Text from a keyboard, as much of it as there is room for.</summary>
    public virtual Task TypeAsync(string text) => Task.CompletedTask;
}

/// <summary>What the display shows: lines from the top, and what the soft keys do.</summary>
internal sealed record Sight(IReadOnlyList<string> Lines, string Left = "", string Right = "");

/// <summary>Breaks text into lines of the display.</summary>
internal static class Wrapping
{
    /// <summary>Lines of at most a display's width, broken between words where that is possible.</summary>
    public static IReadOnlyList<string> Lines(string text)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.ReplaceLineEndings("\n").Replace('\r', '\n').Split('\n'))
        {
            var rest = paragraph;
            while (rest.Length > PhoneScreen.Width)
            {
                var space = rest.LastIndexOf(' ', PhoneScreen.Width);
                var end = space > 0 ? space : CharacterEnd(rest);
                lines.Add(rest[..end].TrimEnd());
                rest = rest[end..].TrimStart();
            }

            lines.Add(rest);
        }

        return lines;
    }

    /// <summary>Cut to the width, with a mark where something is missing.</summary>
    public static string Cut(string text, int width = PhoneScreen.Width)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= width ? line : string.Concat(line.AsSpan(0, width - 1).TrimEnd(), "…");
    }

    private static int CharacterEnd(string text) =>
        char.IsHighSurrogate(text[PhoneScreen.Width - 1]) ? PhoneScreen.Width - 1 : PhoneScreen.Width;
}
