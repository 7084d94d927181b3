namespace Tessera.Lab.Phones.Screens;

/// <summary>Yes or no, on the soft keys.</summary>
internal sealed class QuestionScreen(
    string question, Func<bool, Task> decided, Func<Task>? back = null, string yes = "Yes", string no = "No")
    : PhoneScreen
{
    private readonly IReadOnlyList<string> _lines = Wrapping.Lines(question);
    private int _top;

    public override Sight Draw() => new([.. _lines.Skip(_top).Take(Height)], yes, no);

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
                return decided(true);
            case PhoneKey.Right:
                return decided(false);
            case PhoneKey.Back:
                return back?.Invoke() ?? decided(false);
            default:
                return Task.CompletedTask;
        }
    }
}
