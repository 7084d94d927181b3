using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Sms.Parts;

/// <summary>Cuts what does not fit one message into parts that name each other (3GPP TS 23.040 §9.2.3.24.1).</summary>
public static class Segmenter
{
    public const int MaxParts = byte.MaxValue;

    /// <summary>The alphabet that costs the fewest messages: GSM where it covers the text.</summary>
    public static DataCodingScheme CodingOf(string text) =>
        GsmAlphabet.Covers(text) ? DataCodingScheme.Gsm7 : DataCodingScheme.Ucs2;

    /// <summary>A text as one or more parts; characters of two codes stay whole.</summary>
    /// <param name="reference">Differs from that of other messages under way to the same receiver.</param>
    /// <param name="wide">The reference has 16 bits.</param>
    /// <exception cref="ArgumentException">More than 255 parts, or a character that the alphabet has not.</exception>
    public static Sequence<UserData> Text(string text, Alphabet alphabet, ushort reference, bool wide = false) =>
        Cut(UserData.Encode(text, alphabet), alphabet, UserDataHeader.None, reference, wide);

    /// <summary>A secured command as 8-bit parts; the first names it by element 70 (3GPP TS 31.115).</summary>
    public static Sequence<UserData> Command(Bytes packet, ushort reference, bool wide = false) =>
        Octets(packet, Naming(InformationElement.CommandPacket), reference, wide);

    /// <summary>Octets as parts; the elements of <paramref name="header"/> stand in the first.</summary>
    public static Sequence<UserData> Octets(
        Bytes octets, UserDataHeader header, ushort reference, bool wide = false) =>
        Cut(octets, Alphabet.Octets, header, reference, wide);

    private static UserDataHeader Naming(byte id) => new([new InformationElement(id, Bytes.Empty)]);

    private static Sequence<UserData> Cut(
        Bytes content, Alphabet alphabet, UserDataHeader header, ushort reference, bool wide)
    {
        var whole = new UserData(header, content);
        if (whole.Fits(alphabet)) return [whole];

        // How many there are stands in each: cut once with any total, then write the true one.
        List<Bytes> pieces = [];
        var at = 0;
        while (at < content.Length)
        {
            var named = With(header, new Concatenation(reference, 1, 1, wide), pieces.Count);
            var room = alphabet == Alphabet.Gsm7
                ? UserData.MaxSeptets - Septets.SeptetsOver(named.Length)
                : UserData.MaxOctets - named.Length;
            var taken = Taken(content.Span[at..], room, alphabet);
            if (taken <= 0 || pieces.Count == MaxParts)
                throw new ArgumentException($"{content.Length} do not fit {MaxParts} parts.", nameof(content));
            pieces.Add(new Bytes(content.Memory.Slice(at, taken)));
            at += taken;
        }

        return pieces.Select(Part).ToSequence();

        UserData Part(Bytes piece, int index) => new(
            With(header, new Concatenation(reference, (byte)pieces.Count, (byte)(index + 1), wide), index), piece);
    }

    private static UserDataHeader With(UserDataHeader header, Concatenation concatenation, int index) => index == 0
        ? new UserDataHeader([concatenation.ToElement(), .. header.Elements])
        : new UserDataHeader([concatenation.ToElement()]);

    /// <summary>As much as fits without cutting an escape from its code, or a surrogate from its pair.</summary>
    private static int Taken(ReadOnlySpan<byte> content, int room, Alphabet alphabet)
    {
        const byte escape = 0x1B;
        if (content.Length <= room) return content.Length;
        switch (alphabet)
        {
            case Alphabet.Gsm7:
                var escapes = 0;
                while (escapes < room && content[room - 1 - escapes] == escape) escapes++;
                return room - (escapes % 2);
            case Alphabet.Ucs2:
                var even = room & ~1;
                return even >= 2 && (content[even - 2] & 0xFC) == 0xD8 ? even - 2 : even;
            default:
                return room;
        }
    }
}
