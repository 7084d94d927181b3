using System.Text;
using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>data_coding of SMPP and TP-DCS of a phone, one in terms of the other (SMPP 3.4 §5.2.19).</summary>
internal static class Codings
{
    private const byte FirstOfGsm = 0xC0;
    private const byte ClassGroup = 0xF0;
    private const byte ClassOctets = 0xF4;

    /// <summary>
    /// The TP-DCS of a message of that data_coding, and its octets in the alphabet of that: ASCII and Latin-1 become
    /// the GSM alphabet where it has all characters, else UCS-2.
    /// </summary>
    /// <returns>Null where no phone has such a coding.</returns>
    public static (DataCodingScheme Coding, Bytes Content)? ToPhone(DataCoding coding, Bytes content) =>
        coding.Value switch
        {
            0x00 => (DataCodingScheme.Gsm7, content),
            0x01 => Recode(Encoding.ASCII, content),
            0x03 => Recode(Encoding.Latin1, content),
            0x02 or 0x04 => (DataCodingScheme.Octets, content),
            0x08 => (DataCodingScheme.Ucs2, content),
            >= FirstOfGsm => (new DataCodingScheme(coding.Value), content),
            _ => null,
        };

    /// <summary>The data_coding that says most of a TP-DCS.</summary>
    public static DataCoding ToEsme(DataCodingScheme coding) => coding switch
    {
        { Octet: >= FirstOfGsm } => new DataCoding(coding.Octet),
        { Alphabet: Alphabet.Ucs2 } => DataCoding.Ucs2,
        { Alphabet: Alphabet.Octets, Class: { } kind } => new DataCoding((byte)(ClassOctets | kind)),
        { Alphabet: Alphabet.Octets } => DataCoding.Octets,
        { Class: { } kind } => new DataCoding((byte)(ClassGroup | kind)),
        _ => DataCoding.Default,
    };

    private static (DataCodingScheme Coding, Bytes Content) Recode(Encoding encoding, Bytes content)
    {
        var text = encoding.GetString(content.Span);
        return GsmAlphabet.Covers(text)
            ? (DataCodingScheme.Gsm7, UserData.OfText(text, Alphabet.Gsm7).Content)
            : (DataCodingScheme.Ucs2, UserData.OfText(text, Alphabet.Ucs2).Content);
    }
}
