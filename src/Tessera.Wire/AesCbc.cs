using System.Security.Cryptography;

namespace Tessera.Wire;

/// <summary>AES in cipher block chaining with an initial vector of zero, over whole blocks and in place.</summary>
/// <remarks>For formats whose first block never repeats under a key, because a counter stands in it.</remarks>
public static class AesCbc
{
    public const int Block = 16;

    /// <exception cref="ArgumentException">Not whole blocks.</exception>
    public static void Encrypt(SecretKey key, Span<byte> octets)
    {
        using var aes = key.CreateAes();
        aes.EncryptCbc(octets, stackalloc byte[Block], octets, PaddingMode.None);
    }

    /// <exception cref="ArgumentException">Not whole blocks.</exception>
    public static void Decrypt(SecretKey key, Span<byte> octets)
    {
        using var aes = key.CreateAes();
        aes.DecryptCbc(octets, stackalloc byte[Block], octets, PaddingMode.None);
    }
}
