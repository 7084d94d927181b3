using Tessera.Phone.Modems.Coding;
using Tessera.Wire;

namespace Tessera.Phone.Modems.ToneMode;

/// <summary>How long a frame of the robust mode is, and its octets: see <see cref="CheckedCode"/>.</summary>
internal static class ToneFrame
{
    public const int MaxLength = 128;

    private const int LeastParity = 8;

    /// <summary>Parity octets: eight, and one more for each four of the payload, in pairs.</summary>
    public static int Parity(int length) => LeastParity + (length / 8 * 2);

    public static int Octets(int length) => length + CheckedCode.Check + Parity(length);

    /// <summary>How many tones carry a frame of that length, without preamble and header.</summary>
    public static int Symbols(int length) => ((8 * Octets(length)) + ToneAlphabet.Bits - 1) / ToneAlphabet.Bits;

    public static byte[] Write(Bytes frame) => CheckedCode.Write(frame, Parity(frame.Length));
}
