using Tessera.Wire;

namespace Tessera.Toolkit.Commands;

/// <summary>
/// A command from a card or a server to a terminal and its holder (ETSI TS 102 223 §6.6, BER-TLV of §9.2).
/// </summary>
/// <remarks>
/// <code>
/// D0 L
///   81 03 number type qualifier        command details
///   82 02 source destination           device identities
///   data objects, in their order
/// </code>
/// One FETCH carries at most 256 octets; between our own parties the text may be longer.
/// </remarks>
public sealed partial record ProactiveCommand(
    byte Number,
    CommandType Type,
    byte Qualifier,
    Device Source,
    Device Destination,
    Sequence<ComprehensionTlv> Objects)
    : IWireFormat<ProactiveCommand>
{
    /// <summary>Octets of the longest command that one FETCH carries.</summary>
    public const int MaxFetchLength = 256;

    internal const ushort TemplateTag = 0xD0;

    internal static ReadOnlySpan<byte> DetailsHead => [0x81, 0x03];

    internal static ReadOnlySpan<byte> DevicesHead => [0x82, 0x02];

    public static ProactiveCommand Read(ref ByteReader reader) =>
        ReadObjects(Tlv.ReadExpected(ref reader, TemplateTag, "proactive command"));

    public void Write(ByteWriter writer) =>
        Tlv.Write(writer, TemplateTag, Bytes.Of(output => WriteObjects(new ByteWriter(output))).Span);

    /// <summary>Reads what stands inside the template.</summary>
    internal static ProactiveCommand ReadObjects(ReadOnlySpan<byte> objects)
    {
        var reader = new ByteReader(objects);
        ReadHead(ref reader, DetailsHead, "command details");
        var number = reader.ReadByte("command number");
        var type = (CommandType)reader.ReadByte("type of command");
        var qualifier = reader.ReadByte("command qualifier");
        ReadHead(ref reader, DevicesHead, "device identities");
        var source = (Device)reader.ReadByte("source device");
        var destination = (Device)reader.ReadByte("destination device");
        return new ProactiveCommand(
            number, type, qualifier, source, destination, ComprehensionTlv.ReadAll(ref reader));
    }

    /// <summary>The value of the first object of that name, or null.</summary>
    public Bytes? Find(ObjectTag name) => Objects.Find(name);

    /// <summary>Writes what stands inside the template.</summary>
    internal void WriteObjects(ByteWriter writer)
    {
        writer.WriteOctets(DetailsHead);
        writer.WriteByte(Number);
        writer.WriteByte((byte)Type);
        writer.WriteByte(Qualifier);
        writer.WriteOctets(DevicesHead);
        writer.WriteByte((byte)Source);
        writer.WriteByte((byte)Destination);
        foreach (var item in Objects) item.Write(writer);
    }

    private static void ReadHead(ref ByteReader reader, ReadOnlySpan<byte> head, string field)
    {
        var at = reader.Offset;
        if (!reader.ReadOctets(head.Length, field).SequenceEqual(head))
            throw new WireFormatException(field, at, $"does not begin with {Convert.ToHexString(head)}");
    }
}
