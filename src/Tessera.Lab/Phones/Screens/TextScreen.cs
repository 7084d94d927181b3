namespace Tessera.Lab.Phones.Screens;

/// <summary>A text that scrolls.</summary>
/// <param name="ok">Ok and the left soft key; null where they do nothing.</param>
/// <param name="back">Back and the right soft key; null where they do nothing.</param>
internal sealed class TextScreen(
    string text, Func<Task>? ok = null, Func<Task>? back = null, string left = "OK", string right = "Back")
    : PhoneScreen
{
    private readonly IReadOnlyList<string> _lines = Wrapping.Lines(text);
    private int _top;

    public override Sight Draw() => new(
        [.. _lines.Skip(_top).Take(Height)], ok is null ? "" : left, back is null ? "" : right);

    public override Task PressAsync(PhoneKey key)
    {
        switch (key)
        {
            case PhoneKey.Up:
                _top = Math.Max(0, _top - 1);
                return Task.CompletedTask;
            case PhoneKey.Down:
                _top = Math.Min(Math.Max(0, _lines.Count - Height), _top + 1);
                return Task.CompletedTask;
            case PhoneKey.Ok or PhoneKey.Left:
                return ok?.Invoke() ?? Task.CompletedTask;
            case PhoneKey.Back or PhoneKey.Right:
                return back?.Invoke() ?? Task.CompletedTask;
            default:
                return Task.CompletedTask;
        }
    }
}
