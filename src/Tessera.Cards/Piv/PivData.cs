using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>
/// Data objects as cards of all makers write them: tags of one to three octets, definite lengths in any form, 00 and FF
/// between objects without meaning (ISO/IEC 7816-4 §5.2.2).
/// </summary>
internal static class PivData
{
    private const int MaxLengthOctets = 3;

    /// <summary>The first object with that tag; null where there is none.</summary>
    public static Bytes? Find(Bytes objects, uint tag)
    {
        var reader = new ByteReader(objects.Span);
        while (TryNext(ref reader, out var found, out var value))
            if (found == tag) return Bytes.CopyOf(value);
        return null;
    }

    /// <summary>What is in the object that the octets begin with; what follows it is left alone.</summary>
    /// <exception cref="WireFormatException">They begin with another one, or it does not fit.</exception>
    public static Bytes Unwrap(Bytes data, uint tag, string field)
    {
        var reader = new ByteReader(data.Span);
        if (!TryNext(ref reader, out var found, out var value)) throw new WireFormatException(field, 0, "is not there");
        return found == tag
            ? Bytes.CopyOf(value)
            : throw new WireFormatException(field, 0, $"tag {found:X2} where {tag:X2} belongs");
    }

    /// <returns>False at the end.</returns>
    private static bool TryNext(ref ByteReader reader, out uint tag, out ReadOnlySpan<byte> value)
    {
        tag = 0;
        value = default;
        while (reader.Remaining > 0 && tag is 0 or 0xFF) tag = reader.ReadByte("tag");
        if (tag is 0 or 0xFF) return false;
        if ((tag & 0x1F) == 0x1F)
        {
            byte more = 0x80;
            while ((more & 0x80) != 0 && tag <= 0xFFFF)
            {
                more = reader.ReadByte("tag");
                tag = (tag << 8) | more;
            }
        }

        value = reader.ReadOctets(ReadLength(ref reader), "value");
        return true;
    }

    private static int ReadLength(ref ByteReader reader)
    {
        var at = reader.Offset;
        int length = reader.ReadByte("length");
        if (length < 0x80) return length;
        var count = length & 0x7F;
        if (count is 0 or > MaxLengthOctets) throw new WireFormatException("length", at, $"form {length:X2} is not used here");
        length = 0;
        foreach (var octet in reader.ReadOctets(count, "length")) length = (length << 8) | octet;
        return length;
    }
}
