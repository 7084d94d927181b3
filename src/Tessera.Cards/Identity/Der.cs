using System.Formats.Asn1;

namespace Tessera.Cards.Identity;

/// <summary>A time of RFC 5280 §4.1.2.5: UTCTime until 2049, then GeneralizedTime.</summary>
internal static class DerTime
{
    public static bool IsNext(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ||
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    public static DateTimeOffset Read(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}

/// <summary>One extension: its number, whether it must be understood, its value.</summary>
internal readonly record struct DerExtension(string Id, bool IsCritical, ReadOnlyMemory<byte> Value)
{
    public static DerExtension Read(AsnReader extensions)
    {
        var extension = extensions.ReadSequence();
        var id = extension.ReadObjectIdentifier();
        var critical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
        var value = extension.ReadOctetString();
        extension.ThrowIfNotEmpty();
        return new DerExtension(id, critical, value);
    }
}
