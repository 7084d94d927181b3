namespace Tessera.Lab.Phones.Screens;

/// <summary>Letters on the keys: a key pressed again within a moment turns to its next one.</summary>
internal sealed class Letters(TimeProvider time)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private static readonly string[] Lower =
        [" 0", ".,?!'\"1-()@/:_", "abc2äàåæç", "def3èé", "ghi4ì", "jkl5", "mno6ñöòø", "pqrs7ß", "tuv8üù", "wxyz9"];

    private PhoneKey? _last;
    private int _turn;
    private long _at;

    public bool AreCapital { get; private set; }

    public void Shift() => (AreCapital, _last) = (!AreCapital, null);

    public void Forget() => _last = null;

    /// <summary>The character of a digit key, and whether it takes the place of the one before.</summary>
    public (char Character, bool Replaces) Press(PhoneKey digit)
    {
        var again = _last == digit && time.GetElapsedTime(_at) < Moment;
        (_turn, _last, _at) = (again ? _turn + 1 : 0, digit, time.GetTimestamp());
        var letters = Lower[digit - PhoneKey.Digit0];
        var letter = letters[_turn % letters.Length];
        return (AreCapital ? char.ToUpperInvariant(letter) : letter, again);
    }
}
