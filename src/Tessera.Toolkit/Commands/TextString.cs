using System.Text;
using Tessera.Wire;

namespace Tessera.Toolkit.Commands;

/// <summary>
/// Text with its data coding scheme in front (ETSI TS 102 223 §8.15): read in three codings, written in two.
/// </summary>
/// <remarks>
/// <code>
/// DCS 00   GSM default alphabet, packed septets    read only
/// DCS 04   GSM default alphabet, one an octet
/// DCS 08   UCS2, big endian
/// </code>
/// No octets at all are a null text string.
/// </remarks>
public static class TextString
{
    internal const byte PackedDcs = 0x00;
    internal const byte GsmDcs = 0x04;
    internal const byte Ucs2Dcs = 0x08;

    private const int SeptetBits = 7;

    /// <summary>The value of the object: GSM default alphabet where it has every character, UCS2 otherwise.</summary>
    public static Bytes Encode(string text) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        if (GsmAlphabet.Covers(text))
        {
            writer.WriteByte(GsmDcs);
            GsmAlphabet.Write(text, output);
        }
        else
        {
            writer.WriteByte(Ucs2Dcs);
            Encoding.BigEndianUnicode.GetBytes(text, output);
        }
    });

    /// <exception cref="WireFormatException">Another coding scheme, or half a character.</exception>
    public static string Decode(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return "";
        var text = value[1..];
        return value[0] switch
        {
            PackedDcs => GsmAlphabet.Read(Unpack(text)),
            GsmDcs => GsmAlphabet.Read(text),
            Ucs2Dcs => ReadUcs2(text),
            _ => throw new WireFormatException("DCS", 0, $"{value[0]:X2} is not used here"),
        };
    }

    internal static string ReadUcs2(ReadOnlySpan<byte> octets)
    {
        if (octets.Length % 2 != 0) throw new WireFormatException("UCS2 text", octets.Length, "half a character");
        return Encoding.BigEndianUnicode.GetString(octets);
    }

    /// <summary>
    /// Septets from octets (3GPP TS 23.038 §6.1.2.1); seven zero bits that fill the last octet are no character.
    /// </summary>
    private static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        var septets = new byte[packed.Length * 8 / SeptetBits];
        for (var i = 0; i < septets.Length; i++)
        {
            var (octet, shift) = (i * SeptetBits / 8, i * SeptetBits % 8);
            var pair = packed[octet] | (octet + 1 < packed.Length ? packed[octet + 1] << 8 : 0);
            septets[i] = (byte)((pair >> shift) & 0x7F);
        }

        var filled = packed.Length > 0 && packed.Length % SeptetBits == 0 && septets[^1] == 0;
        return filled ? septets[..^1] : septets;
    }
}
