using Tessera.Wire;

namespace Tessera.Terminal.Displays;

/// <summary>The keys below a small display.</summary>
public enum Key
{
    Digit0, Digit1, Digit2, Digit3, Digit4, Digit5, Digit6, Digit7, Digit8, Digit9,
    Ok,
    Clear,
    Up,
    Down,

    /// <summary>The holder lets the line go to data; it answers nothing that is asked.</summary>
    Data,
}

/// <summary>
/// What a small display shows for a request and what its keys do: no clock, no thread, no I/O. Clear takes back a
/// character, and cancels where there is none.
/// </summary>
/// <remarks>
/// <code>
/// text      page by page, Up and Down turn them, Ok goes on
/// list      title above, items below, the chosen one marked; Up and Down move, a digit moves to that item, Ok takes it
/// typing    what is asked page by page, then its end above the line that is typed; a payment stands before its PIN
/// </code>
/// </remarks>
public sealed class KeypadDisplay : IDisposable
{
    private readonly ScreenRequest _request;
    private readonly DisplaySize _size;
    private readonly Paper _paper;
    private readonly IReadOnlyList<Sequence<string>> _pages;
    private readonly KeypadEntry? _entry;
    private int _page;
    private int _item;

    /// <summary>The first item of a list that is in sight.</summary>
    private int _top;

    public KeypadDisplay(ScreenRequest request, DisplaySize size)
    {
        (_request, _size, _paper) = (request, size, new Paper(size));
        _entry = KeypadEntry.For(request, size.Width);
        _pages = request switch
        {
            TextShown shown => _paper.Pages(shown.Text),
            SecretAsked { Payment: { } payment } => _paper.Pages(payment),
            DecisionAsked { Payment: { } payment } => _paper.Pages(payment),
            SecretAsked secret => _paper.PagesBefore(secret.Text),
            DecisionAsked decision => _paper.Pages(decision.Text),
            TextAsked asked => _paper.PagesBefore(asked.Text),
            AmountAsked asked => _paper.PagesBefore(asked.Text),
            _ => [],
        };
    }

    /// <summary>All lines of the display, each as wide as it is.</summary>
    public Sequence<string> Lines => _request switch
    {
        ListShown list => _size.Fit([list.Title, .. InSight(list)]),
        _ when _page < _pages.Count => _pages[_page],
        _ => _size.Fit([.. Prompt, _entry!.Shown]),
    };

    /// <summary>What the holder has answered with this key; null while the request goes on.</summary>
    public ScreenAnswer? Press(Key key) => _request switch
    {
        ListShown list => PressInList(list, key),
        _ when _page < _pages.Count => PressOnPage(key),
        _ => PressInEntry(key),
    };

    public void Dispose() => _entry?.Dispose();

    private IReadOnlyList<string> Prompt => _request switch
    {
        SecretAsked { Payment: { } payment } => _paper.LastLines(payment),
        SecretAsked secret => _paper.LastLines(secret.Text),
        TextAsked asked => _paper.LastLines(asked.Text),
        AmountAsked asked => _paper.LastLines(asked.Text),
        _ => [],
    };

    private IEnumerable<string> InSight(ListShown list) => list.Items.Skip(_top).Take(_size.Height - 1)
        .Select((item, i) => $"{(_top + i == _item ? Arrow(list) : ' ')}{item}");

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
                MoveTo(Math.Max(_item - 1, 0));
                return null;
            case Key.Down:
                MoveTo(Math.Min(_item + 1, list.Items.Count - 1));
                return null;
            default:
                if (key > Key.Digit0 && (int)key <= list.Items.Count) MoveTo((int)key - 1);
                return null;
        }
    }

    private void MoveTo(int item) =>
        (_item, _top) = (item, Math.Clamp(_top, Math.Max(item - _size.Height + 2, 0), item));

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
