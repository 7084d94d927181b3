using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>The answer to reset of a Tessera card (ISO/IEC 7816-3 §8.2).</summary>
/// <remarks>
/// <code>
/// 3B                 TS   direct convention
/// 87                 T0   TD1 follows, 7 historical octets
/// 81                 TD1  TD2 follows, first offer T=1
/// 31                 TD2  TA3 and TB3 follow, for T=1
/// FE 45              TA3  octets a block holds; TB3 waiting times
/// "TESSERA"          historical octets
/// TCK                exclusive or of all from T0 on
/// </code>
/// </remarks>
internal static class AnswerToReset
{
    public static readonly Bytes Atr = WithTck([0x3B, 0x87, 0x81, 0x31, 0xFE, 0x45, .. "TESSERA"u8]);

    private static Bytes WithTck(byte[] octets)
    {
        byte tck = 0;
        foreach (var octet in octets.AsSpan(1)) tck ^= octet;
        return new Bytes((byte[])[.. octets, tck]);
    }
}
