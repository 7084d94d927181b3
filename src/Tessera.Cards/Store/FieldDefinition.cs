using Tessera.Wire;

namespace Tessera.Cards.Store;

/// <summary>What the content of a field is (docs/protocols/store.md §2).</summary>
public enum FieldType : byte
{
    Octets = 0,

    /// <summary>UTF-8.</summary>
    Text = 1,

    /// <summary>Unsigned, big endian, 1 to 8 octets.</summary>
    Number = 2,

    /// <summary>Year, month and day as eight digits, BCD.</summary>
    Date = 3,

    /// <summary>A <see cref="SignedObject"/>, or what stands in its place when it was taken away.</summary>
    Object = 4,
}

/// <summary>Who gets the content of a field in clear (docs/protocols/store.md §2).</summary>
public enum FieldReading : byte
{
    Anybody = 0,

    /// <summary>Who has verified the PIN, and who has the keys.</summary>
    Holder = 1,

    /// <summary>Only who has the keys: the content leaves the card ciphered.</summary>
    Issuer = 2,
}

/// <summary>What a field is and how it is treated; of a field that nobody defined, octets for anybody.</summary>
/// <remarks><code>type 1 | rules 1: b8 mandatory, b2 b1 reading</code></remarks>
/// <param name="IsMandatory">A change of it comes to all cards of the holder, unasked.</param>
public readonly record struct FieldDefinition(FieldType Type, FieldReading Reading, bool IsMandatory)
    : IWireFormat<FieldDefinition>
{
    public const int Length = 2;

    private const byte Mandatory = 0x80;

    public static FieldDefinition Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var (type, rules) = ((FieldType)reader.ReadByte("type"), reader.ReadByte("rules"));
        var reading = (FieldReading)(rules & ~Mandatory);
        if (type > FieldType.Object) throw new WireFormatException("type", at, $"{(byte)type:X2} is not known");
        if (reading > FieldReading.Issuer) throw new WireFormatException("rules", at + 1, $"{rules:X2} are not known");
        return new FieldDefinition(type, reading, (rules & Mandatory) != 0);
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)Type);
        writer.WriteByte((byte)((byte)Reading | (IsMandatory ? Mandatory : 0)));
    }
}

/// <summary>The data of DEFINE: a WRITE that also says what the field is.</summary>
/// <remarks><code>version 2, above the stored one | MAC 8 | definition 2 | content</code></remarks>
public sealed record FieldDefine(ushort Version, Bytes Mac, FieldDefinition Definition, Bytes Content)
    : IWireFormat<FieldDefine>
{
    public static FieldDefine Read(ref ByteReader reader) => new(
        reader.ReadUInt16("version"),
        reader.ReadBytes(StoreMac.Length, "MAC"),
        FieldDefinition.Read(ref reader),
        FieldWrite.ReadContent(ref reader, after: 0));

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.WriteBytes(Mac);
        Definition.Write(writer);
        writer.WriteBytes(Content);
    }
}

/// <summary>One entry of the answer to LIST with definitions. Not authenticated.</summary>
/// <remarks><code>field 1 | version 2 | length of its content 1 | definition 2</code></remarks>
public sealed record DefinedField(FieldVersion Field, FieldDefinition Definition) : IWireFormat<DefinedField>
{
    public static DefinedField Read(ref ByteReader reader) =>
        new(FieldVersion.Read(ref reader), FieldDefinition.Read(ref reader));

    public void Write(ByteWriter writer)
    {
        Field.Write(writer);
        Definition.Write(writer);
    }

    /// <summary>The whole answer: at most 16 entries, fields rising.</summary>
    public static IReadOnlyList<DefinedField> ReadList(Bytes answer) =>
        FieldVersion.ReadList<DefinedField>(answer, entry => entry.Field);
}
