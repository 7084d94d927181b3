using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// Runs one script: says what to do next and is told what came of it (docs/protocols/script.md §6). It does no I/O and
/// knows
/// no clock; whoever steps it gives the holder 120 seconds and the card 30.
/// </summary>
/// <remarks>Disposing it zeroes a PIN it may still hold.</remarks>
public sealed partial class ScriptInterpreter : IDisposable
{
    private const int Attempts = 3;

    private readonly TerminalRules _rules;
    private readonly TerminalPrompts _prompts;
    private readonly ScriptRecord _record;
    private readonly IEnumerator<ScriptAction> _actions;

    private ScriptAction? _current;
    private StepOutcome? _outcome;
    private ScriptCursor? _next;

    /// <summary>Position of the item chosen in the last SELECT ITEM, from 1.</summary>
    private int? _choice;

    /// <summary>Its text, until a MOVE succeeds.</summary>
    private string? _chosenItem;

    private string? _displayedText;

    /// <summary>The text last displayed or chosen, whichever came later: the reason of an identification.</summary>
    private string? _shown;

    /// <param name="script">As read; the answer echoes its head.</param>
    /// <param name="rules">What this terminal enforces and can do.</param>
    /// <param name="card">How the script finds the card.</param>
    /// <exception cref="ArgumentException">The script could not have been read from octets.</exception>
    public ScriptInterpreter(CommandScript script, TerminalRules rules, CardSituation card)
    {
        (_rules, _prompts, _record) = (rules, new TerminalPrompts(rules), new ScriptRecord(rules, script.Head));
        (_selected, _currency) = (card.Selected, card.Currency);
        (_initialized, _initializedBefore) = (card.InitializeInForce, card.InitializeInForce);
        _next = ScriptCursor.Start(Checked(script));
        _actions = Run().GetEnumerator();
    }

    /// <summary>What happened so far.</summary>
    public ScriptTrace Trace => _record.Trace();

    /// <summary>The step at work; 0 when the script is over.</summary>
    internal byte At { get; private set; }

    /// <summary>The next action, given what came of the one before; null at the start.</summary>
    /// <exception cref="ArgumentException">Nothing can come of the action before in that way.</exception>
    public ScriptAction Next(StepOutcome? outcome)
    {
        if (!Fits(_current, outcome))
        {
            (outcome as HolderEntered)?.Dispose();
            throw new ArgumentException($"No outcome of {_current?.GetType().Name ?? "the start"}.", nameof(outcome));
        }

        _outcome = outcome;
        _actions.MoveNext();
        return _current = _actions.Current;
    }

    public void Dispose() => _actions.Dispose();

    private static bool Fits(ScriptAction? action, StepOutcome? outcome) => (action, outcome) switch
    {
        (null, null) => true,
        (Transmit or Perform or Print, _) when outcome == StepOutcome.CardLost || outcome == StepOutcome.Interrupted => true,
        (Transmit, CardAnswered) => true,
        (Perform { Prompt.Statement: not null }, HolderAnswered) => true,
        (Perform { Prompt: { IsHidden: true, Statement: null } }, HolderEntered) => true,
        (Perform { Prompt.Place: not null }, ReaderAnswered) => true,
        (Perform { Prompt.IsHidden: true }, HolderAnswered answered) => !answered.Response.Result.IsDone(),
        (Perform, HolderAnswered) => true,
        (Print, PrinterAnswered) => true,
        _ => false,
    };

    private static CommandScript Checked(CommandScript script)
    {
        try
        {
            return Bytes.Of(script).Read<CommandScript>();
        }
        catch (ScriptFormatException bad)
        {
            throw new ArgumentException(bad.Message, nameof(script), bad);
        }
    }

    private IEnumerable<ScriptAction> Run()
    {
        while (_record.Stop is null && _next?.Settle(_choice) is { } cursor)
        {
            At = (byte)cursor.Ordinal;
            foreach (var action in RunStep(cursor)) yield return action;
        }

        At = 0;
        foreach (var action in Close()) yield return action;
        yield return new Done(_record.Answer(), _initialized) { Lists = _lists.Values.ToSequence() };
    }

    private IEnumerable<ScriptAction> RunStep(ScriptCursor cursor)
    {
        var unit = cursor.Step!.IsModifier || cursor.Step is CardStep ? cursor.TakeUnit(out _next) : null;
        if (unit is null) _next = cursor.Skip();
        return cursor.Step switch
        {
            ToolkitStep step => RunToolkit(step.Command, At),
            CachedListStep step => RunCachedList(step, At),
            SignStep step => RunSignature(step, At),
            PrintStep step => RunPrint(step, At),
            SealedStep step => RunSealed(step, At),
            BranchStep => Refuse(StopReason.NoChoice),
            _ => RunCommand(unit!),
        };
    }

    private ScriptAction[] Refuse(StopReason reason)
    {
        _record.StopAt(reason, At);
        return [];
    }

    /// <summary>Why an outcome ends the script, or null where it does not.</summary>
    private static StopReason? EndOf(StepOutcome? outcome) => outcome switch
    {
        CardAnswered or HolderEntered or ReaderAnswered or PrinterAnswered => null,
        HolderAnswered answered => EndOf(answered.Response.Result),
        _ when outcome == StepOutcome.CardLost => StopReason.CardLost,
        _ => StopReason.Interrupted,
    };

    private static StopReason? EndOf(GeneralResult result) => result switch
    {
        _ when result.IsDone() => null,
        GeneralResult.HelpRequired => null,
        GeneralResult.SessionTerminatedByUser or GeneralResult.BackwardMove or GeneralResult.UssdTerminatedByUser or
            GeneralResult.UserRefused or GeneralResult.UserClearedCall => StopReason.EndedByHolder,
        GeneralResult.NoResponseFromUser => StopReason.NoAnswerFromHolder,
        _ => StopReason.NotCapable,
    };
}
