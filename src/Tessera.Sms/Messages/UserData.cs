using System.Buffers;
using System.Text;
using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>TP-UD with its header: the content of one message (3GPP TS 23.040 §9.2.3.24).</summary>
/// <remarks>
/// <code>
/// TP-UDL   1   septets where the alphabet is 7-bit, header included; else octets
/// header   ..  where TP-UDHI is set; then bits to the next septet where the alphabet is 7-bit
/// content  ..  packed septets, or octets
/// </code>
/// </remarks>
/// <param name="Content">Octets; where the alphabet is 7-bit, septets, one an octet.</param>
public sealed record UserData(UserDataHeader Header, Bytes Content)
{
    /// <summary>Octets of a message, header included.</summary>
    public const int MaxOctets = 140;

    /// <summary>Septets of a message, header included.</summary>
    public const int MaxSeptets = 160;

    public static UserData Empty { get; } = new(UserDataHeader.None, Bytes.Empty);

    public UserData(Bytes content) : this(UserDataHeader.None, content) { }

    /// <summary>Content for that alphabet, in one part without a header.</summary>
    /// <exception cref="ArgumentException">A character is not in the alphabet, or the alphabet is none.</exception>
    public static UserData OfText(string text, Alphabet alphabet) => new(Encode(text, alphabet));

    /// <summary>Header, if it is there, and content, as SMPP carries them: septets are one an octet.</summary>
    public static UserData OfOctets(ReadOnlySpan<byte> octets, bool hasHeader)
    {
        var reader = new ByteReader(octets);
        var header = hasHeader ? UserDataHeader.Read(ref reader) : UserDataHeader.None;
        return new UserData(header, Bytes.CopyOf(reader.ReadRest()));
    }

    /// <summary>Header, if there is one, and content one after the other, as SMPP carries them.</summary>
    public Bytes ToOctets() => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        if (!Header.IsEmpty) Header.Write(writer);
        writer.WriteBytes(Content);
    });

    /// <summary>The content as text; octets that are not text show as hexadecimal digits.</summary>
    public string ToText(DataCodingScheme coding) => coding.Alphabet switch
    {
        Alphabet.Gsm7 => GsmAlphabet.Read(Content.Span),
        Alphabet.Ucs2 => Encoding.BigEndianUnicode.GetString(Content.Span[..(Content.Length & ~1)]),
        _ => Content.ToString(),
    };

    internal static Bytes Encode(string text, Alphabet alphabet)
    {
        switch (alphabet)
        {
            case Alphabet.Gsm7:
                var septets = new ArrayBufferWriter<byte>();
                GsmAlphabet.Write(text, septets);
                return new Bytes(septets.WrittenMemory);
            case Alphabet.Ucs2:
                return new Bytes(Encoding.BigEndianUnicode.GetBytes(text));
            default:
                throw new ArgumentException("Octets are not text.", nameof(alphabet));
        }
    }

    /// <summary>Whether it fits one message.</summary>
    internal bool Fits(Alphabet alphabet, int maxOctets = MaxOctets) => alphabet == Alphabet.Gsm7
        ? Septets.OctetsOf(Septets.SeptetsOver(Header.Length) + Content.Length) <= maxOctets
        : Header.Length + Content.Length <= maxOctets;

    internal static UserData Read(ref ByteReader reader, bool hasHeader, Alphabet alphabet, int maxOctets = MaxOctets)
    {
        var at = reader.Offset;
        var length = reader.ReadByte("TP-UDL");
        var octets = alphabet == Alphabet.Gsm7 ? Septets.OctetsOf(length) : length;
        if (octets > maxOctets) throw new WireFormatException("TP-UDL", at, $"{length} is more than fits a message");

        var inner = new ByteReader(reader.ReadOctets(octets, "TP-UD"));
        var all = inner;
        var header = hasHeader ? UserDataHeader.Read(ref inner) : UserDataHeader.None;
        if (alphabet != Alphabet.Gsm7) return new UserData(header, Bytes.CopyOf(inner.ReadRest()));

        var first = Septets.SeptetsOver(inner.Offset);
        if (first > length) throw new WireFormatException("TP-UDL", at, $"{length} septets do not hold the header");
        return new UserData(header, Septets.Unpack(all.ReadRest(), first, length - first));
    }

    /// <exception cref="ArgumentException">It does not fit one message.</exception>
    internal void Write(ByteWriter writer, Alphabet alphabet, int maxOctets = MaxOctets)
    {
        if (!Fits(alphabet, maxOctets))
            throw new ArgumentException($"{Header.Length} and {Content.Length} do not fit.", nameof(alphabet));

        if (alphabet != Alphabet.Gsm7)
        {
            writer.WriteByte((byte)(Header.Length + Content.Length));
            if (!Header.IsEmpty) Header.Write(writer);
            writer.WriteBytes(Content);
            return;
        }

        var first = Septets.SeptetsOver(Header.Length);
        Span<byte> octets = stackalloc byte[Septets.OctetsOf(first + Content.Length)];
        octets.Clear();
        if (!Header.IsEmpty) Bytes.Of(Header).Span.CopyTo(octets);
        Septets.Pack(Content.Span, first, octets);
        writer.WriteByte((byte)(first + Content.Length));
        writer.WriteOctets(octets);
    }
}
