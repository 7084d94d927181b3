using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

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

    /// <summary>Since the last signature the holder saw a text and pressed a key, or said yes to one.</summary>
    private bool _hasAgreed;

    /// <summary>Since then something was on the display that may look like something else.</summary>
    private bool _isObscured;

    /// <summary>What the keys sign with, as the certificates say that the script has read.</summary>
    private readonly Dictionary<byte, SignatureAlgorithm> _algorithms = [];

    private IEnumerable<ScriptAction> RunSignature(SignStep asked, byte ordinal)
    {
        var reason = SignatureRefusal(asked);
        if (reason is null && IsForDocuments(asked) && !_verifiedForSignature) reason = StopReason.PinRule;
        if (reason is { } why) return Refuse(why);

        (_hasAgreed, _isObscured) = (false, false);
        var step = asked with { Algorithm = AlgorithmOf(asked)!.Value };
        var command = SignatureCommand.Build(step, _record.Signing(ordinal, step));
        return Exchange(new CardUnit(ordinal, new CardStep(command), []), command);
    }

    private static bool IsForDocuments(SignStep step) => step.KeyReference == PivKeyReference.Signature;

    /// <summary>What can be said before a PIN is asked for it.</summary>
    private StopReason? SignatureRefusal(SignStep step) =>
        _selected?.Allows(step) != true ? StopReason.NotAllowed
        : AlgorithmOf(step) is null ? StopReason.NotCapable
        : IsForDocuments(step) && (!_hasAgreed || _isObscured) ? StopReason.NoItem
        : null;

    private SignatureAlgorithm? AlgorithmOf(SignStep step) =>
        step.Algorithm != SignatureAlgorithm.OfCertificate ? step.Algorithm
        : _algorithms.TryGetValue(step.KeyReference, out var known) ? known
        : null;

    /// <summary>Looks ahead from a VERIFY to a signature: no PIN is asked for one that would be refused.</summary>
    private void AnnounceSignature(ScriptCursor? next)
    {
        if (next?.Step is not SignStep sign) return;
        _signatureNext = true;
        if (SignatureRefusal(sign) is { } reason) _record.StopAt(reason, (byte)next.Ordinal);
    }

    /// <summary>A wrong PIN for a signature is asked again here, so that it costs no round trip.</summary>
    private void FollowSignature(CommandApdu command, ResponseApdu answer)
    {
        var status = answer.Status;
        if (status.IsSuccess) FollowCertificate(command, answer.Data);
        var isVerify = _signatureNext && PinRule.IsVerify(command);
        _verifiedForSignature = isVerify && status.IsSuccess;
        _triesLeft = isVerify && !PinRule.IsFinger(command) && status.TriesLeft is > 0 and var tries ? tries : null;
    }

    /// <summary>What cannot be read of a certificate is not known.</summary>
    private void FollowCertificate(CommandApdu command, Bytes answer)
    {
        var keys = _selected?.SignatureKeys ?? default;
        foreach (var key in keys.Where(key => PivCommands.Read(PivKeyReference.Certificate(key)!.Value).Data == command.Data))
        {
            _algorithms.Remove(key);
            try
            {
                if (PivCertificate.OfAnswer(answer) is { } certificate &&
                    CertificateKey.AlgorithmOf(certificate) is { } algorithm)
                    _algorithms[key] = (SignatureAlgorithm)algorithm;
            }
            catch (Exception bad) when (bad is WireFormatException or CryptographicException)
            {
                // Then a signature by it is not begun.
            }
        }
    }

    /// <summary>A line of a list may be longer than a display is wide: choosing it is no agreement.</summary>
    private void Agree(ProactiveCommand command, TerminalResponse response)
    {
        string?[] texts = [command.Text, command.Alpha, command.DefaultText, .. command.Items.Select(item => item.Text)];
        _isObscured |= texts.Any(text => text is not null && PlainText.FaultOf(text) is not null);
        if (!response.Result.IsDone()) return;
        _hasAgreed |= command switch
        {
            { Type: CommandType.DisplayText } => ((DisplayQualifier)command.Qualifier).HasFlag(DisplayQualifier.WaitForUser),
            { IsYesNo: true } => response.IsYes,
            _ => false,
        };
    }
}
