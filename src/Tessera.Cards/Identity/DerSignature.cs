using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>
/// signatureAlgorithm and signatureValue, as they end certificates and lists (RFC 5280 §4.1.1): SHA-2 with RSA (PKCS#1 or
/// PSS, RFC 4055) or with a curve.
/// </summary>
/// <param name="Algorithm">AlgorithmIdentifier, DER.</param>
internal sealed record DerSignature(Bytes Algorithm, Bytes Value)
{
    private const string Pss = "1.2.840.113549.1.1.10";

    private static readonly Dictionary<string, HashAlgorithmName> Rsa = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.11"] = HashAlgorithmName.SHA256,
        ["1.2.840.113549.1.1.12"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.1.1.13"] = HashAlgorithmName.SHA512,
    };

    private static readonly Dictionary<string, HashAlgorithmName> Ecdsa = new(StringComparer.Ordinal)
    {
        ["1.2.840.10045.4.3.2"] = HashAlgorithmName.SHA256,
        ["1.2.840.10045.4.3.3"] = HashAlgorithmName.SHA384,
        ["1.2.840.10045.4.3.4"] = HashAlgorithmName.SHA512,
    };

    private static readonly Dictionary<string, HashAlgorithmName> Digests = new(StringComparer.Ordinal)
    {
        ["2.16.840.1.101.3.4.2.1"] = HashAlgorithmName.SHA256,
        ["2.16.840.1.101.3.4.2.2"] = HashAlgorithmName.SHA384,
        ["2.16.840.1.101.3.4.2.3"] = HashAlgorithmName.SHA512,
    };

    public static DerSignature Read(AsnReader reader)
    {
        var algorithm = new Bytes(reader.ReadEncodedValue());
        var value = new Bytes(reader.ReadBitString(out var unused));
        return unused == 0 ? new DerSignature(algorithm, value)
            : throw new WireFormatException("signature", 0, "is no whole number of octets");
    }

    /// <summary>Whether the signature on a certificate is of a kind that is believed.</summary>
    public static bool IsStrong(X509Certificate2 certificate)
    {
        try
        {
            var reader = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            reader.ReadEncodedValue();
            return Read(reader).Read() is not null;
        }
        catch (Exception e) when (e is AsnContentException or WireFormatException)
        {
            // What the platform took for a certificate need not be DER.
            return false;
        }
    }

    /// <summary>False also where the algorithm is none that is taken here, or does not go with the key.</summary>
    public bool Verifies(PublicKey key, ReadOnlySpan<byte> signed)
    {
        try
        {
            if (Read() is not var (hash, padding)) return false;
            using var rsa = key.GetRSAPublicKey();
            using var ec = key.GetECDsaPublicKey();
            return padding is null
                ? ec?.VerifyData(signed, Value.Span, hash, DSASignatureFormat.Rfc3279DerSequence) == true
                : rsa?.VerifyData(signed, Value.Span, hash, padding) == true;
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            // A key that cannot be used has signed nothing.
            return false;
        }
    }

    /// <summary>Digest and, of RSA, padding; null where the algorithm is none that is taken here.</summary>
    private (HashAlgorithmName Hash, RSASignaturePadding? Padding)? Read()
    {
        var reader = new AsnReader(Algorithm.Memory, AsnEncodingRules.DER).ReadSequence();
        var identifier = reader.ReadObjectIdentifier();
        if (string.Equals(identifier, Pss, StringComparison.Ordinal)) return ReadPss(reader);
        if (Rsa.TryGetValue(identifier, out var hash)) return (hash, RSASignaturePadding.Pkcs1);
        return Ecdsa.TryGetValue(identifier, out hash) ? (hash, null) : null;
    }

    /// <summary>Digest [0], mask [1] and length of the salt [2] (RFC 4055 §3.1); their defaults are of SHA-1.</summary>
    private static (HashAlgorithmName Hash, RSASignaturePadding? Padding)? ReadPss(AsnReader algorithm)
    {
        if (!algorithm.HasData) return null;
        var digest = new Asn1Tag(TagClass.ContextSpecific, 0);
        var parameters = algorithm.ReadSequence();
        return parameters.HasData && parameters.PeekTag().HasSameClassAndValue(digest)
            && Digests.TryGetValue(parameters.ReadSequence(digest).ReadSequence().ReadObjectIdentifier(), out var hash)
            ? (hash, RSASignaturePadding.Pss)
            : null;
    }
}
