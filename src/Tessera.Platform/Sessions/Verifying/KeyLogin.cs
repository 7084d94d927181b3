using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Sessions.Verifying;

/// <summary>
/// Login of a card of any maker that has nothing but a PIV application (docs/protocols/identity.md §6): it is known by a
/// key, or by the name that a trusted authority gave its holder.
/// </summary>
/// <param name="trust">Gives the authorities that are believed now.</param>
/// <param name="naming">What names the holder of a card that nobody registered.</param>
/// <param name="mustBeTrusted">The certificate of a registered card has to lead to a root, too.</param>
/// <param name="time">What certificates have to be good at.</param>
public sealed class KeyLogin(
    IKeyRegister register, Func<CancellationToken, Task<TrustStore>> trust, HolderNaming naming, bool mustBeTrusted,
    TimeProvider time)
{
    /// <summary>The keys that are tried, in order: the one that needs no PIN, then that of the holder.</summary>
    public static IReadOnlyList<byte> References { get; } =
        [PivKeyReference.CardAuthentication, PivKeyReference.Authentication];

    /// <summary>The script stops at its second step where the card has no such certificate.</summary>
    internal static ScriptStep[] Steps(byte reference) =>
    [
        .. Showing(reference),
        .. PivKeyReference.IsFree(reference) ? [] : Verify(),
        new SignStep(
            reference, SignatureAlgorithm.OfCertificate, new Bytes(RandomNumberGenerator.GetBytes(SignStep.NonceLength))),
    ];

    /// <summary>The card shows a certificate, and need not prove that it is its own.</summary>
    internal static ScriptStep[] Showing(byte reference) =>
    [
        CardSteps.Anything, new CardStep(PivCommands.Select),
        new CardStep(PivCommands.Read(PivKeyReference.Certificate(reference)!.Value)),
    ];

    /// <summary>The card that is known by the certificate in the answer to <see cref="Showing"/>; null for none.</summary>
    internal async Task<CardId?> FindAsync(ScriptReading answer, byte reference, CancellationToken cancel)
    {
        if (ShownKey.Of(answer, reference) is not { Key: { Fault: null } key }) return null;
        using var certificate = key.Load();
        return (await register.FindAsync(KnownKey.DigestOf(certificate), cancel))?.Card;
    }

    /// <summary>What the answer to <see cref="Steps"/> says of a card.</summary>
    internal async Task<KeyVerdict> JudgeAsync(ScriptReading answer, byte reference, CancellationToken cancel)
    {
        if (ShownKey.Of(answer, reference) is not { Key: var key, IsProven: var isProven })
            return KeyVerdict.Refused("", $"Key {reference:X2} has no certificate.", Wording.NoKeyKnown);
        if (key.Fault is { } fault)
            return KeyVerdict.Refused("", $"What the card holds of key {reference:X2} {fault}", Wording.CertificateDistrusted);
        if (key.Algorithm is null)
            return KeyVerdict.Refused(key.Subject, "The key is of a kind that is not known here.", Wording.CertificateDistrusted);
        if (!isProven)
            return KeyVerdict.Refused(key.Subject, "The card does not have the key.", Wording.CertificateNotItsOwn) with
            {
                IsFinal = true,
            };

        var verdict = key.Judged(await trust(cancel), time.GetUtcNow()).Verdict!;
        using var certificate = key.Load();
        var digest = KnownKey.DigestOf(certificate);
        var known = await register.FindAsync(digest, cancel);
        if (known is { Name: null } && Against(verdict) is null)
            return new KeyVerdict(known.Card, key.Subject, verdict.Words, "", false);
        if (!verdict.IsTrusted)
        {
            return KeyVerdict.Refused(key.Subject, verdict.Words, CertificateLogin.Said(verdict)) with
            {
                IsFinal = known is not null || verdict.Has(TrustFault.Revoked),
            };
        }

        if (NamedHolder.Of(certificate, naming) is not { } name)
            return KeyVerdict.Refused(key.Subject, "Nobody registered the card, and its certificate names no holder.",
                Wording.NoKeyKnown);
        if (known is not null && !string.Equals(known.Name, name, StringComparison.Ordinal))
            return KeyVerdict.Refused(key.Subject, $"It was the card of {known.Name}, and is now that of {name}.",
                Wording.CertificateNotItsOwn) with
            {
                IsFinal = true,
            };

        var now = time.GetUtcNow();
        var welcome = await register.WelcomeAsync(
            known ?? new KnownKey(digest, KnownKey.CardOf(digest), key.Subject, name),
            new Holder(HolderId.New(now), NamedHolder.WordsOf(certificate), now), cancel);
        return new KeyVerdict(welcome.Card, key.Subject, verdict.Words, "", false);
    }

    /// <summary>Whose a registered card is its operator has said; whether its certificate still holds, nobody else can.</summary>
    private TrustFinding? Against(TrustVerdict verdict) => verdict.Findings.FirstOrDefault(
        finding => mustBeTrusted || finding.Fault != TrustFault.UnknownRoot);

    private static IEnumerable<ScriptStep> Verify() =>
    [
        ToolkitStep.Of(ProactiveCommand.DisplayText(Wording.LogInByPin, DisplayQualifier.None)),
        .. CardSteps.Verify(PaymentMethod.Pin),
    ];
}

/// <summary>What a session has on record of a key that its card logged in by.</summary>
/// <param name="Card">Null where it is not accepted by this key.</param>
/// <param name="Words">For operators.</param>
/// <param name="Said">To the holder, where it is not accepted.</param>
/// <param name="IsFinal">No other key of the card can make up for it.</param>
internal sealed record KeyVerdict(CardId? Card, string Subject, string Words, string Said, bool IsFinal)
{
    public static KeyVerdict Refused(string subject, string words, string said) => new(null, subject, words, said, false);
}
