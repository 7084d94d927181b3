namespace Tessera.Lab.Phones;

/// <summary>A key of the phone; the soft keys are those under the display, named by its last line.</summary>
public enum PhoneKey
{
    Digit0,
    Digit1,
    Digit2,
    Digit3,
    Digit4,
    Digit5,
    Digit6,
    Digit7,
    Digit8,
    Digit9,
    Star,
    Hash,
    Up,
    Down,
    Ok,
    Back,
    Left,
    Right,

    /// <summary>The red key: ends what goes on: a call, a toolkit session, a menu.</summary>
    End,

    /// <summary>Switches the phone off, or on.</summary>
    Power,

    /// <summary>The green key: calls what is dialled, or was last.</summary>
    Call,
}

/// <summary>Keys by what stands on them.</summary>
internal static class PhoneKeys
{
    /// <summary>Digit, star or hash; null for other keys.</summary>
    public static char? Character(this PhoneKey key) => key switch
    {
        <= PhoneKey.Digit9 => (char)('0' + (key - PhoneKey.Digit0)),
        PhoneKey.Star => '*',
        PhoneKey.Hash => '#',
        _ => null,
    };

    /// <exception cref="ArgumentException">There is no such key.</exception>
    public static PhoneKey Of(char character) => character switch
    {
        >= '0' and <= '9' => PhoneKey.Digit0 + (character - '0'),
        '*' => PhoneKey.Star,
        '#' => PhoneKey.Hash,
        _ => throw new ArgumentException($"There is no key '{character}'.", nameof(character)),
    };
}
