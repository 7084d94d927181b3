using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Phone.Modems.Coding;

/// <summary>
/// The octets of a slow frame: the payload, its CRC-16/X-25 (low octet first, as in HDLC) and Reed-Solomon parity, all
/// of it scrambled.
/// </summary>
internal static class CheckedCode
{
    /// <summary>Octets of the check behind the payload.</summary>
    public const int Check = 2;

    /// <summary>Parity that is not spent on erasures, so that what is made up is found out.</summary>
    private const int Reserve = 4;

    public static byte[] Write(Bytes frame, int parity)
    {
        var octets = new byte[frame.Length + Check + parity];
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
        ReadOnlySpan<byte> octets, int parity, ReadOnlySpan<int> doubts, int lost, out Bytes frame)
    {
        frame = default;
        var length = octets.Length - Check - parity;
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
