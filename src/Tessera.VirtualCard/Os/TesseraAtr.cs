using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>The answer to reset of a Tessera card (ISO/IEC 7816-3 §8.2).</summary>
/// <remarks>
/// <code>
/// 3B                 TS   direct convention
/// 8D                 T0   TD1 follows, 13 historical octets
/// 81                 TD1  TD2 follows, T=1
/// 31                 TD2  TA3 and TB3 follow, for T=1
/// FE 45              TA3  octets a block holds; TB3 waiting times
/// 80                 historical octets in compact TLV:
/// 73 C0 01 DB        capabilities: selection by full and by partial name; octets; command chaining, extended lengths,
///                    four logical channels, whose numbers card or host choose
/// 57 "TESSERA"       issuer's data
/// TCK                exclusive or of all from T0 on
/// </code>
/// </remarks>
internal static class TesseraAtr
{
    public static readonly Bytes Octets = WithTck(
        [0x3B, 0x8D, 0x81, 0x31, 0xFE, 0x45, 0x80, 0x73, 0xC0, 0x01, 0xDB, 0x57, .. "TESSERA"u8]);

    /// <summary>
    /// That of a SIM: T=0, as 3GPP TS 51.011 §5 wants it, so no interface octets, no extended lengths, and no TCK.
    /// </summary>
    public static readonly Bytes OfSim = new(
        (byte[])[0x3B, 0x0D, 0x80, 0x73, 0xC0, 0x01, 0x9B, 0x57, .. "TESSERA"u8]);

    private static Bytes WithTck(byte[] octets)
    {
        byte tck = 0;
        foreach (var octet in octets.AsSpan(1)) tck ^= octet;
        return new Bytes((byte[])[.. octets, tck]);
    }
}
