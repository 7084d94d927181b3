using Tessera.Wire;

namespace Tessera.Cards.Pins;

/// <summary>A keypad of a reader: the PIN goes from its keys to the card and is seen by no program.</summary>
public interface IPinPad
{
    /// <summary>Asks the holder at the keypad and sends the command with what was typed.</summary>
    /// <param name="place">VERIFY or CHANGE REFERENCE DATA.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="ConnectionLostException">The card or the reader went away.</exception>
    Task<PinPadAnswer> EnterAsync(PinPlace place, CancellationToken cancel);
}

/// <summary>How an entry at a keypad ended.</summary>
public enum PinEntryEnd
{
    /// <summary>The card answered.</summary>
    Answered,

    /// <summary>Nobody typed in time.</summary>
    TimedOut,

    /// <summary>The holder pressed cancel.</summary>
    Cancelled,

    /// <summary>The new PIN was not the same twice.</summary>
    Differed,

    /// <summary>Too few or too many digits.</summary>
    WrongLength,

    /// <summary>The reader said it has a keypad, and has none that works: the PIN must be asked elsewhere.</summary>
    Unusable,
}

/// <summary>The end of an entry, and what the card said.</summary>
/// <param name="Status">Of the card where it answered; else of the reader, or 6F00.</param>
public sealed record PinPadAnswer(PinEntryEnd End, StatusWord Status);
