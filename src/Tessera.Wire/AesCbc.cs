using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Tessera.Wire;

/// <summary>AES in cipher block chaining (SP 800-38A §6.2), vector zero, over whole blocks and in place.</summary>
/// <remarks>For formats whose first block never comes twice under a key, because a counter stands in it.</remarks>
public static class AesCbc
{
    public const int Block = AesBlocks.Length;

    /// <exception cref="ArgumentException">Not whole blocks.</exception>
    public static void Encrypt(SecretKey key, Span<byte> octets)
    {
        ThrowIfBroken(octets.Length);
        if (!AesBlocks.HasProcessor)
        {
            using var aes = key.CreateAes();
            aes.EncryptCbc(octets, stackalloc byte[Block], octets, PaddingMode.None);
            return;
        }

        using var blocks = AesBlocks.ForEncryption(key);
        var chain = Vector128<byte>.Zero;
        for (; octets.Length > 0; octets = octets[Block..])
        {
            chain = blocks.Encrypt(chain ^ Vector128.Create<byte>(octets));
            chain.CopyTo(octets);
        }
    }

    /// <exception cref="ArgumentException">Not whole blocks.</exception>
    public static void Decrypt(SecretKey key, Span<byte> octets)
    {
        ThrowIfBroken(octets.Length);
        if (!AesBlocks.HasProcessor)
        {
            using var aes = key.CreateAes();
            aes.DecryptCbc(octets, stackalloc byte[Block], octets, PaddingMode.None);
            return;
        }

        using var blocks = AesBlocks.ForDecryption(key);
        var chain = Vector128<byte>.Zero;
        for (; octets.Length > 0; octets = octets[Block..])
        {
            var next = Vector128.Create<byte>(octets);
            (blocks.Decrypt(next) ^ chain).CopyTo(octets);
            chain = next;
        }
    }

    private static void ThrowIfBroken(int length)
    {
        if (length % Block != 0) throw new ArgumentException($"{length} octets are no whole blocks.", nameof(length));
    }
}
