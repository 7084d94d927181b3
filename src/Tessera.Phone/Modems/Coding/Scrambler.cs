namespace Tessera.Phone.Modems.Coding;

/// <summary>
/// Whitens octets, so that no content makes a sound that stands out: XOR with the sequence of the shift register 1 +
/// x^14 + x^15 that DVB uses (ETSI EN 300 429), begun with 100101010000000; the highest bit first. Twice is nothing.
/// </summary>
public static class Scrambler
{
    private const int Length = 4096;

    private static readonly byte[] Sequence = Make();

    /// <exception cref="ArgumentException">There are more octets than the sequence is kept for.</exception>
    public static void Apply(Span<byte> octets)
    {
        if (octets.Length > Length)
            throw new ArgumentException($"At most {Length} octets are scrambled.", nameof(octets));
        for (var i = 0; i < octets.Length; i++) octets[i] ^= Sequence[i];
    }

    private static byte[] Make()
    {
        var sequence = new byte[Length];
        // Stage 1 is the lowest bit, stage 15 the highest.
        var register = 0b000_0000_1010_1001;
        for (var bit = 0; bit < 8 * Length; bit++)
        {
            var next = ((register >> 14) ^ (register >> 13)) & 1;
            register = ((register << 1) | next) & 0x7FFF;
            sequence[bit / 8] = (byte)((sequence[bit / 8] << 1) | next);
        }

        return sequence;
    }
}
