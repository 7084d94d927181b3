namespace Tessera.Lab.Phones.Screens;

/// <summary>A list with one item marked; digits choose at once.</summary>
/// <param name="chosen">Called with the place of the item, from 0.</param>
/// <param name="help">The left soft key asks for help with the marked item; null for none: it chooses then.</param>
internal sealed class ListScreen(
    string title, IReadOnlyList<string> items, Func<int, Task> chosen, Func<Task> back, Func<int, Task>? help = null,
    int marked = 0) : PhoneScreen
{
    private readonly int _titleLines = title.Length == 0 ? 0 : 1;
    private int _marked = Math.Clamp(marked, 0, Math.Max(0, items.Count - 1));
    private int _top;

    public override Sight Draw()
    {
        var room = Height - _titleLines;
        _top = Math.Clamp(_top, Math.Max(0, _marked - room + 1), _marked);
        return new Sight(
            [
                .. title.Length == 0 ? [] : (string[])[Wrapping.Cut(title)],
                .. items.Skip(_top).Take(room).Select((item, i) => Line(_top + i, item)),
            ],
            items.Count == 0 ? "" : help is null ? "Select" : "Help", "Back");
    }

    public override Task PressAsync(PhoneKey key) => key switch
    {
        PhoneKey.Up => Mark(_marked - 1),
        PhoneKey.Down => Mark(_marked + 1),
        PhoneKey.Left when help is not null && items.Count > 0 => help(_marked),
        PhoneKey.Ok or PhoneKey.Left when items.Count > 0 => chosen(_marked),
        PhoneKey.Back or PhoneKey.Right => back(),
        >= PhoneKey.Digit1 and <= PhoneKey.Digit9 when key - PhoneKey.Digit1 < items.Count =>
            chosen(key - PhoneKey.Digit1),
        _ => Task.CompletedTask,
    };

    private string Line(int place, string item) => (place == _marked ? "›" : " ") + Wrapping.Cut(item, Width - 1);

    private Task Mark(int place)
    {
        if (items.Count > 0) _marked = (place + items.Count) % items.Count;
        return Task.CompletedTask;
    }
}
