using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Verifiers;

namespace Tessera.Toolkit.Interpretation;

/// <summary>What the holder enters for a verifier (docs/protocols/script.md §6.12): it is never seen here.</summary>
public sealed partial class ScriptInterpreter
{
    private IEnumerable<ScriptAction> RunSealed(SealedStep step, byte ordinal)
    {
        if (Refusal(step) is { } reason)
        {
            _record.StopAt(reason, ordinal);
            yield break;
        }

        var statement = new VerificationStatement(
            _rules.Server, _record.Head.Session, _record.Head.Number, step.Nonce, _rules.Terminal, _card!.Value, step.Source,
            _record.Digest.Current);
        yield return _prompts.Sealed(statement, _shown!);
        if (_outcome is not HolderAnswered { Response: var response } || !response.Result.IsDone())
        {
            _record.StopAt(EndOf(_outcome) ?? StopReason.Interrupted, ordinal);
            yield break;
        }

        var sealedEntry = response.Objects.Find(ObjectTag.SealedEntry);
        if (sealedEntry?.Length != SealedEntry.LengthOf(step.Source))
            _record.StopAt(StopReason.NotCapable, ordinal);
        else if (!_record.Sealed(step, statement, new ToolkitResult(ordinal, response.Result, response.Objects)))
            _record.StopAt(StopReason.Limit, ordinal);
    }

    private StopReason? Refusal(SealedStep step)
    {
        if (_rules.Verifier is not { } pinned || _rules.Terminal.Length != VerificationStatement.TerminalLength)
            return StopReason.NotCapable;
        if (pinned.Id != step.Verifier || _card is null) return StopReason.NotAllowed;
        if (step.Source == InputSource.Finger && !_rules.Profile.HasBiometrics) return StopReason.NotCapable;
        if (string.IsNullOrWhiteSpace(_shown)) return StopReason.NoItem;
        return _record.HasRoom(ScriptRecord.OneResult) ? null : StopReason.Limit;
    }
}
