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

    /// <summary>Ends what goes on: a toolkit session, a menu.</summary>
    End,

    /// <summary>Switches the phone off, or on.</summary>
    Power,
}
