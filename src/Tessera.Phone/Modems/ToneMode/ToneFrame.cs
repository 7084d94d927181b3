using System.Buffers.Binary;
using Tessera.Phone.Modems.Coding;
using Tessera.Wire;

namespace Tessera.Phone.Modems.ToneMode;

/// <summary>
/// A frame of the robust mode as octets: the payload, its CRC-16/X-25 (low octet first, as in HDLC) and Reed-Solomon
/// parity, all of it scrambled.
/// </summary>
internal static class ToneFrame
{
    public const int MaxLength = 128;

    private const int Check = 2;
    private const int LeastParity = 8;

    /// <summary>Parity that is not spent on erasures, so that what is made up is found out.</summary>
    private const int Reserve = 4;

    /// <summary>Parity octets: eight, and one more for each four of the payload, in pairs.</summary>
    public static int Parity(int length) => LeastParity + (length / 8 * 2);

    public static int Octets(int length) => length + Check + Parity(length);

    /// <summary>How many tones carry a frame of that length, without preamble and header.</summary>
    public static int Symbols(int length) => ((8 * Octets(length)) + ToneAlphabet.Bits - 1) / ToneAlphabet.Bits;

    public static byte[] Write(Bytes frame)
    {
        var octets = new byte[Octets(frame.Length)];
        frame.Span.CopyTo(octets);
        BinaryPrimitives.WriteUInt16LittleEndian(octets.AsSpan(frame.Length), Crc.X25(frame.Span));
        var message = frame.Length + Check;
        ReedSolomon.Encode(octets.AsSpan(0, message), octets.AsSpan(message));
        Scrambler.Apply(octets);
        return octets;
    }

    /// <param name="octets">As heard.</param>
    /// <param name="doubts">The places in it, the most doubtful first.</param>
    /// <param name="lost">How many of the first of them are worthless for sure.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> octets, int length, ReadOnlySpan<int> doubts, int lost, out Bytes frame)
    {
        frame = default;
        var parity = Parity(length);
        var most = Math.Max(lost, parity - Reserve);
        for (var erasures = lost; erasures <= Math.Min(most, parity); erasures += 2)
        {
            var word = octets.ToArray();
            Scrambler.Apply(word);
            if (!ReedSolomon.TryCorrect(word, parity, doubts[..erasures])) continue;
            var payload = word.AsSpan(0, length);
            if (BinaryPrimitives.ReadUInt16LittleEndian(word.AsSpan(length)) != Crc.X25(payload)) continue;
            frame = Bytes.CopyOf(payload);
            return true;
        }

        return false;
    }
}
