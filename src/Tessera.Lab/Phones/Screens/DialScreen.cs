namespace Tessera.Lab.Phones.Screens;

/// <summary>A number as it is dialled; a star pressed again is a plus.</summary>
/// <param name="call">Called with the number.</param>
internal sealed class DialScreen(string number, Func<string, Task> call, Func<Task> back) : PhoneScreen
{
    /// <summary>A plus and twenty digits: what a SIM has room for.</summary>
    public const int Most = 21;

    private static readonly EntryRules Rules = new(EntryAlphabet.Digits, 1, Most);
    private string _number = number;

    public override TypingMode Typing => TypingMode.Text;

    public override Sight Draw() => new([.. Wrapping.Lines($"{_number}_")], "Call", "Clear");

    public override Task PressAsync(PhoneKey key)
    {
        switch (key)
        {
            case PhoneKey.Call or PhoneKey.Ok or PhoneKey.Left:
                return _number.Trim('+').Length == 0 ? Task.CompletedTask : call(_number);
            case PhoneKey.Right or PhoneKey.Back:
                _number = _number.Length == 0 ? "" : _number[..^1];
                return _number.Length == 0 ? back() : Task.CompletedTask;
            case PhoneKey.Star when _number is "*":
                _number = "+";
                return Task.CompletedTask;
            default:
                return key.Character() is { } character ? TypeAsync($"{character}") : Task.CompletedTask;
        }
    }

    public override Task TypeAsync(string text)
    {
        foreach (var character in text.Where(Takes)) _number += character;
        return Task.CompletedTask;
    }

    private bool Takes(char character) =>
        Rules.Takes(character) && _number.Length < Most && (character != '+' || _number.Length == 0);
}
