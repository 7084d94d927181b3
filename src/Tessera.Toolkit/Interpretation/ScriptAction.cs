using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>What the interpreter wants done next.</summary>
public abstract record ScriptAction
{
    private protected ScriptAction() { }
}

/// <summary>Send this to the card and hand back its answer.</summary>
/// <remarks>
/// The command may carry a PIN: it is never logged, and its data are zero once the answer was handed back.
/// One too long for a short APDU is chained on its way to a card that needs it.
/// </remarks>
public sealed record Transmit(CommandApdu Command) : ScriptAction;

/// <summary>Let the holder have this and hand back the terminal's response.</summary>
/// <param name="Command">What any terminal can perform, a plain telephone too.</param>
/// <param name="Prompt">Where the wording is the terminal's own: what it asks, for terminals that can draw it
/// better.</param>
public sealed record Perform(ProactiveCommand Command, Prompt? Prompt) : ScriptAction;

/// <summary>
/// Let the printer have this and hand back how that ended; whatever it is, the script goes on. Only a terminal whose
/// profile has a printer is asked.
/// </summary>
public sealed record Print(Printout Content) : ScriptAction;

/// <summary>The script is over.</summary>
/// <param name="Answer">The response script, exact octets.</param>
/// <param name="InitializeInForce">The purse waits for a MOVE of the next script.</param>
public sealed record Done(Bytes Answer, bool InitializeInForce) : ScriptAction
{
    /// <summary>
    /// Lists that the script told to be kept, the newest last: durable before the answer is, where lists are kept.
    /// </summary>
    public Sequence<CachedListStep> Lists { get; init; } = [];
}
