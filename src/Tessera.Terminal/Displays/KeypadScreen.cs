namespace Tessera.Terminal.Displays;

/// <summary>Two lines of sixteen characters with fourteen keys.</summary>
public sealed class KeypadScreen : Screen
{
    private KeypadDisplay? _display;
    private long _ask;

    /// <summary>What stands on the two lines.</summary>
    public Lines Lines
    {
        get
        {
            lock (Gate) return _display?.Lines ?? Rest();
        }
    }

    /// <summary>Names what is shown; a key names it again.</summary>
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
            if (IsAsking) Settle(_display!.Press(key));
            return true;
        }
    }

    protected override void Show(ScreenRequest? request)
    {
        _ask++;
        _display?.Dispose();
        _display = request is null ? null : new KeypadDisplay(request);
    }

    private Lines Rest() => Resting switch
    {
        { Trouble.Length: > 0 } => Lines.Of(Resting.Name, "Out of order"),
        { Connected: false } => Lines.Of(Resting.Name, "No connection"),
        { Card: false } => Lines.Of("Insert card", Resting.Code.Length > 0 ? $"Code {Resting.Code}" : ""),
        _ => Lines.Of(Resting.Name, Resting.Code.Length > 0 ? $"Code {Resting.Code}" : "Please wait"),
    };
}
