using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>
/// What a Tessera application says of itself when it is selected (docs/protocols/purse.md §1, store.md §1).
/// </summary>
/// <remarks>
/// <code>
/// 6F L { 84 L AID
///        A5 L { C0 01 version (01)
///               C1 08 card id
///               C2 02 currency            purse only: ISO 4217 digits, 0978 for 978
///               C3 01 key version
///               C4 04 greatest balance    purse only: minor units
/// } }
/// </code>
/// </remarks>
public sealed record ApplicationTemplate(Bytes Aid, CardId Card, byte KeyVersion, PurseTraits? Purse = null)
    : IWireFormat<ApplicationTemplate>
{
    public const byte Version = 1;

    private const ushort Fci = 0x6F;
    private const ushort DfName = 0x84;
    private const ushort Proprietary = 0xA5;
    private const ushort VersionTag = 0xC0;
    private const ushort CardTag = 0xC1;
    private const ushort CurrencyTag = 0xC2;
    private const ushort KeyVersionTag = 0xC3;
    private const ushort GreatestBalanceTag = 0xC4;

    public static ApplicationTemplate Read(ref ByteReader reader)
    {
        var fci = new ByteReader(Tlv.ReadExpected(ref reader, Fci, "FCI"));
        var aid = Bytes.CopyOf(Tlv.ReadExpected(ref fci, DfName, "AID"));
        var objects = new ByteReader(Tlv.ReadExpected(ref fci, Proprietary, "proprietary template"));
        fci.ReadEnd("FCI");

        var version = Object(ref objects, VersionTag, "version", 1)[0];
        if (version != Version) throw new WireFormatException("version", 0, $"{version:X2} is not known");
        var card = Bytes.CopyOf(Object(ref objects, CardTag, "card id", CardId.Length)).Read<CardId>();
        var currency = IsNext(objects, CurrencyTag) ? Number(ref objects, CurrencyTag, "currency", 2) : (uint?)null;
        var keyVersion = Object(ref objects, KeyVersionTag, "key version", 1)[0];
        PurseTraits? purse = currency is { } digits
            ? new PurseTraits((ushort)digits, Number(ref objects, GreatestBalanceTag, "greatest balance", 4))
            : null;
        objects.ReadEnd("proprietary template");
        return new ApplicationTemplate(aid, card, keyVersion, purse);
    }

    public void Write(ByteWriter writer)
    {
        var objects = Bytes.Of(output =>
        {
            var inner = new ByteWriter(output);
            Tlv.Write(inner, VersionTag, [Version]);
            Tlv.Write(inner, CardTag, Bytes.Of(Card).Span);
            if (Purse is not null) Tlv.Write(inner, CurrencyTag, Octets(Purse.Currency)[2..]);
            Tlv.Write(inner, KeyVersionTag, [KeyVersion]);
            if (Purse is not null) Tlv.Write(inner, GreatestBalanceTag, Octets(Purse.GreatestBalance));
        });
        Tlv.Write(writer, Fci, Bytes.Of(output =>
        {
            var inner = new ByteWriter(output);
            Tlv.Write(inner, DfName, Aid.Span);
            Tlv.Write(inner, Proprietary, objects.Span);
        }).Span);
    }

    private static ReadOnlySpan<byte> Octets(uint value) =>
        Bytes.Of(output => new ByteWriter(output).WriteUInt32(value)).Span;

    private static bool IsNext(ByteReader objects, ushort tag) =>
        objects.Remaining > 0 && objects.ReadByte("tag") == tag;

    private static uint Number(ref ByteReader objects, ushort tag, string field, int length)
    {
        var value = 0u;
        foreach (var octet in Object(ref objects, tag, field, length)) value = (value << 8) | octet;
        return value;
    }

    private static ReadOnlySpan<byte> Object(ref ByteReader objects, ushort tag, string field, int length)
    {
        var at = objects.Offset;
        var value = Tlv.ReadExpected(ref objects, tag, field);
        return value.Length == length
            ? value
            : throw new WireFormatException(field, at, $"has {value.Length} octets, not {length}");
    }
}

/// <summary>What a purse holds at most, and of what.</summary>
/// <param name="Currency">ISO 4217 digits, BCD: 0978 is the euro.</param>
/// <param name="GreatestBalance">Minor units.</param>
public sealed record PurseTraits(ushort Currency, uint GreatestBalance);
