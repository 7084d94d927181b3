using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Cards.Purse;

/// <summary>
/// One field that a debit writes into the data store in its own atomic step (docs/protocols/purse.md §9).
/// </summary>
/// <remarks>
/// <code>
/// field 1 | version 2, above the stored one | definition 2 | length of content 1 | content 0..128
/// </code>
/// The goods of a debit are 1 to <see cref="MaxFields"/> of them, each field once, in
/// <see cref="PurseCommands.MaxGoods"/> octets.
/// </remarks>
public sealed record GoodsField(byte Field, ushort Version, FieldDefinition Definition, Bytes Content)
    : IWireFormat<GoodsField>
{
    public const int MaxFields = 4;

    private const int HeadLength = 6;

    /// <summary>Octets on the wire.</summary>
    public int Length => HeadLength + Content.Length;

    public static GoodsField Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var (field, version) = (reader.ReadByte("field"), reader.ReadUInt16("version"));
        if (field == 0) throw new WireFormatException("field", at, "is 0");
        if (version == 0) throw new WireFormatException("version", at + 1, "is 0");
        var definition = FieldDefinition.Read(ref reader);
        at = reader.Offset;
        var length = reader.ReadByte("length of content");
        if (length > StoreCommands.MaxContent)
            throw new WireFormatException("length of content", at, $"above {StoreCommands.MaxContent}");
        return new GoodsField(field, version, definition, reader.ReadBytes(length, "content"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(Field);
        writer.WriteUInt16(Version);
        Definition.Write(writer);
        writer.WriteByte(checked((byte)Content.Length));
        writer.WriteBytes(Content);
    }

    /// <summary>The goods of one debit.</summary>
    /// <exception cref="WireFormatException">None, too many, or a field twice.</exception>
    public static IReadOnlyList<GoodsField> ReadList(Bytes goods)
    {
        var reader = new ByteReader(goods.Span);
        var fields = new List<GoodsField>();
        do
        {
            var at = reader.Offset;
            var one = Read(ref reader);
            if (fields.Count == MaxFields) throw new WireFormatException("goods", at, $"of more than {MaxFields} fields");
            if (fields.Exists(other => other.Field == one.Field))
                throw new WireFormatException("field", at, $"{one.Field:X2} is there twice");
            fields.Add(one);
        }
        while (reader.Remaining > 0);
        return fields;
    }
}
