using Tessera.Wire;

namespace Tessera.Cards.SecureChannels;

/// <summary>
/// An application or security domain as GET STATUS tells of it (GlobalPlatform Card Specification §11.4).
/// </summary>
/// <remarks><code>E3 L { 4F L AID | 9F70 01 life cycle state | C5 L privileges | others, which are not read }</code></remarks>
/// <param name="State">07 for an application that can be selected, 0F for a domain with its keys.</param>
/// <param name="Privileges">1 or 3 octets.</param>
public sealed record RegistryEntry(Bytes Aid, byte State, Bytes Privileges) : IWireFormat<RegistryEntry>
{
    private const ushort EntryTag = 0xE3;
    private const ushort AidTag = 0x4F;
    private const ushort StateTag = 0x9F70;
    private const ushort PrivilegesTag = 0xC5;

    /// <summary>All that one answer holds.</summary>
    public static IReadOnlyList<RegistryEntry> ReadList(Bytes answer)
    {
        var entries = new List<RegistryEntry>();
        var reader = new ByteReader(answer.Span);
        while (reader.Remaining > 0) entries.Add(Read(ref reader));
        return entries;
    }

    public static RegistryEntry Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var entry = new ByteReader(Tlv.ReadExpected(ref reader, EntryTag, "registry entry"));
        Bytes? aid = null;
        byte? state = null;
        var privileges = Bytes.Empty;
        while (entry.Remaining > 0)
        {
            var value = Tlv.ReadValue(ref entry, out var tag);
            if (tag == AidTag) aid = Bytes.CopyOf(value);
            else if (tag == StateTag && value.Length > 0) state = value[0];
            else if (tag == PrivilegesTag) privileges = Bytes.CopyOf(value);
        }

        return aid is { } named && state is { } known
            ? new RegistryEntry(named, known, privileges)
            : throw new WireFormatException("registry entry", at, "has no AID or no state");
    }

    public void Write(ByteWriter writer) => Tlv.Write(writer, EntryTag, Bytes.Of(output =>
    {
        var inner = new ByteWriter(output);
        Tlv.Write(inner, AidTag, Aid.Span);
        Tlv.Write(inner, StateTag, [State]);
        Tlv.Write(inner, PrivilegesTag, Privileges.Span);
    }).Span);
}
