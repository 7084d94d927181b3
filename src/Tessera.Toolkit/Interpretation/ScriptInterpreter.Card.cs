using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>Commands for the card (docs/protocols/script.md §6.1 to §6.3, §6.8).</summary>
public sealed partial class ScriptInterpreter
{
    private static readonly Sequence<ExpectedStatus> SuccessOnly = [new ExpectedStatus(StatusWord.Success)];

    /// <summary>
    /// The payment, or the reason of an identification, of the MOVE that comes directly after a VERIFY, shown with the
    /// PIN; it is confirmed when the card takes the PIN and forgotten when not.
    /// </summary>
    private Announced? _announced;

    /// <summary>The payment the holder confirmed for the MOVE at work.</summary>
    private Payment? _confirmed;

    private sealed record Announced(byte Ordinal, Payment? Payment, string? Reason);

    private IEnumerable<ScriptAction> RunCommand(CardUnit unit)
    {
        var command = unit.Step.Command;
        if (Refusal(unit) is { } reason)
        {
            _record.StopAt(reason, unit.Ordinal);
            yield break;
        }

        foreach (var action in Announce(unit)) yield return action;
        do
        {
            foreach (var action in RunOnce(unit)) yield return action;
        }
        while (_triesLeft is not null && _record.Stop is null);
    }

    private IEnumerable<ScriptAction> RunOnce(CardUnit unit)
    {
        var assembly = new CommandAssembly(unit);
        try
        {
            foreach (var action in Fill(unit, assembly)) yield return action;
            foreach (var action in Confirm(unit, assembly)) yield return action;
            if (_record.Stop is not null) yield break;

            FillDigests(unit, assembly);
            if (_confirmed is { } payment) _record.Paying(unit.Ordinal, payment, assembly.Command);
            foreach (var action in Exchange(unit, assembly.Command)) yield return action;
        }
        finally
        {
            if (PinRule.IsPinCommand(unit.Step.Command)) assembly.Zero();
        }
    }

    /// <summary>
    /// Why a command is not sent, as far as that can be said before the holder is asked for anything.
    /// </summary>
    private StopReason? Refusal(CardUnit unit)
    {
        var command = unit.Step.Command;
        if (!PinRule.Holds(unit)) return StopReason.PinRule;
        if (!MayBeAllowed(command, unit.Length)) return StopReason.NotAllowed;
        if (PinRule.IsFinger(command) && !_rules.Profile.HasBiometrics) return StopReason.NotCapable;
        if (!unit.Inserting.OfType<PickStep>().All(pick => _choice <= pick.Operands.Count)) return StopReason.NoChoice;
        if (!MoveRule.Holds(unit, Layout(unit))) return StopReason.NotAllowed;
        if (MoveRule.IsIdentification(command)) return string.IsNullOrWhiteSpace(_shown) ? StopReason.NoItem : null;
        if (!MoveRule.IsDebit(command)) return null;
        return _currency is null ? StopReason.NotAllowed : string.IsNullOrWhiteSpace(Item) ? StopReason.NoItem : null;
    }

    /// <summary>
    /// Looks ahead from a VERIFY to what the card gets directly after it: no PIN is asked for what would be refused,
    /// and a debit is shown with the PIN, or the reason why the holder has to say who they are.
    /// </summary>
    private IEnumerable<ScriptAction> Announce(CardUnit verify)
    {
        (_signatureNext, _triesLeft) = (false, null);
        if (_announced?.Ordinal != verify.Ordinal) _announced = null;
        if (!PinRule.IsVerify(verify.Step.Command)) yield break;

        var next = _next?.Settle(_choice);
        AnnounceSignature(next);
        if (next?.Step is not (CardStep or { IsModifier: true })) yield break;

        var unit = next.TakeUnit(out _);
        if (Refusal(unit) is { } reason) _record.StopAt(reason, unit.Ordinal);
        if (MoveRule.IsIdentification(unit.Step.Command)) _announced = new Announced(unit.Ordinal, null, _shown);
        if (_record.Stop is not null || !MoveRule.IsDebit(unit.Step.Command)) yield break;

        var assembly = new CommandAssembly(unit);
        foreach (var action in Fill(unit, assembly)) yield return action;
        if (_record.Stop is not null) yield break;
        var method = PinRule.IsFinger(verify.Step.Command) ? PaymentMethod.Finger : PaymentMethod.Pin;
        _announced = new Announced(unit.Ordinal, PaymentOf(assembly, method), null);
    }

