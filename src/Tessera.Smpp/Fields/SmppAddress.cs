using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>Type of number, as in addr_ton (SMPP 3.4 §5.2.5).</summary>
public enum Ton : byte
{
    Unknown = 0,
    International = 1,
    National = 2,
    NetworkSpecific = 3,
    Subscriber = 4,
    Alphanumeric = 5,
    Abbreviated = 6,
}

/// <summary>Numbering plan indicator, as in addr_npi (SMPP 3.4 §5.2.6).</summary>
public enum Npi : byte
{
    Unknown = 0,
    Isdn = 1,
    Data = 3,
    Telex = 4,
    LandMobile = 6,
    National = 8,
    Private = 9,
    Ermes = 10,
    Internet = 14,
    WapClientId = 18,
}

/// <summary>An address of a short message entity: type, plan and digits (SMPP 3.4 §4.4.1, source and dest).</summary>
/// <remarks>
/// <code>
/// addr_ton   1 octet
/// addr_npi   1 octet
/// addr       C-octet string, at most 21 octets; 65 in data_sm and alert_notification
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SmppAddress(Ton Ton, Npi Npi, string Digits)
{
    internal const int MaxLength = 21;
    internal const int MaxLongLength = 65;

    // Null where there are none, so that an address that was never set equals one that was read empty.
    private readonly string? _digits = Digits.Length > 0 ? Digits : null;

    public string Digits
    {
        get => _digits ?? "";
        init => _digits = value.Length > 0 ? value : null;
    }

    /// <summary>An international ISDN number, given without its plus sign.</summary>
    public static SmppAddress International(string digits) => new(Ton.International, Npi.Isdn, digits);

    public override string ToString() => Ton == Ton.International ? $"+{Digits}" : Digits;

    internal static SmppAddress Read(ref ByteReader reader, int max, string field) => new(
        (Ton)reader.ReadByte(field),
        (Npi)reader.ReadByte(field),
        reader.ReadCString(max, field));

    internal void Write(ByteWriter writer, int max, string field)
    {
        writer.WriteByte((byte)Ton);
        writer.WriteByte((byte)Npi);
        writer.WriteCString(Digits, max, field);
    }
}
