using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Platform.Signing;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions.Verifying;

/// <summary>A certificate that a card showed in a script, and whether it signed there with its key.</summary>
internal sealed record ShownKey(CardKey Key, bool IsProven)
{
    /// <summary>Null where the card showed none.</summary>
    public static ShownKey? Of(ScriptReading answer, byte reference)
    {
        if (Shown(answer, reference) is not { } der) return null;
        var key = CardKey.Of(reference, der);
        return new ShownKey(
            key, key.Fault is null && answer.SignatureOf(reference) is { } signed && Signed(key, signed));
    }

    private static Bytes? Shown(ScriptReading answer, byte reference)
    {
        var command = PivCommands.Read(PivKeyReference.Certificate(reference)!.Value);
        if (answer.Answer(command) is not { Status.IsSuccess: true, Data.Length: > 0 } read) return null;
        try
        {
            return PivCertificate.OfAnswer(read.Data);
        }
        catch (WireFormatException)
        {
            // It is judged as what it is: no certificate.
            return read.Data;
        }
    }

    private static bool Signed(CardKey key, TracedSignature signed)
    {
        try
        {
            return SignatureReading.SignatureOf(signed) is { } signature
                && CardSigner.Verifies(key.Certificate, signed.Statement, signature);
        }
        catch (WireFormatException)
        {
            // What is no response is no signature.
            return false;
        }
    }
}
