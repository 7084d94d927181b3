namespace Tessera.Cli.Apdus;

/// <summary>
/// A line typed at a terminal: arrows, Home, End, Backspace and Delete change it, up and down bring lines of before, Tab
/// completes words.
/// </summary>
/// <param name="history">Lines of before, the oldest first; looked at when a line begins.</param>
/// <param name="words">What Tab completes.</param>
internal sealed class LineEditor(string prompt, IReadOnlyList<string> history, IReadOnlyList<string> words)
{
    private const int MaxLength = 140_000;
    private const int NarrowWidth = 80;

    private string _text = "";
    private int _at;
    private int _recalled;
    private string _typed = "";

    /// <summary>The next line; null at the end of input (Ctrl+D, or Ctrl+C on an empty line).</summary>
    public async Task<string?> ReadAsync(CancellationToken cancel)
    {
        (_text, _at, _recalled, _typed) = ("", 0, history.Count, "");
        Console.TreatControlCAsInput = true;
        try
        {
            Show();
            while (true)
            {
                var key = await Task.Run(() => Console.ReadKey(intercept: true), cancel).WaitAsync(cancel);
                if (key.Key == ConsoleKey.Enter) break;
                if (IsEnd(key) && _text.Length == 0) return null;
                Take(key);
                Show();
            }

            return _text;
        }
        finally
        {
            Console.TreatControlCAsInput = false;
            Console.WriteLine();
        }
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey letter) =>
        key.Key == letter && key.Modifiers.HasFlag(ConsoleModifiers.Control);

    private static bool IsEnd(ConsoleKeyInfo key) => IsControl(key, ConsoleKey.D) || IsControl(key, ConsoleKey.C);

    private void Take(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case var _ when IsControl(key, ConsoleKey.C):
                Put("");
                break;
            case ConsoleKey.LeftArrow:
                _at = Math.Max(_at - 1, 0);
                break;
            case ConsoleKey.RightArrow:
                _at = Math.Min(_at + 1, _text.Length);
                break;
            case ConsoleKey.Home:
                _at = 0;
                break;
            case ConsoleKey.End:
                _at = _text.Length;
                break;
            case ConsoleKey.Backspace when _at > 0:
                _text = _text.Remove(--_at, 1);
                break;
            case ConsoleKey.Delete when _at < _text.Length:
                _text = _text.Remove(_at, 1);
                break;
            case ConsoleKey.UpArrow:
                Recall(_recalled - 1);
                break;
            case ConsoleKey.DownArrow:
                Recall(_recalled + 1);
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            default:
                if (!char.IsControl(key.KeyChar) && _text.Length < MaxLength)
                    _text = _text.Insert(_at++, key.KeyChar.ToString());
                break;
        }
    }

    /// <summary>Behind the newest line stands what was typed before one of them was brought.</summary>
    private void Recall(int place)
    {
        if (place < 0 || place > history.Count) return;
        if (_recalled == history.Count) _typed = _text;
        _recalled = place;
        Put(place == history.Count ? _typed : history[place]);
    }

    /// <summary>As far as all words go that begin so; where that is no farther, they are shown.</summary>
    private void Complete()
    {
        var begun = words.Where(word => word.StartsWith(_text, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (begun.Length == 0) return;
        var common = begun[0];
        foreach (var word in begun)
            while (!word.StartsWith(common, StringComparison.Ordinal)) common = common[..^1];
        if (common.Length > _text.Length) Put(common);
        else if (begun.Length > 1) Console.Write($"\r\n{string.Join("  ", begun)}\r\n");
    }

    private void Put(string text) => (_text, _at) = (text, text.Length);

    /// <summary>The line, or of a long one what is around the cursor.</summary>
    private void Show()
    {
        var width = Console.WindowWidth is > 20 and var columns ? columns : NarrowWidth;
        var room = width - prompt.Length - 1;
        var first = Math.Max(0, _at - room);
        var seen = _text[first..Math.Min(_text.Length, first + room)];
        var back = seen.Length - (_at - first);
        Console.Write($"\r{prompt}{seen}\e[K{(back > 0 ? $"\e[{back}D" : "")}");
    }
}
