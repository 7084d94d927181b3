using System.Buffers;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>
/// The keys of a card's secure channel from its issuer's master key, in the way that card managers call KDF3:
/// SP 800-108 in counter mode over AES-CMAC, the counter first.
/// </summary>
/// <remarks>
/// <code>
/// block(i) = CMAC(master, i 1 | 000000 | purpose 1 | 00 | key diversification data 10)     i from 1
/// </code>
/// The key has the length of its master: as much of the blocks as that takes.
/// </remarks>
public static class Kdf3
{
    /// <summary>Octets of the diversification data: those that begin the answer to INITIALIZE UPDATE.</summary>
    public const int InputLength = 10;

    /// <param name="master">16, 24 or 32 octets.</param>
    /// <param name="purpose">01 for S-ENC's, 02 for S-MAC's, 03 for the data encryption key.</param>
    /// <param name="input">The diversification data.</param>
    /// <exception cref="ArgumentException">Another purpose, or an input of another length.</exception>
    public static SecretKey Derive(SecretKey master, byte purpose, ReadOnlySpan<byte> input)
    {
        ArgumentOutOfRangeException.ThrowIfZero(purpose);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(purpose, 3);
        if (input.Length != InputLength)
            throw new ArgumentException($"KDF3 takes {InputLength} octets, not {input.Length}.", nameof(input));

        Span<byte> key = stackalloc byte[2 * AesCmac.Length];
        for (byte block = 1; (block - 1) * AesCmac.Length < master.Length; block++)
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new ByteWriter(output);
            writer.WriteUInt32((uint)block << 24);
            writer.WriteByte(purpose);
            writer.WriteByte(0);
            writer.WriteOctets(input);
            AesCmac.Compute(master, output.WrittenSpan, key.Slice((block - 1) * AesCmac.Length, AesCmac.Length));
        }

        var derived = new SecretKey(key[..master.Length]);
        CryptographicOperations.ZeroMemory(key);
        return derived;
    }
}
