using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// What happened at a terminal, computed by its server from a script and the answer: the interpreter runs once more and
/// is
/// told what the answer says came of each step (docs/protocols/script.md §5).
/// </summary>
public static class ScriptReplay
{
    /// <param name="script">As it was sent.</param>
    /// <param name="answer">As it came, from an authenticated terminal or card.</param>
    /// <param name="rules">What that terminal enforces.</param>
    /// <param name="card">How the script found the card.</param>
    /// <returns>Every executed step, the payments that were confirmed, the digest.</returns>
    /// <exception cref="WireFormatException">That script cannot have that answer.</exception>
    public static ScriptTrace Trace(CommandScript script, Bytes answer, TerminalRules rules, CardSituation card)
    {
        var response = answer.Read<ResponseScript>();
        if (response.Stopped is { Step: 0 } || response.BadFormat is not null)
            return Untouched(script, response, rules);

        using var interpreter = new ScriptInterpreter(script, AsFound(script, response, rules), card);
        var told = new ReplayedAnswer(response);
        var action = interpreter.Next(null);
        while (action is not Done) action = interpreter.Next(told.OutcomeOf(action, interpreter.At));
        if (((Done)action).Answer != answer)
            throw new WireFormatException("answer", 0, "is none that this script can have");
        return interpreter.Trace;
    }

    /// <summary>The list that the terminal says it does not keep was not there.</summary>
    private static TerminalRules AsFound(CommandScript script, ResponseScript response, TerminalRules rules)
    {
        rules = rules with { Verifier = VerifierOf(script, response) };
        if (response.Stopped is not { Reason: StopReason.NoSuchList, Step: var stopped }) return rules;
        var missing = script.Numbered().FirstOrDefault(numbered => numbered.Ordinal == stopped).Step as CachedListStep;
        return rules with { CachedList = list => list == missing?.Name ? null : rules.CachedList(list) };
    }

    /// <summary>
    /// The verifier that the terminal was set up for, as far as the answer tells: it sent something to one, or says that it
    /// sends to none or to another.
    /// </summary>
    private static PinnedVerifier? VerifierOf(CommandScript script, ResponseScript response)
    {
        var steps = script.Numbered().Where(numbered => numbered.Step is SealedStep).ToList();
        if (steps.Count == 0) return null;
        var sent = steps.FirstOrDefault(one => response.Results.OfType<ToolkitResult>().Any(said => said.Step == one.Ordinal));
        var at = sent.Step is null ? steps.FirstOrDefault(one => one.Ordinal == response.Stopped?.Step) : sent;
        return (at.Step, sent.Step, response.Stopped?.Reason) switch
        {
            (null, _, _) or (_, null, StopReason.NotCapable) => null,
            (_, null, StopReason.NotAllowed) => new PinnedVerifier(Bytes.Empty, ""),
            (SealedStep step, _, _) => new PinnedVerifier(step.Verifier, ""),
            _ => null,
        };
    }

    /// <summary>
    /// A script that was refused as a whole: no step was executed, or none of which anything is known.
    /// </summary>
    private static ScriptTrace Untouched(CommandScript script, ResponseScript response, TerminalRules rules)
    {
        if (response.Executed > 0 || response.Results.Count > 0)
            throw new WireFormatException("answer", 0, "refuses a script of which it has results");
        var digest = new ScriptDigest(rules.Server, script.Head);
        return new ScriptTrace([], [], digest.Current, response.Stopped);
    }
}
