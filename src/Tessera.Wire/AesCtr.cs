using System.Runtime.Intrinsics;

namespace Tessera.Wire;

/// <summary>AES in counter mode (SP 800-38A §6.5), in place; the same call enciphers and deciphers.</summary>
/// <remarks>Two texts under the same key and counter tell each other: the counter has to be another for each.</remarks>
public static class AesCtr
{
    public const int Block = AesBlocks.Length;

    /// <param name="counter">16 octets, big endian: what the first block is ciphered with.</param>
    /// <exception cref="ArgumentException">The counter has not 16 octets.</exception>
    public static void Apply(SecretKey key, ReadOnlySpan<byte> counter, Span<byte> octets)
    {
        if (counter.Length != Block)
            throw new ArgumentException($"A counter has {Block} octets, not {counter.Length}.", nameof(counter));

        Span<byte> input = stackalloc byte[Block];
        Span<byte> stream = stackalloc byte[Block];
        counter.CopyTo(input);
        using var blocks = AesBlocks.ForEncryption(key);
        for (; octets.Length > 0; octets = octets[Math.Min(Block, octets.Length)..])
        {
            blocks.Encrypt(Vector128.Create<byte>(input)).CopyTo(stream);
            for (var i = 0; i < Math.Min(Block, octets.Length); i++) octets[i] ^= stream[i];
            for (var i = Block - 1; i >= 0 && ++input[i] == 0; i--)
            {
                // The carry goes on to the left.
            }
        }

        stream.Clear();
    }
}