    /// <summary>
    /// Lets every modifier add its octets; a digest adds zeros until everything before the command is known.
    /// </summary>
    private IEnumerable<ScriptAction> Fill(CardUnit unit, CommandAssembly assembly)
    {
        var block = new byte[InputStep.PinSize];
        try
        {
            foreach (var modifier in unit.Modifiers.Where(modifier => modifier.Step.Inserts))
            {
                if (_record.Stop is not null) yield break;
                if (modifier.Step is InputStep { Source: InputSource.Finger })
                {
                    foreach (var action in AskFinger(modifier)) yield return action;
                    using var entered = _outcome as HolderEntered;
                    if (_record.Stop is null) assembly.Insert(modifier, PinRule.Presented(unit.Step.Command, entered!.Octets));
                }
                else if (modifier.Step is InputStep { IsHidden: true })
                {
                    if (_saidToReader is null)
                        foreach (var action in AskHidden(unit, modifier, block)) yield return action;
                    assembly.Insert(modifier, block);
                }
                else if (modifier.Step is InputStep)
                {
                    foreach (var action in AskVisible(modifier, MoveRule.MaxAmount(unit, modifier, assembly)))
                        yield return action;
                    assembly.Insert(modifier, _entered.GetValueOrDefault(modifier.Ordinal).Span);
                }
                else
                {
                    assembly.Insert(modifier, Octets(modifier.Step));
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }

    private ReadOnlySpan<byte> Octets(ScriptStep step) => step switch
    {
        PickStep pick when _choice is { } choice => pick.Operands[choice - 1].Span,
        _ => new byte[step.InsertedLength],
    };

    /// <summary>Where everything will stand, all of it zero.</summary>
    private static CommandAssembly Layout(CardUnit unit)
    {
        var assembly = new CommandAssembly(unit);
        foreach (var modifier in unit.Modifiers) assembly.Insert(modifier, new byte[modifier.Step.InsertedLength]);
        return assembly;
    }

    private void FillDigests(CardUnit unit, CommandAssembly assembly)
    {
        foreach (var modifier in unit.Modifiers)
        {
            if (modifier.Step is ShownDigestStep digest)
                assembly.Replace(modifier, _record.Digest.Current.Span[..digest.Length]);
        }
    }

    /// <summary>The chosen item, or where none was chosen since the last movement, the text last displayed.</summary>
    private string? Item => _chosenItem ?? _displayedText;

    private Payment PaymentOf(CommandAssembly assembly, PaymentMethod method) =>
        new(method, _currency.GetValueOrDefault(), MoveRule.Amount(assembly), Item ?? "");

    /// <summary>
    /// A debit was confirmed with the PIN or finger just taken, or is confirmed now by a key; an identification by that PIN only.
    /// </summary>
    private IEnumerable<ScriptAction> Confirm(CardUnit unit, CommandAssembly assembly)
    {
        _confirmed = null;
        if (MoveRule.IsIdentification(unit.Step.Command) && _announced?.Ordinal != unit.Ordinal)
            _record.StopAt(StopReason.PinRule, unit.Ordinal);
        if (_record.Stop is not null || !MoveRule.IsDebit(unit.Step.Command)) yield break;

        var payment = PaymentOf(assembly, _announced?.Payment?.Method ?? PaymentMethod.Key);
        if (_announced != new Announced(unit.Ordinal, payment, null))
        {
            payment = payment with { Method = PaymentMethod.Key };
            foreach (var action in Ask(_prompts.Confirm(payment), unit.Ordinal)) yield return action;
            if (!SaidYes()) _record.StopAt(StopReason.EndedByHolder, unit.Ordinal);
            if (_record.Stop is not null) yield break;
        }

        _record.Confirmed(payment);
        _confirmed = payment;
    }

    private IEnumerable<ScriptAction> Exchange(CardUnit unit, CommandApdu command)
    {
        var ordinal = unit.Ordinal;
        if (!SignatureCommand.Is(command) && !IsAllowed(command)) _record.StopAt(StopReason.NotAllowed, ordinal);
        if (!_record.HasRoom(ScriptRecord.OneResult)) _record.StopAt(StopReason.Limit, ordinal);
        if (_record.Stop is not null) yield break;

        (At, _cardUsed) = (ordinal, true);
        if (_saidToReader is { } said) (_outcome, _saidToReader) = (new CardAnswered(said), null);
        else yield return new Transmit(command);
        if (_outcome is not CardAnswered { Answer: var answer })
        {
            _record.StopAt(EndOf(_outcome) ?? StopReason.Interrupted, ordinal);
            yield break;
        }

        var kept = PinRule.IsPinCommand(command)
            ? _record.SentPin(ordinal, command, answer.Status)
            : _record.Sent(ordinal, command, answer);
        if (!kept) _record.StopAt(StopReason.Limit, ordinal);
        Follow(command, answer);
        FollowSignature(command, answer);
        if (_triesLeft is null && !Expected(unit).Any(expected => expected.Covers(answer.Status)))
            _record.StopAt(StopReason.UnexpectedStatus, ordinal);
    }

    private static Sequence<ExpectedStatus> Expected(CardUnit unit)
    {
        var expected = unit.Modifiers.Select(modifier => modifier.Step).OfType<ExpectStep>()
            .SelectMany(step => step.Statuses);
        return expected.ToSequence() is { Count: > 0 } statuses ? statuses : SuccessOnly;
    }
}
