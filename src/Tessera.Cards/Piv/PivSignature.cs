using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>What a PIV card has to be given for a signature: the host does the hash and the padding.</summary>
public static class PivSignature
{
    /// <summary>DigestInfo of SHA-256 without its digest (RFC 8017 §9.2, note 1).</summary>
    private static ReadOnlySpan<byte> Sha256Info =>
    [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86,
        0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
    ];

    /// <summary>SHA-256 by PKCS#1 for RSA, SHA-256 for P-256, SHA-384 for P-384.</summary>
    public static Bytes Input(PivAlgorithm algorithm, ReadOnlySpan<byte> message) => new(algorithm switch
    {
        PivAlgorithm.Rsa2048 or PivAlgorithm.Rsa3072 => Pad(SHA256.HashData(message), algorithm.KeyLength()),
        PivAlgorithm.P384 => SHA384.HashData(message),
        PivAlgorithm.P256 => SHA256.HashData(message),
        _ => throw new ArgumentException($"{algorithm} signs nothing.", nameof(algorithm)),
    });

    /// <summary>00 01 FF.. 00 DigestInfo, digest (RFC 8017 §9.2).</summary>
    /// <param name="digest">Of SHA-256.</param>
    /// <param name="length">Octets of the modulus.</param>
    public static byte[] Pad(ReadOnlySpan<byte> digest, int length)
    {
        var block = new byte[length];
        block.AsSpan().Fill(0xFF);
        (block[0], block[1]) = (0x00, 0x01);
        var info = block.AsSpan(length - Sha256Info.Length - digest.Length);
        block[length - info.Length - 1] = 0x00;
        Sha256Info.CopyTo(info);
        digest.CopyTo(info[Sha256Info.Length..]);
        return block;
    }
}
