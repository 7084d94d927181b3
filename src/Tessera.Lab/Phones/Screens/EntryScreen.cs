namespace Tessera.Lab.Phones.Screens;

/// <summary>A question and a line that is typed into, by keys or a keyboard.</summary>
/// <param name="done">Called with what was typed.</param>
/// <param name="help">The star key of a hidden or letter entry is a character: help is the left soft key.</param>
internal sealed class EntryScreen(
    string question, EntryRules rules, string typed, TimeProvider time, Func<string, Task> done, Func<Task> back,
    Func<Task>? help = null) : PhoneScreen
{
    private readonly IReadOnlyList<string> _question = question.Length == 0 ? [] : Wrapping.Lines(question);
    private readonly Letters _letters = new(time);
    private string _typed = typed;
    private int _top;

    public override TypingMode Typing => rules.Hidden ? TypingMode.Hidden : TypingMode.Text;

    public override Sight Draw()
    {
        var shown = rules.Hidden ? new string('*', _typed.Length) : _typed;
        var typedLines = Wrapping.Lines($"{shown}_");
        var room = Height - Math.Min(typedLines.Count, Height - 2);
        var end = Math.Clamp(_top, 0, Math.Max(0, _question.Count - room));
        return new Sight(
            [.. _question.Skip(end).Take(room), .. typedLines.TakeLast(Height - Math.Min(_question.Count, room))],
            help is not null ? "Help" : rules.IsComplete(_typed) ? "OK" : "", _typed.Length == 0 ? "Back" : "Clear");
    }

    public override Task PressAsync(PhoneKey key)
    {
        switch (key)
        {
            case PhoneKey.Left when help is not null:
                return help();
            case PhoneKey.Ok or PhoneKey.Left:
                return rules.IsComplete(_typed) ? done(_typed) : Task.CompletedTask;
            case PhoneKey.Right or PhoneKey.Back when _typed.Length == 0:
                return back();
            case PhoneKey.Right or PhoneKey.Back:
                _typed = _typed[..^1];
                _letters.Forget();
                return Task.CompletedTask;
            case PhoneKey.Up:
                _top = Math.Max(0, _top - 1);
                return Task.CompletedTask;
            case PhoneKey.Down:
                _top = Math.Min(_question.Count, _top + 1);
                return Task.CompletedTask;
            default:
                PressCharacter(key);
                return Task.CompletedTask;
        }
    }

    public override Task TypeAsync(string text)
    {
        _letters.Forget();
        foreach (var character in text) Append(character);
        return Task.CompletedTask;
    }

    private void PressCharacter(PhoneKey key)
    {
        switch (key)
        {
            case PhoneKey.Hash when rules.Alphabet != EntryAlphabet.Digits:
                _letters.Shift();
                break;
            case PhoneKey.Star:
                Append(rules.Alphabet == EntryAlphabet.Digits && _typed.EndsWith('*') ? Replaced('+') : '*');
                break;
            case PhoneKey.Hash:
                Append('#');
                break;
            case <= PhoneKey.Digit9 when rules.Alphabet == EntryAlphabet.Digits || rules.Hidden:
                Append((char)('0' + (key - PhoneKey.Digit0)));
                break;
            case <= PhoneKey.Digit9:
                var (letter, replaces) = _letters.Press(key);
                Append(replaces ? Replaced(letter) : letter);
                break;
        }
    }

    /// <summary>Takes the last character away for another one.</summary>
    private char Replaced(char character)
    {
        if (_typed.Length > 0) _typed = _typed[..^1];
        return character;
    }

    private void Append(char character)
    {
        if (rules.Takes(character) && rules.Length(_typed + character) <= rules.Most) _typed += character;
    }
}
