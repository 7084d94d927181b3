using Tessera.Cards;

namespace Tessera.VirtualCard.Os;

/// <summary>What is on a card for all its channels, and which channel has selected what of it.</summary>
/// <param name="Applets">In the order in which a partial name finds them.</param>
/// <param name="Files">What is selected where no applet is; null where there is no MF.</param>
internal sealed record CardPrograms(
    CardId Id, CurrentChannel Current, CardPin Pin, CardFinger Finger, IReadOnlyList<IApplet> Applets,
    ICardFiles? Files = null)
{
    private readonly IApplet?[] _selected = new IApplet?[CurrentChannel.Count];

    /// <summary>What the current channel has selected.</summary>
    public IApplet? Selected => _selected[Current.Number] ?? Files;

    /// <summary>Nothing but its answer to reset is left of this card.</summary>
    public bool IsTerminated => Files is { IsCardTerminated: true };

    /// <summary>Makes it the one of the current channel.</summary>
    /// <returns>False, and nothing happened, where another channel has it and it is for one at a time.</returns>
    public bool TrySelect(IApplet applet)
    {
        var before = Selected;
        if (before == applet) return true;
        if (!applet.IsShareable && _selected.Contains(applet)) return false;

        _selected[Current.Number] = applet == Files ? null : applet;
        before?.Deselect();
        return true;
    }

    /// <summary>The current channel is closed: nothing is selected on it, and its holder is not known.</summary>
    public void Close()
    {
        var before = Selected;
        _selected[Current.Number] = null;
        before?.Deselect();
        Pin.Forget();
    }

    /// <summary>Power is gone.</summary>
    public void Forget()
    {
        Array.Clear(_selected);
        Pin.ForgetAll();
        foreach (var applet in Applets) applet.Forget();
        Files?.Forget();
    }
}
