namespace Tessera.Wire;

/// <summary>
/// One BER-TLV data object with a tag of one or two octets and a definite length (ISO/IEC 7816-4 §5.2.2).
/// </summary>
/// <remarks>
/// <code>
/// tag      1 octet, or 2 when the first ends in 11111
/// length   00..7F | 81 LL | 82 LLLL | 83 LLLLLL, the shortest that fits
/// value    that many octets
/// </code>
/// </remarks>
public readonly record struct Tlv(ushort Tag, Bytes Value) : IWireFormat<Tlv>
{
    public const int MaxLength = 0xFFFFFF;

    public static Tlv Read(ref ByteReader reader)
    {
        var value = ReadValue(ref reader, out var tag);
        return new Tlv(tag, Bytes.CopyOf(value));
    }

    public void Write(ByteWriter writer) => Write(writer, Tag, Value.Span);

    /// <summary>Reads one object without copying its value.</summary>
    public static ReadOnlySpan<byte> ReadValue(ref ByteReader reader, out ushort tag)
    {
        tag = ReadTag(ref reader);
        return reader.ReadOctets(ReadLength(ref reader), "TLV value");
    }

    /// <summary>Reads one object that must carry <paramref name="tag"/>.</summary>
    /// <exception cref="WireFormatException">The next object is another one, or does not fit.</exception>
    public static ReadOnlySpan<byte> ReadExpected(ref ByteReader reader, ushort tag, string field)
    {
        var at = reader.Offset;
        var value = ReadValue(ref reader, out var found);
        if (found != tag) throw new WireFormatException(field, at, $"tag {found:X2} where {tag:X2} belongs");
        return value;
    }

    public static void Write(ByteWriter writer, ushort tag, ReadOnlySpan<byte> value)
    {
        if (tag > 0xFF) writer.WriteUInt16(tag);
        else writer.WriteByte((byte)tag);
        WriteLength(writer, value.Length);
        writer.WriteOctets(value);
    }

    public static int ReadLength(ref ByteReader reader)
    {
        var at = reader.Offset;
        var first = reader.ReadByte("TLV length");
        if (first < 0x80) return first;

        var count = first & 0x7F;
        if (count is 0 or > 3) throw new WireFormatException("TLV length", at, $"form {first:X2} is not used here");

        var length = 0;
        foreach (var octet in reader.ReadOctets(count, "TLV length")) length = (length << 8) | octet;
        if (length < 0x80 || (count > 1 && length < 1 << (8 * (count - 1))))
            throw new WireFormatException("TLV length", at, $"{length} fits a shorter form");
        return length;
    }

    public static void WriteLength(ByteWriter writer, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        var count = length switch { < 0x80 => 0, <= 0xFF => 1, <= 0xFFFF => 2, _ => 3 };
        if (count > 0) writer.WriteByte((byte)(0x80 | count));
        for (var shift = Math.Max(count - 1, 0) * 8; shift >= 0; shift -= 8) writer.WriteByte((byte)(length >> shift));
    }

    private static ushort ReadTag(ref ByteReader reader)
    {
        var at = reader.Offset;
        var first = reader.ReadByte("TLV tag");
        if ((first & 0x1F) != 0x1F) return first;

        var second = reader.ReadByte("TLV tag");
        if (second is < 0x1F or >= 0x80)
            throw new WireFormatException("TLV tag", at, $"{first:X2}{second:X2} is not used here");
        return (ushort)((first << 8) | second);
    }
}
