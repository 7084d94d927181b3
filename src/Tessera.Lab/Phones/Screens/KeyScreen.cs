namespace Tessera.Lab.Phones.Screens;

/// <summary>A question that one character answers (GET INKEY).</summary>
/// <param name="alphabet">Digits are taken from their keys; letters are turned to on a line and confirmed.</param>
/// <param name="pressed">Called with the character.</param>
internal sealed class KeyScreen(
    string question, EntryAlphabet alphabet, TimeProvider time, Func<char, Task> pressed, Func<Task> back,
    Func<Task>? help = null) : PhoneScreen
{
    private readonly EntryRules _rules = new(alphabet, 1, 2);
    private readonly Letters _letters = new(time);
    private readonly IReadOnlyList<string> _lines = Wrapping.Lines(question);
    private char? _letter;
    private int _top;

    public override TypingMode Typing => TypingMode.Text;

    public override Sight Draw() => new(
        [.. _lines.Skip(_top).Take(Height - 1), _letter is { } letter ? $"{letter}" : "_"],
        help is not null ? "Help" : _letter is null ? "" : "OK", "Back");

    public override Task PressAsync(PhoneKey key)
    {
        switch (key)
        {
            case PhoneKey.Left when help is not null:
                return help();
            case PhoneKey.Ok or PhoneKey.Left:
                return _letter is { } letter ? pressed(letter) : Task.CompletedTask;
            case PhoneKey.Back or PhoneKey.Right:
                return back();
            case PhoneKey.Up:
                _top = Math.Max(0, _top - 1);
                return Task.CompletedTask;
            case PhoneKey.Down:
                _top = Math.Min(Math.Max(0, _lines.Count - Height + 1), _top + 1);
                return Task.CompletedTask;
            case PhoneKey.Star:
                return pressed('*');
            case PhoneKey.Hash when alphabet == EntryAlphabet.Digits:
                return pressed('#');
            case PhoneKey.Hash:
                _letters.Shift();
                return Task.CompletedTask;
            case <= PhoneKey.Digit9 when alphabet == EntryAlphabet.Digits:
                return pressed((char)('0' + (key - PhoneKey.Digit0)));
            case <= PhoneKey.Digit9:
                _letter = _letters.Press(key).Character;
                return Task.CompletedTask;
            default:
                return Task.CompletedTask;
        }
    }

    public override Task TypeAsync(string text) =>
        text.Length > 0 && _rules.Takes(text[0]) ? pressed(text[0]) : Task.CompletedTask;
}
