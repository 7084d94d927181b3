using System.Security.Cryptography;

namespace Tessera.Sms.Packets;

/// <summary>DES and triple DES as old cards use them, IV zero, keys of 8, 16 (K1 K2 K1) or 24 octets.</summary>
internal static class DesCipher
{
    private const int Block = 8;

    public static void Encrypt(ReadOnlySpan<byte> key, Span<byte> octets, bool ecb) =>
        Run(key, octets, ecb, encrypt: true);

    public static void Decrypt(ReadOnlySpan<byte> key, Span<byte> octets, bool ecb) =>
        Run(key, octets, ecb, encrypt: false);

    /// <summary>CBC-MAC: zeros fill up the last block of the message, and what comes of it is the code.</summary>
    public static void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        var padded = new byte[Math.Max(Block, (message.Length + Block - 1) / Block * Block)];
        message.CopyTo(padded);
        Encrypt(key, padded, ecb: false);
        padded.AsSpan(padded.Length - Block).CopyTo(mac);
    }

    private static void Run(ReadOnlySpan<byte> key, Span<byte> octets, bool ecb, bool encrypt)
    {
        using var des = TripleDES.Create();
        des.Mode = ecb ? CipherMode.ECB : CipherMode.CBC;
        des.Padding = PaddingMode.None;
        var keys = ThreeKeys(key);
        var input = octets.ToArray();
        try
        {
            // A key given here may be a weak one: single DES is three times the same.
            using var transform = encrypt
                ? des.CreateEncryptor(keys, new byte[Block])
                : des.CreateDecryptor(keys, new byte[Block]);
            transform.TransformFinalBlock(input, 0, input.Length).CopyTo(octets);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keys);
            CryptographicOperations.ZeroMemory(input);
        }
    }

    private static byte[] ThreeKeys(ReadOnlySpan<byte> key) => key.Length switch
    {
        Block => [.. key, .. key, .. key],
        2 * Block => [.. key, .. key[..Block]],
        3 * Block => key.ToArray(),
        _ => throw new ArgumentException($"A DES key has 8, 16 or 24 octets, not {key.Length}.", nameof(key)),
    };
}
