using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>A triple DES key per card from one master key (NXP AN10922 §2), for cards that know no AES.</summary>
/// <remarks>The layout is that of <see cref="An10922"/>, with blocks of 8 octets.</remarks>
public static class An10922Tdea
{
    /// <summary>Octets of M.</summary>
    public const int MaxInput = (2 * Block) - 1;

    private const int Block = 8;
    private const byte Rb = 0x1B;

    /// <summary>
    /// A key of the length of its master. The lowest bits of its first 8 octets are those of the master: cards keep the
    /// version of a key there. All others are as computed, not set to parity.
    /// </summary>
    /// <param name="master">16 octets for two keys, 24 for three.</param>
    /// <param name="input">M: 1 to 15 octets that differ for each card and purpose.</param>
    /// <exception cref="ArgumentException">
    /// A key or an input of another length, or a master that is a single DES key.
    /// </exception>
    public static SecretKey Diversify(SecretKey master, ReadOnlySpan<byte> input)
    {
        ArgumentOutOfRangeException.ThrowIfZero(input.Length, nameof(input));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Length, MaxInput, nameof(input));
        var first = master.Length switch
        {
            16 => (byte)0x21,
            24 => (byte)0x31,
            var other => throw new ArgumentException(
                $"A triple DES key has 16 or 24 octets, not {other}.", nameof(master)),
        };

        using var des = Tdea.Create(master);
        Span<byte> key = stackalloc byte[master.Length];
        for (var at = 0; at < key.Length; at += Block)
            Part(des, (byte)(first + (at / Block)), input, key.Slice(at, Block));
        for (var i = 0; i < Block; i++) key[i] = (byte)((key[i] & 0xFE) | (master.Reveal()[i] & 0x01));

        var diversified = new SecretKey(key);
        CryptographicOperations.ZeroMemory(key);
        return diversified;
    }

    private static void Part(TripleDES des, byte constant, ReadOnlySpan<byte> input, Span<byte> part)
    {
        Span<byte> blocks = stackalloc byte[2 * Block];
        blocks[0] = constant;
        input.CopyTo(blocks[1..]);
        var isPadded = input.Length < MaxInput;
        if (isPadded) blocks[input.Length + 1] = 0x80;

        Span<byte> subkey = stackalloc byte[Block];
        des.EncryptEcb(subkey, subkey, PaddingMode.None);
        Double(subkey);
        if (isPadded) Double(subkey);
        for (var i = 0; i < Block; i++) blocks[Block + i] ^= subkey[i];

        des.EncryptCbc(blocks, stackalloc byte[Block], blocks, PaddingMode.None);
        blocks[Block..].CopyTo(part);
        CryptographicOperations.ZeroMemory(blocks);
        CryptographicOperations.ZeroMemory(subkey);
    }

    private static void Double(Span<byte> block)
    {
        var carry = block[0] >> 7;
        for (var i = 0; i < Block - 1; i++) block[i] = (byte)((block[i] << 1) | (block[i + 1] >> 7));
        block[^1] = (byte)((block[^1] << 1) ^ (carry * Rb));
    }
}
