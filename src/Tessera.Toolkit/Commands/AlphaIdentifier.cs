using System.Text;
using Tessera.Wire;

namespace Tessera.Toolkit.Commands;

/// <summary>Text without a coding scheme, as titles and items carry it (ETSI TS 102 221 annex A).</summary>
/// <remarks>
/// <code>
/// 00..7F ...                     GSM default alphabet, one an octet
/// 80 characters                  UCS2, big endian
/// 81 count, base, characters     base x 128; an octet below 80 is GSM, one above base + its low seven bits
/// 82 count, base (2), characters the same with a base of two octets
/// </code>
/// </remarks>
public static class AlphaIdentifier
{
    private const byte Plain = 0x80;
    private const byte ShortBase = 0x81;
    private const byte LongBase = 0x82;

    /// <summary>GSM default alphabet where it has every character, UCS2 otherwise.</summary>
    public static Bytes Encode(string text) => Bytes.Of(output =>
    {
        if (GsmAlphabet.Covers(text))
        {
            GsmAlphabet.Write(text, output);
            return;
        }

        new ByteWriter(output).WriteByte(Plain);
        Encoding.BigEndianUnicode.GetBytes(text, output);
    });

    /// <exception cref="WireFormatException">A count that does not fit, or half a character.</exception>
    public static string Decode(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value[0] < Plain) return GsmAlphabet.Read(value);

        var reader = new ByteReader(value);
        var coding = reader.ReadByte("coding");
        return coding switch
        {
            Plain => TextString.ReadUcs2(reader.ReadRest()),
            ShortBase or LongBase => ReadBased(ref reader, coding),
            _ => throw new WireFormatException("coding", 0, $"{coding:X2} is not used here"),
        };
    }

    private static string ReadBased(ref ByteReader reader, byte coding)
    {
        var count = reader.ReadByte("count");
        var start = coding == ShortBase ? reader.ReadByte("base") << 7 : reader.ReadUInt16("base");
        var characters = reader.ReadOctets(count, "characters");
        reader.ReadEnd("alpha identifier");

        var text = new StringBuilder(count);
        for (var at = 0; at < characters.Length;)
        {
            var run = at;
            while (run < characters.Length && characters[run] < 0x80) run++;
            text.Append(GsmAlphabet.Read(characters[at..run]));
            if (run < characters.Length) text.Append((char)(start + (characters[run++] & 0x7F)));
            at = run;
        }

        return text.ToString();
    }
}
