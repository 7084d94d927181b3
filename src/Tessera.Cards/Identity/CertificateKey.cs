using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Piv;

namespace Tessera.Cards.Identity;

/// <summary>The public key of a certificate, as what a card does with its other half (NIST SP 800-78-5).</summary>
public static class CertificateKey
{
    /// <summary>Null for a kind of key that no PIV card has.</summary>
    public static PivAlgorithm? AlgorithmOf(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.PublicKey.GetRSAPublicKey();
            using var ec = certificate.PublicKey.GetECDsaPublicKey();
            return (rsa?.KeySize, ec?.KeySize) switch
            {
                (2048, _) => PivAlgorithm.Rsa2048,
                (3072, _) => PivAlgorithm.Rsa3072,
                (_, 256) => PivAlgorithm.P256,
                (_, 384) => PivAlgorithm.P384,
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            // A point that is on no curve is no key.
            return null;
        }
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
