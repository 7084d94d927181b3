using System.Buffers;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>A key per card from one master key (NXP AN10922 §2.2, AES-128).</summary>
/// <remarks>
/// <code>
/// D = 01 | M, padded 80 00.. to 32 octets; last block xor K1 (full) or K2 (padded); AES-CBC, IV 0; the last block
/// </code>
/// This is AES-CMAC over D but for the padding, which always reaches two blocks.
/// </remarks>
public static class An10922
{
    public const int MaxInput = 31;

    private const byte Aes128Constant = 0x01;
    private const int Block = 16;

    /// <param name="master">The master key, 16 octets.</param>
    /// <param name="input">M: 1 to 31 octets that differ for each card and purpose.</param>
    /// <exception cref="ArgumentException">A key or an input of another length.</exception>
    public static SecretKey Diversify(SecretKey master, ReadOnlySpan<byte> input)
    {
        if (master.Length != Block) throw new ArgumentException("The master key has 16 octets.", nameof(master));
        ArgumentOutOfRangeException.ThrowIfZero(input.Length, nameof(input));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Length, MaxInput, nameof(input));

        if (input.Length >= Block) return OfCmac(master, input);

        using var aes = master.CreateAes();
        Span<byte> blocks = stackalloc byte[2 * Block];
        blocks[0] = Aes128Constant;
        input.CopyTo(blocks[1..]);
        blocks[input.Length + 1] = 0x80;
        XorSecondSubkey(aes, blocks[Block..]);
        var output = aes.EncryptCbc(blocks, stackalloc byte[Block], PaddingMode.None);
        CryptographicOperations.ZeroMemory(blocks);
        return Take(output, output.AsSpan(Block));
    }

    /// <summary>Where D fills more than one block its padding is CMAC's own.</summary>
    private static SecretKey OfCmac(SecretKey master, ReadOnlySpan<byte> input)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(output);
        writer.WriteByte(Aes128Constant);
        writer.WriteOctets(input);
        var mac = AesCmac.Compute(master, output.WrittenSpan);
        return Take(mac, mac);
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

    private static SecretKey Take(byte[] owner, ReadOnlySpan<byte> octets)
    {
        var key = new SecretKey(octets);
        CryptographicOperations.ZeroMemory(owner);
        return key;
    }
}
