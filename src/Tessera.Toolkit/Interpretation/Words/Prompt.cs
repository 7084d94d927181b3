using Tessera.Cards.Pins;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Verifiers;

namespace Tessera.Toolkit.Interpretation;

/// <summary>What the terminal itself asks of the holder, so that it can be drawn as more than a line of text.</summary>
/// <param name="Least">Least digits or characters to enter.</param>
/// <param name="Most">Most digits or characters to enter.</param>
public sealed record Prompt(PromptKind Kind, int Least = 0, int Most = 0)
{
    /// <summary>The payment to show, above everything else, with a PIN or a confirmation.</summary>
    public Payment? Payment { get; init; }

    /// <summary>Why the holder is asked to say who they are, with a PIN that moves nothing.</summary>
    public string? Reason { get; init; }

    /// <summary>The PIN is asked for a signature of the card.</summary>
    public bool IsForSignature { get; init; }

    /// <summary>The PIN before was wrong: so often another may be. Null where none was.</summary>
    public int? TriesLeft { get; init; }

    /// <summary>Currency of an amount to enter, where the purse has named it.</summary>
    public ushort? Currency { get; init; }

    /// <summary>The greatest amount that may be entered, in minor units.</summary>
    public uint MaxAmount { get; init; }

    /// <summary>The application's own question, or what it wants to do.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// The command that a PIN goes into, with the new one where it has one, for a keypad of the card's reader that sends it
    /// itself: its answer is then <see cref="ReaderAnswered"/>. Null where the PIN can only come back.
    /// </summary>
    public PinPlace? Place { get; init; }

    /// <summary>
    /// What the entry is encrypted with for the verifier of the terminal: not it comes back, but a response with
    /// <see cref="Commands.ObjectTag.SealedEntry"/> (<see cref="HolderEntered.Seal"/>). Null where it is for the card.
    /// </summary>
    public VerificationStatement? Statement { get; init; }

    /// <summary>What is typed, or laid on a reader, is not shown and comes back as <see cref="HolderEntered"/>.</summary>
    public bool IsHidden =>
        Kind is PromptKind.Pin or PromptKind.NewPin or PromptKind.RepeatNewPin or PromptKind.Puk or PromptKind.Finger;
}

/// <summary>What a prompt asks for.</summary>
public enum PromptKind
{
    Pin,
    NewPin,

    /// <summary>The new PIN once more.</summary>
    RepeatNewPin,

    Puk,

    /// <summary>A finger on the terminal's reader, for the card alone.</summary>
    Finger,

    /// <summary>An amount in minor units.</summary>
    Amount,

    /// <summary>Text for a command of the script.</summary>
    Text,

    /// <summary>
    /// The application's own input, behind the notice that it goes to the server and is no place for a PIN.
    /// </summary>
    Input,

    /// <summary>Nothing but that notice; the application's own input comes next.</summary>
    Notice,

    /// <summary>Yes or no to a payment.</summary>
    Payment,

    /// <summary>Yes or no to a command that costs or reveals something.</summary>
    Permission,
}
