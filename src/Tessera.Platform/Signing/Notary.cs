using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Platform.Signing;

/// <summary>
/// Looks at what cards have signed: verifies, judges the signer, countersigns, files. What it files holds without it.
/// </summary>
/// <param name="server">The certificate of the link with its key: scripts are made for it.</param>
/// <param name="trust">Which authorities are believed now.</param>
public sealed class Notary(
    IEvidenceStore store, X509Certificate2 server, Func<CancellationToken, Task<TrustStore>> trust, TimeProvider time)
{
    private readonly Bytes _server = PeerIdentity.Of(server).Id;

    /// <summary>How far revocation is looked into. Default the whole chain.</summary>
    public RevocationCheck Revocation { get; init; } = RevocationCheck.Chain;

    /// <summary>What is known of a card; null where it has to show its certificates.</summary>
    public Task<CardSigner?> SignerAsync(CardId card, CancellationToken cancel) => store.SignerAsync(card, cancel);

    /// <summary>Why a card is not let sign now; null where it is.</summary>
    public async Task<string?> AgainstAsync(CardSigner signer, CancellationToken cancel) =>
        await JudgeAsync(signer.Certificate, cancel) is { IsTrusted: false, Words: var words } ? words : null;

    /// <summary>Verifies and files what a card signed, once for a step of a session.</summary>
    /// <exception cref="WireFormatException">The answer is none to that script, or has no signature.</exception>
    public async Task<Notarised> FileAsync(SignedScript signed, string step, CancellationToken cancel)
    {
        if (await store.OfStepAsync(step, cancel) is { } before) return Filed(before);

        var place = signed.Place;
        var profile = new TerminalProfile(place.Profile, (TerminalCapabilities)place.Capabilities);
        var reading = SignatureReading.Of(
            signed.Script, signed.Answer, _server, profile, place.Initialized, signed.Step);
        if (reading?.Signature is not { } signature) throw new WireFormatException("answer", 0, "has no signature");

        var card = place.Card ?? reading.Card;
        var signer = signed.Known ?? Shown(reading);
        if (signer is null || !IsBy(signer, reading, signature) || (reading.Card is { } told && told != card) ||
            (card is { } at && CardSigner.CardsOf(signer.Certificate).Any(named => named != at)))
        {
            if (card is { } other) await store.KeepAsync(other, null, cancel);
            return new Notarised(null, SignatureRefusal.OtherKey, "The signature is not by the key of the card's certificate.");
        }

        var verdict = await JudgeAsync(signer.Certificate, cancel);
        if (!verdict.IsTrusted) return new Notarised(null, SignatureRefusal.NotTrusted, verdict.Words);
        if (signed.Known is null && card is { } seen) await store.KeepAsync(seen, signer, cancel);

        var file = Countersigned(new EvidenceFile
        {
            Id = EvidenceCheck.IdOf(reading.Signed.Statement),
            Shown = reading.Shown,
            Columns = place.Columns,
            Rows = place.Rows,
            Confirmed = EvidenceCheck.NameOf(reading.Method),
            Signer = CardSigner.NameOf(signer.Certificate),
            Card = card is { } id ? Bytes.Of(id) : Bytes.Empty,
            Time = verdict.At,
            Application = signed.Application,
            Session = signed.Session,
            Server = _server,
            Terminal = place.Terminal,
            Profile = place.Profile,
            Capabilities = place.Capabilities,
            Initialized = place.Initialized,
            Script = SignatureExcerpt.Of(signed.Script, signed.Step),
            Answer = SignatureExcerpt.OfAnswer(signed.Answer, signed.Step, reading.Commands),
            Step = signed.Step,
            Record = reading.Signed.Record,
            Statement = reading.Signed.Statement,
            Signature = signature,
            Certificate = signer.Certificate,
            Chain = [.. verdict.Path.Skip(1)],
            Revocation = verdict.RevocationLists,
            ServerKey = new Bytes(server.PublicKey.ExportSubjectPublicKeyInfo()),
        });
        return Filed(await store.AddAsync(
            new FiledEvidence(
                file.Id, step, file.Time, file.Application, card, file.Signer, signed.Title, new Bytes(file.ToUtf8())),
            cancel));
    }

    private static Notarised Filed(FiledEvidence filed)
    {
        var file = EvidenceFile.Read(filed.File.Span);
        return new Notarised(new SignedTransaction(
            filed.Id.ToString(), filed.Card, filed.Signer, EvidenceCheck.MethodOf(file.Confirmed), filed.Time));
    }

    private static CardSigner? Shown(SignatureReading reading) =>
        reading.Certificates.TryGetValue(PivKeyReference.Signature, out var certificate)
            ? new CardSigner(
                certificate,
                reading.Certificates.TryGetValue(PivKeyReference.CardAuthentication, out var own) ? own : null)
            : null;

    private static bool IsBy(CardSigner signer, SignatureReading reading, Bytes signature) =>
        CardSigner.Verifies(signer.Certificate, reading.Signed.Statement, signature) &&
        (reading.CardProof is not { } proof || (signer.CardCertificate is { } own &&
            SignatureReading.SignatureOf(proof) is { } proven && CardSigner.Verifies(own, proof.Statement, proven)));

    private async Task<TrustVerdict> JudgeAsync(Bytes certificate, CancellationToken cancel)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.Span);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        return (await trust(cancel)).Judge(leaf, [], now, CertificateUse.Signature, Revocation);
    }

    private EvidenceFile Countersigned(EvidenceFile file)
    {
        using var key = server.GetECDsaPrivateKey()
            ?? throw new InvalidOperationException("The certificate of the server has no private key.");
        return file with
        {
            CounterSignature = new Bytes(key.SignData(
                file.Countersigned.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
        };
    }
}
