using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>A key of a card with its certificate, and what is known of them.</summary>
/// <param name="Reference">9A, 9C, 9D, 9E or 82 to 95.</param>
/// <param name="Certificate">DER; empty where <paramref name="Fault"/> says why there is none.</param>
/// <param name="Algorithm">Null for a kind of key that no PIV card has.</param>
/// <param name="Until">The certificate is good until then.</param>
/// <param name="Fault">Why the certificate cannot be read; null where it can.</param>
/// <param name="Verdict">Whether it is trusted; null where nobody judged.</param>
/// <param name="Proof">Whether the card has the key; null where nobody asked.</param>
public sealed record CardKey(
    byte Reference, Bytes Certificate, PivAlgorithm? Algorithm, string Subject, string Issuer, DateTimeOffset Until,
    string? Fault = null, TrustVerdict? Verdict = null, KeyProof? Proof = null)
{
    /// <summary>The certificate is trusted and the card has its key.</summary>
    public bool IsAuthentic => Verdict is { IsTrusted: true } && Proof is { State: ProofState.Proven };

    /// <summary>Of a certificate that a card holds; whatever is in it, this returns.</summary>
    public static CardKey Of(byte reference, Bytes der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
            return new CardKey(
                reference, new Bytes(certificate.RawData), CertificateKey.AlgorithmOf(certificate),
                CertificateName.Of(certificate.SubjectName), CertificateName.Of(certificate.IssuerName),
                new DateTimeOffset(certificate.NotAfter).ToUniversalTime());
        }
        catch (CryptographicException e)
        {
            return Unread(reference, $"is no certificate: {e.Message}");
        }
    }

    /// <summary>A key whose certificate nobody could read.</summary>
    public static CardKey Unread(byte reference, string why) => new(reference, Bytes.Empty, null, "", "", default, why);

    /// <summary>The certificate; the caller disposes it.</summary>
    public X509Certificate2 Load() => X509CertificateLoader.LoadCertificate(Certificate.Span);

    /// <param name="at">The time that the certificate has to be good at.</param>
    public CardKey Judged(TrustStore trust, DateTimeOffset at, RevocationCheck revocation = RevocationCheck.Chain)
    {
        if (Fault is not null) return this;
        using var certificate = Load();
        return this with { Verdict = trust.Judge(certificate, [], at, UseOf(Reference), revocation) };
    }

    private static CertificateUse UseOf(byte reference) => reference switch
    {
        PivKeyReference.Authentication or PivKeyReference.CardAuthentication => CertificateUse.Authentication,
        PivKeyReference.Signature => CertificateUse.Signature,
        _ => CertificateUse.KeyEstablishment,
    };
}
