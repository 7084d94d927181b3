using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// Which application is selected, and what the purse waits for (docs/protocols/script.md §6.1, §6.2, §6.8).
/// </summary>
public sealed partial class ScriptInterpreter
{
    private const byte InitializeIns = 0x50;
    private const byte EndIns = 0x5E;

    private readonly bool _initializedBefore;

    private AppletPolicy? _selected;
    private ushort? _currency;
    private bool _initialized;
    private bool _initializedHere;
    private bool _cardUsed;

    /// <summary>A PIV card was given a finger: it has a status of its own, which another application would have taken.</summary>
    private bool _fingerAtPiv;

    private bool IsPurse => _selected?.Aid == PurseCommands.Aid;

    private static bool IsSelect(CommandApdu command) => command is { Cla: 0x00, Ins: 0xA4, P1: 0x04, P2: 0x00 };

    /// <summary>Header and length only.</summary>
    private bool MayBeAllowed(CommandApdu command, int length) => IsSelect(command)
        ? _rules.Applets.Any(policy => policy.Aid.Length == length)
        : _selected?.Allows(command, length) == true;

    private bool IsAllowed(CommandApdu command) =>
        IsSelect(command) ? PolicyOf(command) is not null : _selected?.Allows(command) == true;

    private AppletPolicy? PolicyOf(CommandApdu select) =>
        _rules.Applets.FirstOrDefault(policy => policy.Aid == select.Data);

    /// <summary>Keeps up with what a command did on the card.</summary>
    private void Follow(CommandApdu command, ResponseApdu answer)
    {
        var done = answer.Status.IsSuccess;
        if (IsSelect(command)) Selected(done ? PolicyOf(command) : null, answer.Data);
        if (PinRule.IsVerify(command) && !done) _announced = null;
        if (IsSelect(command) && done && _selected?.Aid != PivCommands.Aid) _fingerAtPiv = false;
        if (command.P2 == PivCommands.PrimaryFinger && PinRule.IsFinger(command)) _fingerAtPiv = true;
        if (!IsPurse) return;

        if (command.Ins == InitializeIns && done) (_initialized, _initializedHere) = (true, true);
        if (command.Ins == EndIns || MoveRule.IsMove(command)) _initialized = false;
        if (!MoveRule.IsMove(command) || !done) return;
        _chosenItem = null;
        if (MoveRule.IsDebit(command)) Paid(answer.Data);
    }

    private void Selected(AppletPolicy? policy, Bytes template)
    {
        _selected = policy;
        if (!IsPurse) return;
        try
        {
            var read = template.Read<ApplicationTemplate>();
            (_card, _currency) = (read.Card, read.Purse?.Currency);
        }
        catch (WireFormatException)
        {
            (_card, _currency) = (null, null);
        }
    }

    /// <summary>What every script leaves behind: no PIN verified, and no S2 of its own alive.</summary>
    private IEnumerable<ScriptAction> Close()
    {
        if (_outcome == StepOutcome.CardLost) yield break;
        if (_cardUsed) yield return new Transmit(PinCommands.Clear);
        if (_fingerAtPiv && _outcome != StepOutcome.CardLost)
            yield return new Transmit(PinCommands.Clear with { P2 = PivCommands.PrimaryFinger });
        if (!_initializedBefore || _initializedHere || _outcome == StepOutcome.CardLost) yield break;
        if (!IsPurse)
        {
            yield return new Transmit(PurseCommands.Select);
            if (_outcome is not CardAnswered { Answer.Status.IsSuccess: true }) yield break;
        }

        yield return new Transmit(PurseCommands.End);
        _initialized = false;
    }
}
