using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>What happened in a script, step by step, each paired with what came of it.</summary>
/// <param name="Steps">In the order of execution.</param>
/// <param name="Payments">Confirmed by the holder, in order; the answer of the last may be missing.</param>
/// <param name="Digest">Over everything that happened (docs/protocols/script.md §5).</param>
/// <param name="Stop">Where and why the script stopped, or null.</param>
public sealed record ScriptTrace(
    Sequence<TracedStep> Steps, Sequence<TracedPayment> Payments, Bytes Digest, Stopped? Stop)
{
    /// <summary>What the card was asked to sign, in order; the answer of the last may be missing.</summary>
    public Sequence<TracedSignature> Signatures { get; init; }

    /// <summary>What the holder entered for a verifier.</summary>
    public Sequence<TracedEntry> Entries { get; init; }

    /// <summary>The card's last answer to the command of that step, or null where it was not executed.</summary>
    public ResponseApdu? Answer(byte step) =>
        Steps.OfType<TracedCommand>().LastOrDefault(traced => traced.Ordinal == step)?.Answer;

    /// <summary>The command of that step as it was sent, with what its modifiers added but for PINs.</summary>
    public CommandApdu? Command(byte step) =>
        Steps.OfType<TracedCommand>().FirstOrDefault(traced => traced.Ordinal == step)?.Command;

    /// <summary>Position of the item chosen at that step, from 1, or null.</summary>
    public int? Choice(byte step) => Dialogue(step)?.Choice;

    /// <summary>What the holder entered at that step, or null.</summary>
    public string? Text(byte step) => Dialogue(step)?.Result.Text;

    /// <summary>What the terminal answered at that step, or null where it was not executed.</summary>
    public TracedDialogue? Dialogue(byte step) =>
        Steps.OfType<TracedDialogue>().FirstOrDefault(traced => traced.Ordinal == step);
}

/// <summary>One executed step, named by its ordinal.</summary>
public abstract record TracedStep(byte Ordinal);

/// <summary>A command for the card as it was sent, PINs left out, and the answer.</summary>
public sealed record TracedCommand(byte Ordinal, CommandApdu Command, ResponseApdu Answer) : TracedStep(Ordinal);

/// <summary>
/// A proactive command, or a visible input of the terminal's own or a printout (no command), and what came of it.
/// </summary>
/// <param name="Choice">Position of the chosen item, from 1.</param>
public sealed record TracedDialogue(byte Ordinal, ProactiveCommand? Command, ToolkitResult Result, int? Choice)
    : TracedStep(Ordinal);

/// <summary>A payment the holder confirmed, the MOVE that made it and the card's answer, where one came.</summary>
/// <param name="Ordinal">Of the MOVE.</param>
/// <param name="Digest">All 32 octets of the digest whose first eight the MOVE carries.</param>
public sealed record TracedPayment(byte Ordinal, Payment Payment, Bytes Digest, CommandApdu Move, ResponseApdu? Answer);

/// <summary>A signature that a sign step asked of the card (docs/protocols/script.md §5).</summary>
/// <param name="Record">The octets that the digest is taken over.</param>
/// <param name="Statement">The octets whose SHA-256 is signed; the digest ends them.</param>
/// <param name="Answer">The card's, where one came.</param>
public sealed record TracedSignature(byte Ordinal, SignStep Step, Bytes Record, Bytes Statement, ResponseApdu? Answer);

/// <summary>What the holder entered for a verifier, encrypted (docs/protocols/verifier.md §2).</summary>
/// <param name="Statement">What it is bound to.</param>
public sealed record TracedEntry(byte Ordinal, VerificationStatement Statement, Bytes Sealed);
