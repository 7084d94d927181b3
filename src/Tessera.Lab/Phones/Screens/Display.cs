namespace Tessera.Lab.Phones.Screens;

/// <summary>What lies on the display: the holder's own screens, and over them the one the SIM asked for.</summary>
internal sealed class Display
{
    private readonly Stack<PhoneScreen> _own = new();

    /// <summary>What the SIM has put there; null for nothing.</summary>
    public PhoneScreen? OfSim { get; set; }

    /// <summary>A call, below all others, in the place of the idle display; null for none.</summary>
    public PhoneScreen? OfCall { get; set; }

    /// <summary>The one that has the keys; null while the phone is idle.</summary>
    public PhoneScreen? Top => OfSim ?? (_own.TryPeek(out var own) ? own : OfCall);

    /// <summary>The holder is in no screen of his own, so that a text of normal priority may be shown.</summary>
    public bool IsFree => _own.Count == 0;

    public void Show(PhoneScreen screen) => _own.Push(screen);

    /// <summary>Back to the screen before.</summary>
    public Task BackAsync()
    {
        _own.TryPop(out _);
        return Task.CompletedTask;
    }

    /// <summary>Puts a screen in the place of the one that is shown.</summary>
    public void Replace(PhoneScreen screen)
    {
        _own.TryPop(out _);
        _own.Push(screen);
    }

    /// <summary>All of the holder's own screens go.</summary>
    public void Home() => _own.Clear();
}
