using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Signing;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions.Verifying;

/// <summary>
/// Login by certificate (docs/protocols/identity.md §5): a card with key 9E signs a nonce in the script that opens the
/// session, and its certificate has to be trusted.
/// </summary>
/// <param name="trust">Gives the authorities that are believed now.</param>
/// <param name="isRequired">A card without a certificate is not accepted; else it is, by its other keys alone.</param>
/// <param name="time">What certificates have to be good at.</param>
public sealed class CertificateLogin(
    Func<CancellationToken, Task<TrustStore>> trust, bool isRequired, TimeProvider time)
{
    private static readonly CommandApdu Certificate =
        PivCommands.Read(PivKeyReference.Certificate(PivKeyReference.CardAuthentication)!.Value);

    /// <summary>The last steps of a script: where the card has no such key, it stops here.</summary>
    internal static ScriptStep[] Steps() =>
    [
        CardSteps.Anything, new CardStep(PivCommands.Select), CardSteps.Anything, new CardStep(Certificate),
        new SignStep(
            PivKeyReference.CardAuthentication, SignatureAlgorithm.OfCertificate,
            new Bytes(RandomNumberGenerator.GetBytes(SignStep.NonceLength))),
    ];

    /// <summary>The script did not stop before them.</summary>
    internal static bool CameTo(ScriptReading answer) => answer.Answer(PivCommands.Select) is not null;

    /// <summary>What the answer to <see cref="Steps"/> proves of a card.</summary>
    internal async Task<CertificateVerdict> JudgeAsync(ScriptReading answer, CardId card, CancellationToken cancel)
    {
        if (ShownKey.Of(answer, PivKeyReference.CardAuthentication) is not { Key: var key, IsProven: var isProven })
        {
            return isRequired
                ? CertificateVerdict.Refused("", "The card has no certificate.", Wording.NoCertificate)
                : CertificateVerdict.None;
        }

        if (key.Fault is { } fault)
            return CertificateVerdict.Refused("", $"What the card holds {fault}", Wording.CertificateDistrusted);
        if (!isProven)
            return CertificateVerdict.Refused(key.Subject, "The card does not have the key.", Wording.CertificateNotItsOwn);
        var named = CardSigner.CardsOf(key.Certificate);
        if (named.Any(one => one != card))
            return CertificateVerdict.Refused(key.Subject, "It is that of another card.", Wording.CertificateNotItsOwn);

        var verdict = key.Judged(await trust(cancel), time.GetUtcNow()).Verdict!;
        return verdict.IsTrusted
            ? new CertificateVerdict(true, key.Subject, verdict.Words, "") { NamesCard = named.Count > 0 }
            : CertificateVerdict.Refused(key.Subject, verdict.Words, Said(verdict));
    }

    internal static string Said(TrustVerdict verdict) => verdict switch
    {
        _ when verdict.Has(TrustFault.Revoked) => Wording.CertificateRevoked,
        _ when verdict.Has(TrustFault.Expired) => Wording.CertificateExpired,
        _ => Wording.CertificateDistrusted,
    };
}

/// <summary>What a session has on record of the certificate of its card.</summary>
/// <param name="IsAccepted">The session goes on.</param>
/// <param name="Subject">Empty for a card without one.</param>
/// <param name="Words">For operators.</param>
/// <param name="Said">To the holder, where it is not accepted.</param>
internal sealed record CertificateVerdict(bool IsAccepted, string Subject, string Words, string Said)
{
    /// <summary>A card without a certificate, which need not have one.</summary>
    public static CertificateVerdict None { get; } = new(true, "", "no certificate", "");

    /// <summary>It is the certificate of this very card, by its name: the card is proven by it alone.</summary>
    public bool NamesCard { get; init; }

    public static CertificateVerdict Refused(string subject, string words, string said) => new(false, subject, words, said);
}
