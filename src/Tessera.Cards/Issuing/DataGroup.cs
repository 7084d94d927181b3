using Tessera.Wire;

namespace Tessera.Cards.Issuing;

/// <summary>
/// A group of data for a card that is personalised (GlobalPlatform Card Specification §11.11; which groups there are:
/// docs/protocols/issuing.md §3).
/// </summary>
/// <remarks><code>identifier 2 | length 1, or FF and 2 | content</code></remarks>
public sealed record DataGroup(ushort Id, Bytes Content) : IWireFormat<DataGroup>
{
    /// <summary>A key of an applet: key version 1, encrypted key.</summary>
    public const ushort Key = 0x8001;

    /// <summary>
    /// The key by which a purse knows offline acceptors: key version 1, which is that of its own key, encrypted key.
    /// </summary>
    public const ushort OfflineKey = 0x8002;

    /// <summary>The PIN of the card: see <see cref="EncryptedPin"/>.</summary>
    public const ushort Pin = 0x8010;

    /// <summary>The PUK of the card.</summary>
    public const ushort Puk = 0x8011;

    /// <summary>A field of a data store: this and its number; version 2, content.</summary>
    public const ushort Field = 0x0100;

    /// <summary>A field that is defined: this and its number; definition 2, version 2, content.</summary>
    public const ushort DefinedField = 0x0200;

    /// <summary>Groups from here on are taken by a card that is not personalised yet, and by no other.</summary>
    public const ushort FirstAtBirth = 0x9000;

    /// <summary>What a personalisation that was cut has left behind is forgotten. Empty.</summary>
    public const ushort Begin = 0x9000;

    /// <summary>The id of the card: 8.</summary>
    public const ushort Card = 0x9001;

    /// <summary>What the purse is: currency 2, greatest balance 4.</summary>
    public const ushort PurseTraits = 0x9002;

    /// <summary>The keys of secured packets: four encrypted keys, KIc and KID down, then up.</summary>
    public const ushort Ota = 0x9020;

    /// <summary>
    /// Who a SIM is: its identity, then PIN, PUK, PIN2, PUK2 and administrative code, each as <see cref="EncryptedPin"/>.
    /// </summary>
    public const ushort SimIdentity = 0x9021;

    /// <summary>K and OPc of a SIM, two encrypted keys.</summary>
    public const ushort SimKeys = 0x9022;

    /// <summary>A finger of the holder (docs/protocols/finger.md §1).</summary>
    public const ushort Finger = 0x9030;

    private const byte LongLength = 0xFF;

    public static DataGroup Read(ref ByteReader reader)
    {
        var id = reader.ReadUInt16("group");
        int length = reader.ReadByte("length of the group");
        if (length == LongLength) length = reader.ReadUInt16("length of the group");
        return new DataGroup(id, reader.ReadBytes(length, "content of the group"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt16(Id);
        if (Content.Length >= LongLength)
        {
            writer.WriteByte(LongLength);
            writer.WriteUInt16(checked((ushort)Content.Length));
        }
        else
        {
            writer.WriteByte((byte)Content.Length);
        }

        writer.WriteBytes(Content);
    }
}
