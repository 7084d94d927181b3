using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>The public key of a certificate, as what a card does with its other half (NIST SP 800-78-5).</summary>
public static class CertificateKey
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string P384 = "1.3.132.0.34";

    /// <summary>Null for a kind of key that no PIV card has.</summary>
    public static PivAlgorithm? AlgorithmOf(X509Certificate2 certificate) => KindOf(certificate) switch
    {
        (2048, null) => PivAlgorithm.Rsa2048,
        (3072, null) => PivAlgorithm.Rsa3072,
        (_, P256) => PivAlgorithm.P256,
        (_, P384) => PivAlgorithm.P384,
        _ => null,
    };

    /// <summary>Bits, and of a curve its number; 0 bits for what the platform does not take for a key.</summary>
    internal static (int Bits, string? Curve) KindOf(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.PublicKey.GetRSAPublicKey();
            using var ec = certificate.PublicKey.GetECDsaPublicKey();
            if (ec is null) return (rsa?.KeySize ?? 0, null);
            var curve = ec.ExportParameters(includePrivateParameters: false).Curve;
            return (ec.KeySize, curve.IsNamed ? curve.Oid.Value : "");
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            // A point that is on no curve, or a curve that nobody knows.
            return (0, null);
        }
    }

    /// <exception cref="CryptographicException">It is no certificate.</exception>
    public static PivAlgorithm? AlgorithmOf(Bytes certificate)
    {
        using var read = X509CertificateLoader.LoadCertificate(certificate.Span);
        return AlgorithmOf(read);
    }

    /// <summary>
    /// Whether a card with the key of the certificate signed the message as <see cref="PivSignature.Input"/> has it:
    /// PKCS#1 with SHA-256, or ECDSA (DER) with SHA-256, for P-384 with SHA-384.
    /// </summary>
    public static bool Verifies(X509Certificate2 certificate, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (AlgorithmOf(certificate) is not { } algorithm) return false;
        try
        {
            if (algorithm.IsRsa())
            {
                using var rsa = certificate.PublicKey.GetRSAPublicKey();
                return rsa!.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }

            using var ec = certificate.PublicKey.GetECDsaPublicKey();
            var hash = algorithm == PivAlgorithm.P384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
            return ec!.VerifyData(message, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            // What is no signature at all is none of this key.
            return false;
        }
    }
}
