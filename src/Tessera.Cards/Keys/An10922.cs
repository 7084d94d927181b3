using System.Buffers;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>A key per card from one master key (NXP AN10922 §2).</summary>
/// <remarks>
/// <code>
/// D = constant | M, padded 80 00.. to two blocks; last block xor K1 (full) or K2 (padded); CBC, IV 0; the last block
/// AES-128 D(01)   AES-192 A = D(11), B = D(12): A[0..8] | A[8..16] xor B[0..8] | B[8..16]   AES-256 D(41) | D(42)
/// 2TDEA D(21) | D(22)   3TDEA D(31) | D(32) | D(33)
/// </code>
/// This is CMAC over D but for the padding, which always reaches two blocks.
/// </remarks>
public static class An10922
{
    /// <summary>Octets of M for an AES key.</summary>
    public const int MaxInput = (2 * Block) - 1;

    private const int Block = 16;

    /// <summary>An AES key of the length of its master.</summary>
    /// <param name="master">The master key, 16, 24 or 32 octets.</param>
    /// <param name="input">M: 1 to 31 octets that differ for each card and purpose.</param>
    /// <exception cref="ArgumentException">An input of another length.</exception>
    public static SecretKey Diversify(SecretKey master, ReadOnlySpan<byte> input)
    {
        ArgumentOutOfRangeException.ThrowIfZero(input.Length, nameof(input));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Length, MaxInput, nameof(input));

        Span<byte> key = stackalloc byte[32];
        switch (master.Length)
        {
            case 16:
                Part(master, 0x01, input, key[..16]);
                break;
            case 24:
                Part(master, 0x11, input, key[..16]);
                Part(master, 0x12, input, key[16..]);
                for (var i = 8; i < 16; i++) key[i] ^= key[i + 8];
                key[24..].CopyTo(key[16..]);
                break;
            default:
                Part(master, 0x41, input, key[..16]);
                Part(master, 0x42, input, key[16..]);
                break;
        }

        var diversified = new SecretKey(key[..master.Length]);
        CryptographicOperations.ZeroMemory(key);
        return diversified;
    }

    private static void Part(SecretKey master, byte constant, ReadOnlySpan<byte> input, Span<byte> part)
    {
        if (input.Length >= Block)
        {
            PartByCmac(master, constant, input, part);
            return;
        }

        using var aes = master.CreateAes();
        Span<byte> blocks = stackalloc byte[2 * Block];
        blocks[0] = constant;
        input.CopyTo(blocks[1..]);
        blocks[input.Length + 1] = 0x80;
        XorSecondSubkey(aes, blocks[Block..]);
        aes.EncryptCbc(blocks, stackalloc byte[Block], blocks, PaddingMode.None);
        blocks[Block..].CopyTo(part);
        CryptographicOperations.ZeroMemory(blocks);
    }

    /// <summary>Where D fills more than one block its padding is CMAC's own.</summary>
    private static void PartByCmac(SecretKey master, byte constant, ReadOnlySpan<byte> input, Span<byte> part)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(output);
        writer.WriteByte(constant);
        writer.WriteOctets(input);
        AesCmac.Compute(master, output.WrittenSpan, part);
    }

    private static void XorSecondSubkey(Aes aes, Span<byte> block)
    {
        Span<byte> subkey = stackalloc byte[Block];
        aes.EncryptEcb(subkey, subkey, PaddingMode.None);
        AesCmac.Double(subkey);
        AesCmac.Double(subkey);
        for (var i = 0; i < Block; i++) block[i] ^= subkey[i];
        CryptographicOperations.ZeroMemory(subkey);
    }
}
