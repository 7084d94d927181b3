using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>Which way a TPDU goes: its type octet means another message each way.</summary>
public enum Direction
{
    /// <summary>From the service centre to the mobile.</summary>
    ToMobile,

    /// <summary>From the mobile to the service centre.</summary>
    ToCentre,
}

/// <summary>A message of the transfer layer between mobile and service centre (3GPP TS 23.040 §9.2.2).</summary>
public abstract record Tpdu
{
    private protected const byte HeaderIndicator = 0x40;
    private protected const byte ReplyPathBit = 0x80;
    private protected const byte StatusReportBit = 0x20;

    private const byte TypeMask = 0b11;

    private protected Tpdu() { }

    public abstract void Write(ByteWriter writer);

    public Bytes ToBytes() => Bytes.Of(output => Write(new ByteWriter(output)));

    /// <summary>Reads one message that must take all the octets.</summary>
    /// <exception cref="WireFormatException">The octets are not exactly one message of that direction.</exception>
    public static Tpdu Read(Bytes octets, Direction direction)
    {
        if (octets.Length == 0) throw new WireFormatException("TP-MTI", 0, "no octets");
        var type = octets.Span[0] & TypeMask;
        return (type, direction) switch
        {
            (0, Direction.ToMobile) => octets.Read<SmsDeliver>(),
            (0, _) => octets.Read<SmsDeliverReport>(),
            (1, Direction.ToMobile) => octets.Read<SmsSubmitReport>(),
            (1, _) => octets.Read<SmsSubmit>(),
            (2, Direction.ToMobile) => octets.Read<SmsStatusReport>(),
            _ => throw new WireFormatException("TP-MTI", 0, $"type {type} is not used here in that direction"),
        };
    }

    private protected static byte ReadFirst(ref ByteReader reader, byte type)
    {
        var at = reader.Offset;
        var first = reader.ReadByte("TP-MTI");
        return (first & TypeMask) == type
            ? first
            : throw new WireFormatException("TP-MTI", at, $"type {first & TypeMask} where {type} belongs");
    }

    private protected static byte Flag(bool set, byte bit) => set ? bit : (byte)0;

    private protected static byte HeaderFlag(UserData? data) =>
        Flag(data is { Header.IsEmpty: false }, HeaderIndicator);
}
