namespace Tessera.Terminal.Displays;

/// <summary>The keys below a display of two lines.</summary>
public enum Key
{
    Digit0, Digit1, Digit2, Digit3, Digit4, Digit5, Digit6, Digit7, Digit8, Digit9,
    Ok,
    Clear,
    Up,
    Down,
}

/// <summary>Two lines of sixteen characters as they stand now.</summary>
public readonly record struct Lines(string First, string Second)
{
    public const int Width = 16;

    public static Lines Of(string first, string second) => new(Fit(first), Fit(second));

    /// <summary>One line, whatever stands in the text: nothing of it may move what stands below.</summary>
    private static string Fit(string text)
    {
        var line = string.Create(Math.Min(text.Length, Width), text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
        return line.PadRight(Width);
    }
}

/// <summary>
/// What a display of 2 x 16 shows for a request and what its keys do: no clock, no thread, no I/O. Clear takes back a
/// character, and cancels where there is none.
/// </summary>
/// <remarks>
/// <code>
/// text      pages of two lines, Up and Down turn them, Ok goes on
/// list      title above, one item below; Up and Down move, a digit moves to that item, Ok takes it
/// typing    what is asked page by page, then the line that is typed; a payment stands before its PIN
/// </code>
/// </remarks>
public sealed class KeypadDisplay : IDisposable
{
    private readonly ScreenRequest _request;
    private readonly IReadOnlyList<Lines> _pages;
    private readonly KeypadEntry? _entry;
    private int _page;
    private int _item;

    public KeypadDisplay(ScreenRequest request)
    {
        _request = request;
        _entry = KeypadEntry.For(request);
        _pages = request switch
        {
            TextShown shown => Paper.Pages(shown.Text),
            SecretAsked { Payment: { } payment } => Paper.Pages(payment),
            DecisionAsked { Payment: { } payment } => Paper.Pages(payment),
            SecretAsked secret => Paper.PagesBefore(secret.Text),
            DecisionAsked decision => Paper.Pages(decision.Text),
            TextAsked asked => Paper.PagesBefore(asked.Text),
            AmountAsked asked => Paper.PagesBefore(asked.Text),
            _ => [],
        };
    }

    public Lines Lines => _request switch
    {
        ListShown list => Lines.Of(list.Title, $"{Arrow(list)}{list.Items[_item]}"),
        _ when _page < _pages.Count => _pages[_page],
        _ => Lines.Of(Prompt, _entry!.Shown),
    };

    /// <summary>What the holder has answered with this key; null while the request goes on.</summary>
    public ScreenAnswer? Press(Key key) => _request switch
    {
        ListShown list => PressInList(list, key),
        _ when _page < _pages.Count => PressOnPage(key),
        _ => PressInEntry(key),
    };

    public void Dispose() => _entry?.Dispose();

    private string Prompt => _request switch
    {
        SecretAsked { Payment: { } payment } => $"{payment.Amount} {payment.Currency} PIN:",
        SecretAsked secret => Paper.LastLine(secret.Text),
        TextAsked asked => Paper.LastLine(asked.Text),
        AmountAsked asked => Paper.LastLine(asked.Text),
        _ => "",
    };

    private ScreenAnswer? PressOnPage(Key key)
    {
        switch (key)
        {
            case Key.Clear:
                return _request is DecisionAsked ? new Decided(Yes: false) : new Cancelled();
            case Key.Up:
                _page = Math.Max(_page - 1, 0);
                return null;
            case Key.Down when _page < _pages.Count - 1:
                _page++;
                return null;
            case Key.Ok:
                return NextPage();
            default:
                return null;
        }
    }

    private ScreenAnswer? NextPage()
    {
        var last = _page == _pages.Count - 1;
        switch (_request)
        {
            case TextShown when last:
                return new Acknowledged();
            case DecisionAsked when last:
                return new Decided(Yes: true);
            default:
                _page++;
                return null;
        }
    }

    private ScreenAnswer? PressInList(ListShown list, Key key)
    {
        switch (key)
        {
            case Key.Clear:
                return new Cancelled();
            case Key.Ok:
                return new Selected(_item);
            case Key.Up:
                _item = Math.Max(_item - 1, 0);
                return null;
            case Key.Down:
                _item = Math.Min(_item + 1, list.Items.Count - 1);
                return null;
            default:
                if (key > Key.Digit0 && (int)key <= list.Items.Count) _item = (int)key - 1;
                return null;
        }
    }

    private ScreenAnswer? PressInEntry(Key key)
    {
        switch (key)
        {
            case Key.Ok:
                return _entry!.IsComplete ? _entry.Take() : null;
            case Key.Clear:
                if (_entry!.IsEmpty) return new Cancelled();
                _entry.Remove();
                return null;
            case Key.Up:
                _page = Math.Max(_pages.Count - 1, 0);
                return null;
            case Key.Down:
                _entry!.Accept();
                return null;
            default:
                _entry!.Add((int)key);
                return null;
        }
    }

    /// <summary>Which way there is more.</summary>
    private char Arrow(ListShown list) =>
        (_item > 0, _item < list.Items.Count - 1) switch
        {
            (true, true) => '↕',
            (true, false) => '↑',
            (false, true) => '↓',
            _ => '>',
        };
}
