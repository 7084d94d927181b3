using Tessera.Cards.Pins;
using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>PIN_VERIFY and PIN_MODIFY: how a reader puts a PIN into a command (PC/SC part 10 §2.5.2, §2.5.3).</summary>
/// <remarks>
/// <code>
///                        verify   modify
/// bTimeOut                  1        1      seconds for the first key
/// bTimeOut2                 1        1      seconds between keys, 0 for the reader's own
/// bmFormatString            1        1      82: octets, left-justified, ASCII
/// bmPINBlockString          1        1      08: a block of 8 octets, no length in it
/// bmPINLengthFormat         1        1      00
/// bInsertionOffsetOld       -        1
/// bInsertionOffsetNew       -        1
/// wPINMaxExtraDigit         2        2      least, most digits; little endian, so most first
/// bConfirmPIN               -        1      03: the new PIN twice, the old one first
/// bEntryValidationCondition 1        1      02: a key ends the entry
/// bNumberMessage            1        1
/// wLangId                   2        2      little endian
/// bMsgIndex                 1        3
/// bTeoPrologue              3        3      000000
/// ulDataLength              4        4      little endian
/// abData                    n        n      the command
/// </code>
/// </remarks>
internal static class PinPadBlocks
{
    private const byte Format = 0x82;
    private const byte ValidatedByKey = 0x02;
    private const byte OldThenNewTwice = 0x03;
    private const ushort English = 0x0409;

    public static Bytes Verify(PinPlace place, byte seconds) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        WriteBegin(writer, seconds);
        WriteDigits(writer, place);
        writer.WriteByte(ValidatedByKey);
        writer.WriteByte(1);
        WriteLittleEndian(writer, English);
        writer.WriteByte(0);
        WriteEnd(writer, place);
    });

    public static Bytes Modify(PinPlace place, byte seconds) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        WriteBegin(writer, seconds);
        writer.WriteByte(0);
        writer.WriteByte(PinBlock.Length);
        WriteDigits(writer, place);
        writer.WriteByte(OldThenNewTwice);
        writer.WriteByte(ValidatedByKey);
        writer.WriteByte(3);
        WriteLittleEndian(writer, English);
        writer.WriteOctets([0, 1, 2]);
        WriteEnd(writer, place);
    });

    private static void WriteBegin(ByteWriter writer, byte seconds)
    {
        writer.WriteByte(seconds);
        writer.WriteByte(0);
        writer.WriteByte(Format);
        writer.WriteByte(PinBlock.Length);
        writer.WriteByte(0);
    }

    private static void WriteDigits(ByteWriter writer, PinPlace place)
    {
        writer.WriteByte(place.MostDigits);
        writer.WriteByte(place.LeastDigits);
    }

    private static void WriteEnd(ByteWriter writer, PinPlace place)
    {
        writer.WriteOctets([0, 0, 0]);
        var command = Bytes.Of(place.Command);
        WriteLittleEndian(writer, (ushort)command.Length);
        writer.WriteUInt16(0);
        writer.WriteBytes(command);
    }

    private static void WriteLittleEndian(ByteWriter writer, ushort value)
    {
        writer.WriteByte((byte)value);
        writer.WriteByte((byte)(value >> 8));
    }
}
