using Tessera.Wire;

namespace Tessera.Cards.Store;

/// <summary>The answer to READ: a field as it is on the card, fresh by the server's nonce.</summary>
/// <remarks>
/// <code>
/// version 2 | content 0..128, ciphered where that was asked for | MAC 8
/// </code>
/// A field that is not there has version 0 and no content.
/// </remarks>
public sealed record StoredField(ushort Version, Bytes Content, Bytes Mac) : IWireFormat<StoredField>
{
    public bool IsThere => Version != 0;

    public static StoredField Read(ref ByteReader reader)
    {
        var version = reader.ReadUInt16("version");
        var content = FieldWrite.ReadContent(ref reader, after: StoreMac.Length);
        if (version == 0 && content.Length != 0)
            throw new WireFormatException("content", 2, "of a field that is not there");
        return new StoredField(version, content, reader.ReadBytes(StoreMac.Length, "MAC"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.WriteBytes(Content);
        writer.WriteBytes(Mac);
    }
}

/// <summary>The data of WRITE: a field's new version and content with the issuer's code.</summary>
/// <remarks><code>version 2, above the stored one | MAC 8 | content 0..128</code></remarks>
public sealed record FieldWrite(ushort Version, Bytes Mac, Bytes Content) : IWireFormat<FieldWrite>
{
    public static FieldWrite Read(ref ByteReader reader) => new(
        reader.ReadUInt16("version"),
        reader.ReadBytes(StoreMac.Length, "MAC"),
        ReadContent(ref reader, after: 0));

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.WriteBytes(Mac);
        writer.WriteBytes(Content);
    }

    /// <summary>Content has no length of its own: it is what is left but for <paramref name="after"/> octets.</summary>
    internal static Bytes ReadContent(ref ByteReader reader, int after)
    {
        var length = reader.Remaining - after;
        if (length > StoreCommands.MaxContent)
            throw new WireFormatException("content", reader.Offset, $"longer than {StoreCommands.MaxContent} octets");
        return reader.ReadBytes(length, "content");
    }
}

/// <summary>One entry of the answer to LIST: which version of a field the card has. Not authenticated.</summary>
/// <remarks><code>field 1 | version 2 | length of its content 1</code></remarks>
public sealed record FieldVersion(byte Field, ushort Version, byte Length) : IWireFormat<FieldVersion>
{
    public static FieldVersion Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var entry = new FieldVersion(reader.ReadByte("field"), reader.ReadUInt16("version"), reader.ReadByte("length"));
        if (entry.Field == 0) throw new WireFormatException("field", at, "is 0");
        if (entry.Version == 0) throw new WireFormatException("version", at + 1, "is 0, but the field is there");
        if (entry.Length > StoreCommands.MaxContent)
            throw new WireFormatException("length", at + 3, $"above {StoreCommands.MaxContent}");
        return entry;
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(Field);
        writer.WriteUInt16(Version);
        writer.WriteByte(Length);
    }

    /// <summary>The whole answer to LIST: at most 16 entries, fields rising.</summary>
    public static IReadOnlyList<FieldVersion> ReadList(Bytes answer) => ReadList<FieldVersion>(answer, entry => entry);

    internal static IReadOnlyList<T> ReadList<T>(Bytes answer, Func<T, FieldVersion> fieldOf) where T : IWireFormat<T>
    {
        var reader = new ByteReader(answer.Span);
        var list = new List<T>();
        byte last = 0;
        while (reader.Remaining > 0)
        {
            var at = reader.Offset;
            var entry = T.Read(ref reader);
            if (list.Count == StoreCommands.MaxFields)
                throw new WireFormatException("LIST", at, $"more than {StoreCommands.MaxFields} fields");
            if (fieldOf(entry).Field <= last)
                throw new WireFormatException("field", at, $"{fieldOf(entry).Field:X2} does not come after {last:X2}");
            last = fieldOf(entry).Field;
            list.Add(entry);
        }

        return list;
    }
}
