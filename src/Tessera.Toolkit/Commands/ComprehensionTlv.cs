using Tessera.Wire;

namespace Tessera.Toolkit.Commands;

/// <summary>One COMPREHENSION-TLV data object of a toolkit command (ETSI TS 101 220 §7.1.1).</summary>
/// <remarks>
/// <code>
/// tag      1 octet, 01..7E; bit 8 set: the receiver must understand the object to perform the command
/// length   00..7F | 81 LL | 82 LLLL, the shortest that fits
/// value    that many octets
/// </code>
/// Tags of three octets (7F, FF) are not used here.
/// </remarks>
public readonly record struct ComprehensionTlv(byte Tag, Bytes Value) : IWireFormat<ComprehensionTlv>
{
    public const byte Required = 0x80;

    private const byte LongTag = 0x7F;

    /// <summary>The tag without its comprehension bit.</summary>
    public ObjectTag Name => (ObjectTag)(Tag & ~Required);

    /// <summary>An object the receiver must understand.</summary>
    public static ComprehensionTlv Of(ObjectTag name, params ReadOnlySpan<byte> value) =>
        new((byte)((byte)name | Required), Bytes.CopyOf(value));

    public static ComprehensionTlv Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var tag = reader.ReadByte("tag");
        if ((tag & ~Required) is 0 or LongTag) throw new WireFormatException("tag", at, $"{tag:X2} is not used here");
        return new ComprehensionTlv(tag, reader.ReadBytes(Tlv.ReadLength(ref reader), $"object {tag:X2}"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(Tag);
        Tlv.WriteLength(writer, Value.Length);
        writer.WriteBytes(Value);
    }

    internal static Sequence<ComprehensionTlv> ReadAll(ref ByteReader reader)
    {
        var objects = new List<ComprehensionTlv>();
        while (reader.Remaining > 0) objects.Add(Read(ref reader));
        return objects.ToSequence();
    }
}

/// <summary>Looks up data objects by name.</summary>
public static class DataObjects
{
    /// <summary>The value of the first object of that name, or null.</summary>
    public static Bytes? Find(this Sequence<ComprehensionTlv> objects, ObjectTag name)
    {
        foreach (var found in objects)
        {
            if (found.Name == name) return found.Value;
        }

        return null;
    }
}
