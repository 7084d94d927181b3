using Tessera.Phone.Modems.Coding;
using Tessera.Wire;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>A frame on a channel of two tones that survives the loss of packets: its bits.</summary>
/// <remarks>
/// <code>
/// lead     24 bits   01 twelve times: the clock of a receiver needs changes
/// word     64 bits   the FrameWord of the length
/// octets             as CheckedCode has them, highest bit first
/// </code>
/// </remarks>
internal static class CodedFrame
{
    public const int MaxLength = 128;

    private const int Lead = 24;
    private const int LeastParity = 8;

    /// <summary>Parity octets: eight, and one more for each eight of the payload, in pairs.</summary>
    public static int Parity(int length) => LeastParity + (length / 16 * 2);

    public static int Octets(int length) => length + CheckedCode.Check + Parity(length);

    public static bool[] Bits(Bytes frame)
    {
        var (word, octets) = (FrameWord.For(frame.Length), CheckedCode.Write(frame, Parity(frame.Length)));
        return
        [
            .. Enumerable.Range(0, Lead).Select(bit => bit % 2 != 0),
            .. Enumerable.Range(0, FrameWord.Bits).Select(bit => (word >> (FrameWord.Bits - 1 - bit) & 1) != 0),
            .. Enumerable.Range(0, 8 * octets.Length).Select(bit => (octets[bit / 8] >> (7 - (bit % 8)) & 1) != 0),
        ];
    }
}
