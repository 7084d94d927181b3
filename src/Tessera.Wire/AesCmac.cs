using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Tessera.Wire;

/// <summary>
/// AES-CMAC (NIST SP 800-38B, RFC 4493): a message authentication code of 16 octets, or its first ones.
/// </summary>
public static class AesCmac
{
    public const int Length = 16;

    private const byte Rb = 0x87;

    public static byte[] Compute(SecretKey key, ReadOnlySpan<byte> message)
    {
        var mac = new byte[Length];
        Compute(key, message, mac);
        return mac;
    }

    /// <summary>Writes the code, cut to the length of <paramref name="mac"/> (1 to 16 octets).</summary>
    public static void Compute(SecretKey key, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        ArgumentOutOfRangeException.ThrowIfZero(mac.Length, nameof(mac));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mac.Length, Length, nameof(mac));

        using var aes = AesBlocks.ForEncryption(key);
        Span<byte> last = stackalloc byte[Length];
        LastBlockMask(aes, message.Length, last);
        var whole = Math.Max(0, (message.Length - 1) / Length) * Length;
        var rest = message[whole..];
        for (var i = 0; i < rest.Length; i++) last[i] ^= rest[i];
        if (rest.Length < Length) last[rest.Length] ^= 0x80;

        var state = Vector128<byte>.Zero;
        for (var at = 0; at < whole; at += Length)
            state = aes.Encrypt(state ^ Vector128.Create(message.Slice(at, Length)));
        state = aes.Encrypt(state ^ Vector128.Create<byte>(last));
        state.CopyTo(last);
        last[..mac.Length].CopyTo(mac);
        CryptographicOperations.ZeroMemory(last);
    }

    /// <summary>True when <paramref name="mac"/> is the code of the message; takes the same time either way.</summary>
    public static bool Verify(SecretKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[mac.Length];
        Compute(key, message, expected);
        return CryptographicOperations.FixedTimeEquals(expected, mac);
    }

    /// <summary>K1 for a message of whole blocks, K2 for one that is padded (SP 800-38B §6.1).</summary>
    private static void LastBlockMask(in AesBlocks aes, int length, Span<byte> mask)
    {
        aes.Encrypt(Vector128<byte>.Zero).CopyTo(mask);
        Double(mask);
        if (length == 0 || length % Length != 0) Double(mask);
    }

    /// <summary>Doubling in GF(2^128), big endian, in place: how subkeys follow from E(0).</summary>
    public static void Double(Span<byte> block)
    {
        var carry = block[0] >> 7;
        for (var i = 0; i < Length - 1; i++) block[i] = (byte)((block[i] << 1) | (block[i + 1] >> 7));
        block[^1] = (byte)((block[^1] << 1) ^ (carry * Rb));
    }
}
