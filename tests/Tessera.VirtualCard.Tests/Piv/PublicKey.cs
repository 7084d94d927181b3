using System.Security.Cryptography;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Piv;

/// <summary>What the world knows of a key on a card, and what the platform's cryptography makes of it.</summary>
internal sealed class PublicKey : IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    private PublicKey(RSA? rsa, ECDsa? ec) => (_rsa, _ec) = (rsa, ec);

    /// <summary>Out of the template 7F49 that GENERATE answers.</summary>
    public static PublicKey Of(PivAlgorithm algorithm, Bytes template)
    {
        var outer = new ByteReader(template.Span);
        var reader = new ByteReader(Tlv.ReadExpected(ref outer, 0x7F49, "public key"));
        if (algorithm.IsRsa())
        {
            var modulus = Tlv.ReadExpected(ref reader, 0x81, "modulus").ToArray();
            var exponent = Tlv.ReadExpected(ref reader, 0x82, "exponent").ToArray();
            return new PublicKey(RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent }), null);
        }

        var point = Tlv.ReadExpected(ref reader, 0x86, "point")[1..];
        var half = point.Length / 2;
        return new PublicKey(null, ECDsa.Create(new ECParameters
        {
            Curve = Curve(algorithm),
            Q = new ECPoint { X = point[..half].ToArray(), Y = point[half..].ToArray() },
        }));
    }

    /// <summary>A key of the host's own, and the parts of it by which a card takes it.</summary>
    public static PublicKey Made(PivAlgorithm algorithm, out (ushort Tag, byte[] Value)[] parts)
    {
        if (!algorithm.IsRsa())
        {
            var ec = ECDsa.Create(Curve(algorithm));
            parts = [(6, ec.ExportParameters(includePrivateParameters: true).D!)];
            return new PublicKey(null, ec);
        }

        var rsa = RSA.Create(algorithm.KeyLength() * 8);
        var key = rsa.ExportParameters(includePrivateParameters: true);
        parts = [(1, key.P!), (2, key.Q!), (3, key.DP!), (4, key.DQ!), (5, key.InverseQ!)];
        return new PublicKey(rsa, null);
    }

    /// <summary>What the card has to be given for a signature with SHA-256, by PKCS#1 where it is RSA.</summary>
    public byte[] Input(byte[] message)
    {
        var hash = SHA256.HashData(message);
        if (_rsa is null) return hash;
        byte[] info = [.. Convert.FromHexString("3031300D060960864801650304020105000420"), .. hash];
        var block = new byte[_rsa.KeySize / 8];
        block.AsSpan(2, block.Length - info.Length - 3).Fill(0xFF);
        block[1] = 1;
        info.CopyTo(block, block.Length - info.Length);
        return block;
    }

    public bool Verifies(byte[] message, byte[] signature) =>
        _rsa?.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        ?? _ec!.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>The secret that a host shares with the card.</summary>
    public byte[] Agree(ECDiffieHellman host)
    {
        using var card = ECDiffieHellman.Create(_ec!.ExportParameters(includePrivateParameters: false));
        using var key = card.PublicKey;
        return host.DeriveRawSecretAgreement(key);
    }

    public void Dispose()
    {
        _rsa?.Dispose();
        _ec?.Dispose();
    }

    private static ECCurve Curve(PivAlgorithm algorithm) =>
        algorithm == PivAlgorithm.P256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
}
