namespace Tessera.Terminal.Displays;

/// <summary>Two lines of sixteen characters with fourteen keys.</summary>
public sealed class KeypadScreen : Screen
{
    private KeypadDisplay? _display;

    /// <summary>What stands on the two lines.</summary>
    public Lines Lines
    {
        get
        {
            lock (Gate) return _display?.Lines ?? Rest();
        }
    }

    public void Press(Key key)
    {
        lock (Gate)
        {
            if (IsAsking) Settle(_display!.Press(key));
        }
    }

    protected override void Show(ScreenRequest? request)
    {
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
