using Tessera.Wire;

namespace Tessera.Terminal.Displays;

/// <summary>A small display with its keys.</summary>
/// <param name="size">Default two lines of sixteen characters.</param>
public sealed class KeypadScreen(DisplaySize? size = null) : Screen
{
    private KeypadDisplay? _display;
    private Sequence<string> _rest = [];
    private long _ask;

    public DisplaySize Size { get; } = size ?? DisplaySize.Smallest;

    /// <summary>
    /// Told of keys that answer nothing: the data key always, others while nothing is asked. Null where there is no
    /// data key.
    /// </summary>
    public Action<Key>? Unasked { get; init; }

    /// <summary>All lines of the display, each as wide as it is.</summary>
    public Sequence<string> Lines
    {
        get
        {
            lock (Gate) return _display?.Lines ?? Rest();
        }
    }

    /// <summary>
    /// Names what is shown; a key names it again. A resting display that shows the same words again is the same.
    /// </summary>
    public long Ask
    {
        get
        {
            lock (Gate) return _ask;
        }
    }

    /// <summary>
    /// Presses a key for what was shown; false where something else is shown now, so that no key falls through.
    /// </summary>
    public bool TryPress(long ask, Key key)
    {
        lock (Gate)
        {
            if (ask != _ask) return false;
            if (IsAsking && key != Key.Data)
            {
                Settle(_display!.Press(key));
                return true;
            }
        }

        Unasked?.Invoke(key);
        return true;
    }

    protected override void Show(ScreenRequest? request)
    {
        if (request is null && _display is null && Rest() == _rest) return;
        _ask++;
        _rest = request is null ? Rest() : [];
        _display?.Dispose();
        _display = request is null ? null : new KeypadDisplay(request, Size);
    }

    private Sequence<string> Rest() => Resting switch
    {
        { Trouble.Length: > 0 } => Size.Fit(Resting.Name, "Out of order"),
        { Words: { } words } => Size.Fit(words.Headline, words.Detail),
        { Connected: false } => Size.Fit(Resting.Name, "No connection"),
        { Card: false } => Size.Fit("Insert card", Resting.Code.Length > 0 ? $"Code {Resting.Code}" : ""),
        _ => Size.Fit(Resting.Name, Resting.Code.Length > 0 ? $"Code {Resting.Code}" : "Please wait"),
    };
}
