using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>The answer to reset of a Tessera card (ISO/IEC 7816-3 §8.2), made from what the card can do.</summary>
/// <remarks>
/// <code>
/// 3B                 TS   direct convention
/// 8D                 T0   TD1 follows, 13 historical octets, 15 with files; 0D or 0F for T=0
/// 81                 TD1  TD2 follows, T=1        a SIM is T=0, as 3GPP TS 51.011 §5 wants it: no interface octets
/// 31                 TD2  TA3 and TB3 follow, for T=1
/// FE 45              TA3  octets a block holds; TB3 waiting times
/// 80                 historical octets in compact TLV (ISO/IEC 7816-4:2005 §8.1.1):
/// 31 F8              with files: names whole and partial, EF.DIR and EF.ATR by READ BINARY, there is an MF
/// 73 xx C1 yy        capabilities; 01 in place of C1 without files:
///                    xx  selection by whole and partial name (C0), path, identifier, short identifier and records (37)
///                    C1  data units of one octet; files of data objects (80), WRITE sets bits (40), with files
///                    yy  command chaining (80), extended lengths (40, T=1), channel numbers by card or host (18),
///                        number of channels less one
/// 57 "TESSERA"       issuer's data
/// TCK                exclusive or of all from T0 on; with T=1
/// </code>
/// </remarks>
internal static class TesseraAtr
{
    private const byte Octets = 0x01;
    private const byte WriteSetsBits = 0x40;
    private const byte ObjectFiles = 0x80;
    private const byte ByName = 0xC0;
    private const byte ByFileReference = 0x37;
    private const byte Chaining = 0x80;
    private const byte ExtendedLengths = 0x40;
    private const byte NumbersByBoth = 0x18;

    /// <param name="isSim">T=0, and no extended lengths.</param>
    public static Bytes Of(bool isSim, bool hasFiles)
    {
        byte[] historical =
        [
            0x80, .. Services(hasFiles), 0x73, .. Capabilities(isSim, hasFiles).Span, 0x57, .. "TESSERA"u8,
        ];
        return isSim
            ? new Bytes((byte[])[0x3B, (byte)historical.Length, .. historical])
            : WithTck([0x3B, (byte)(0x80 | historical.Length), 0x81, 0x31, 0xFE, 0x45, .. historical]);
    }

    /// <summary>The three octets of the capabilities, as EF.ATR has them too.</summary>
    public static Bytes Capabilities(bool isSim, bool hasFiles) => new((byte[])
    [
        (byte)(ByName | (hasFiles ? ByFileReference : 0)),
        (byte)(Octets | (hasFiles ? ObjectFiles | WriteSetsBits : 0)),
        (byte)(Chaining | (isSim ? 0 : ExtendedLengths) | NumbersByBoth | (LogicalChannels.Count - 1)),
    ]);

    private static byte[] Services(bool hasFiles) => hasFiles ? [0x31, 0xF8] : [];

    private static Bytes WithTck(byte[] octets)
    {
        byte tck = 0;
        foreach (var octet in octets.AsSpan(1)) tck ^= octet;
        return new Bytes((byte[])[.. octets, tck]);
    }
}
