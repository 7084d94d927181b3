using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>Three octets that tell one key from another without giving it away.</summary>
/// <remarks>
/// <code>
/// AES          AES-ECB(key, 16 × 01)[0..3]     GlobalPlatform Card Specification, Amendment D §4.1.4
/// triple DES   TDEA-ECB(key, 8 × 00)[0..3]     GlobalPlatform Card Specification, annex B
/// </code>
/// </remarks>
public static class KeyCheckValue
{
    public const int Length = 3;

    /// <summary>Of an AES key.</summary>
    public static Bytes Of(SecretKey key)
    {
        using var aes = key.CreateAes();
        Span<byte> block = stackalloc byte[16];
        block.Fill(0x01);
        return Bytes.CopyOf(aes.EncryptEcb(block, PaddingMode.None).AsSpan(0, Length));
    }

    /// <summary>Of a triple DES key.</summary>
    /// <exception cref="ArgumentException">The key has neither 16 nor 24 octets, or is a single DES key.</exception>
    public static Bytes OfTdea(SecretKey key)
    {
        if (key.Length is not (16 or 24))
            throw new ArgumentException($"A triple DES key has 16 or 24 octets, not {key.Length}.", nameof(key));
        using var des = Tdea.Create(key);
        return Bytes.CopyOf(des.EncryptEcb(stackalloc byte[8], PaddingMode.None).AsSpan(0, Length));
    }
}
