using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>
/// The two forms of a scripting template (ETSI TS 102 226 §5.2): definite, and indefinite with its tag four higher.
/// </summary>
internal static class PlainTemplate
{
    private const int IndefiniteStep = 4;
    private const byte IndefiniteLength = 0x80;

    /// <summary>Hands out every object; returns true for the indefinite form.</summary>
    public static bool Read(ref ByteReader reader, byte definiteTag, Action<ushort, Bytes> take)
    {
        var at = reader.Offset;
        var tag = reader.ReadByte("template");
        if (tag == definiteTag)
        {
            var inner = new ByteReader(reader.ReadOctets(Tlv.ReadLength(ref reader), "template"));
            while (inner.Remaining > 0)
            {
                if (!ReadOne(ref inner, take)) throw new WireFormatException("template", at, "ends before its length");
            }

            return false;
        }

        if (tag != definiteTag + IndefiniteStep || reader.ReadByte("length") != IndefiniteLength)
            throw new WireFormatException("template", at, $"tag {tag:X2} where {definiteTag:X2} belongs");
        while (ReadOne(ref reader, take)) { }
        return true;
    }

    public static void Write(ByteWriter writer, byte definiteTag, bool indefinite, IEnumerable<Tlv> objects)
    {
        var value = Bytes.Of(output =>
        {
            var inner = new ByteWriter(output);
            foreach (var item in objects) item.Write(inner);
        });
        if (!indefinite)
        {
            Tlv.Write(writer, definiteTag, value.Span);
            return;
        }

        writer.WriteOctets([(byte)(definiteTag + IndefiniteStep), IndefiniteLength]);
        writer.WriteBytes(value);
        writer.WriteUInt16(0);
    }

    /// <summary>False at the end-of-contents octets.</summary>
    private static bool ReadOne(ref ByteReader reader, Action<ushort, Bytes> take)
    {
        var at = reader.Offset;
        var value = Bytes.CopyOf(Tlv.ReadValue(ref reader, out var tag));
        if (tag == 0 && value.Length == 0) return false;
        if (tag == 0) throw new WireFormatException("template", at, "tag 00");
        take(tag, value);
        return true;
    }
}
