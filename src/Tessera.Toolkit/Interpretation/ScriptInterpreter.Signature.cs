using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;

namespace Tessera.Toolkit.Interpretation;

/// <summary>Signatures of the card (docs/protocols/script.md §5, §6, rule 11).</summary>
public sealed partial class ScriptInterpreter
{
    /// <summary>A signature comes directly after the VERIFY at work.</summary>
    private bool _signatureNext;

    /// <summary>The PIN was wrong, and the terminal asks it again: so often it may still be.</summary>
    private int? _triesLeft;

    /// <summary>The last command was the VERIFY for the signature that comes now, and the card took the PIN.</summary>
    private bool _verifiedForSignature;

    /// <summary>Since the last signature the holder saw a text and pressed a key, chose an item or said yes.</summary>
    private bool _hasAgreed;

    private IEnumerable<ScriptAction> RunSignature(SignStep step, byte ordinal)
    {
        var reason = SignatureRefusal(step);
        if (reason is null && IsForDocuments(step) && !_verifiedForSignature) reason = StopReason.PinRule;
        if (reason is { } why) return Refuse(why);

        _hasAgreed = false;
        var command = SignatureCommand.Build(step, _record.Signing(ordinal, step));
        return Exchange(new CardUnit(ordinal, new CardStep(command), []), command);
    }

    private static bool IsForDocuments(SignStep step) => step.KeyReference == PivKeyReference.Signature;

    /// <summary>What can be said before a PIN is asked for it.</summary>
    private StopReason? SignatureRefusal(SignStep step) =>
        _selected?.Allows(step) != true ? StopReason.NotAllowed
        : IsForDocuments(step) && !_hasAgreed ? StopReason.NoItem
        : null;

    /// <summary>Looks ahead from a VERIFY to a signature: no PIN is asked for one that would be refused.</summary>
    private void AnnounceSignature(ScriptCursor? next)
    {
        if (next?.Step is not SignStep sign) return;
        _signatureNext = true;
        if (SignatureRefusal(sign) is { } reason) _record.StopAt(reason, (byte)next.Ordinal);
    }

    /// <summary>A wrong PIN for a signature is asked again here, so that it costs no round trip.</summary>
    private void FollowSignature(CommandApdu command, StatusWord status)
    {
        var isVerify = _signatureNext && PinRule.IsVerify(command);
        _verifiedForSignature = isVerify && status.IsSuccess;
        _triesLeft = isVerify && !PinRule.IsFinger(command) && status.TriesLeft is > 0 and var tries ? tries : null;
    }

    private void Agree(ProactiveCommand command, TerminalResponse response)
    {
        if (!response.Result.IsDone()) return;
        _hasAgreed |= command switch
        {
            { Type: CommandType.DisplayText } => ((DisplayQualifier)command.Qualifier).HasFlag(DisplayQualifier.WaitForUser),
            { IsYesNo: true } => response.IsYes,
            { Type: CommandType.SelectItem } => _choice is not null,
            _ => false,
        };
    }
}
