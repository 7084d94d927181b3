using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Identity;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Signing;

/// <summary>What is to be said of a file of evidence.</summary>
/// <param name="Faults">Everything that is wrong, in clauses without a full stop; none where it holds.</param>
/// <param name="Trust">Of the signer at the time of signing; null where nobody said which roots are believed.</param>
public sealed record EvidenceVerdict(IReadOnlyList<string> Faults, TrustVerdict? Trust)
{
    public bool Holds => Faults.Count == 0;
}

/// <summary>
/// Checks evidence by itself alone: everything it says is computed again from its script, its answer and its keys
/// (docs/protocols/evidence.md §3).
/// </summary>
public static class EvidenceCheck
{
    private const int IdLength = 8;

    /// <param name="trust">Which roots are believed; null leaves open who the signer is.</param>
    /// <param name="revocation">How far revocation is looked into, by the lists of the store and of the file.</param>
    public static EvidenceVerdict Check(
        EvidenceFile file, TrustStore? trust, RevocationCheck revocation = RevocationCheck.Chain)
    {
        List<string> faults = [];
        try
        {
            CheckServer(file, faults);
            CheckSignature(file, faults);
            var verdict = trust is null ? null : Judge(file, trust, revocation);
            if (verdict is { IsTrusted: false }) faults.Add($"the signer is not trusted: {verdict.Words}");
            return new EvidenceVerdict(faults, verdict);
        }
        catch (Exception e) when (
            e is WireFormatException or CryptographicException or ArgumentException or NotSupportedException)
        {
            faults.Add($"it cannot be read: {e.Message}");
            return new EvidenceVerdict(faults, null);
        }
    }

    /// <summary>How a method is written.</summary>
    internal static string NameOf(PaymentMethod method) => method switch
    {
        PaymentMethod.Pin => "pin",
        PaymentMethod.Finger => "finger",
        _ => "key",
    };

    internal static PaymentMethod MethodOf(string name) =>
        Enum.GetValues<PaymentMethod>().First(method => string.Equals(NameOf(method), name, StringComparison.Ordinal));

    internal static Bytes IdOf(Bytes statement) => Bytes.CopyOf(SHA256.HashData(statement.Span).AsSpan(0, IdLength));

    private static TrustVerdict Judge(EvidenceFile file, TrustStore trust, RevocationCheck revocation)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(file.Certificate.Span);
        List<X509Certificate2> chain = [.. file.Chain.Select(one => X509CertificateLoader.LoadCertificate(one.Span))];
        try
        {
            using var store = TrustStore.Of(
                trust.Roots, trust.Intermediates,
                [.. trust.Lists, .. file.Revocation.Select(list => RevocationList.Read(list.Memory))]);
            return store.Judge(leaf, chain, file.Time, CertificateUse.Signature, revocation);
        }
        finally
        {
            foreach (var one in chain) one.Dispose();
        }
    }

    private static void CheckServer(EvidenceFile file, List<string> faults)
    {
        if (!SHA256.HashData(file.ServerKey.Span).AsSpan(0, PeerIdentity.IdLength).SequenceEqual(file.Server.Span))
        {
            faults.Add("the key of the server is not the one that the script was made for");
            return;
        }

        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(file.ServerKey.Span, out var read);
        if (read != file.ServerKey.Length || !key.VerifyData(
                file.Countersigned.Span, file.CounterSignature.Span, HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence))
            faults.Add("the server has not signed this file");
    }

    private static void CheckSignature(EvidenceFile file, List<string> faults)
    {
        var profile = new TerminalProfile(file.Profile, (TerminalCapabilities)file.Capabilities);
        if (SignatureReading.Of(file.Script, file.Answer, file.Server, profile, file.Initialized, file.Step) is not { } reading)
        {
            faults.Add("the script asks for no signature there");
            return;
        }

        Same(reading.Signed.Record, file.Record, "the record is not what script and answer say");
        Same(reading.Signed.Statement, file.Statement, "the statement is not what script and answer say");
        Same(reading.Signature, file.Signature, "the signature is not the one of the answer");
        Same(IdOf(file.Statement), file.Id, "the id is not that of the statement");
        Same(CardSigner.NameOf(file.Certificate), file.Signer, "the name is not that of the certificate");
        Same(NameOf(reading.Method), file.Confirmed, "it was confirmed otherwise");
        if (!reading.Shown.SequenceEqual(file.Shown, StringComparer.Ordinal)) faults.Add("something else was shown");
        if (reading.Card is { } card) Same(Bytes.Of(card), file.Card, "it was another card");
        if (file.Card.Length > 0 && CardSigner.CardsOf(file.Certificate).Any(named => Bytes.Of(named) != file.Card))
            faults.Add("the certificate names another card");
        if (!CardSigner.Verifies(file.Certificate, file.Statement, file.Signature))
            faults.Add("the signature is not one of the key of the certificate");

        void Same<T>(T computed, T said, string otherwise)
        {
            if (!EqualityComparer<T>.Default.Equals(computed, said)) faults.Add(otherwise);
        }
    }
}
