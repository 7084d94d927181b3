using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>A command to a card, cases 1 to 4, short or extended (ISO/IEC 7816-3 §12.1).</summary>
/// <remarks>
/// <code>
/// CLA INS P1 P2                               case 1
/// CLA INS P1 P2 Le                            case 2    Le short 1 octet, extended 00 + 2 octets
/// CLA INS P1 P2 Lc data                       case 3    Lc short 1 octet, extended 00 + 2 octets
/// CLA INS P1 P2 Lc data Le                    case 4    both short or both extended (Le then 2 octets)
/// </code>
/// <see cref="Le"/> is the number of octets wanted: null none, 256 encodes as 00, 65536 as 0000.
/// </remarks>
public sealed record CommandApdu(byte Cla, byte Ins, byte P1, byte P2, Bytes Data = default, int? Le = null)
    : IWireFormat<CommandApdu>
{
    public const int MaxShortData = 255;
    public const int MaxShortLe = 256;
    public const int MaxExtendedData = 65535;
    public const int MaxExtendedLe = 65536;

    private const byte ChainingBit = 0x10;

    /// <summary>At most 65535 octets.</summary>
    public Bytes Data { get; init => field = Valid(value); } = Valid(Data);

    /// <summary>1 to 65536, or null.</summary>
    public int? Le { get; init => field = Valid(value); } = Valid(Le);

    /// <summary>More blocks of the same command follow (ISO/IEC 7816-4 §5.3.3).</summary>
    public bool IsChained => (Cla & ChainingBit) != 0 && (Cla & 0xE0) is 0x00 or 0x80;

    public bool IsExtended => Data.Length > MaxShortData || Le > MaxShortLe;

    /// <summary>The four octets that may be logged: they carry no data.</summary>
    public string Header => Convert.ToHexString([Cla, Ins, P1, P2]);

    public static CommandApdu Read(ref ByteReader reader)
    {
        var cla = reader.ReadByte("CLA");
        var ins = reader.ReadByte("INS");
        var p1 = reader.ReadByte("P1");
        var p2 = reader.ReadByte("P2");
        if (reader.Remaining == 0) return new CommandApdu(cla, ins, p1, p2);

        int first = reader.ReadByte("P3");
        if (reader.Remaining == 0) return new CommandApdu(cla, ins, p1, p2, Le: first == 0 ? MaxShortLe : first);

        return first == 0 ? ReadExtended(ref reader, cla, ins, p1, p2) : ReadShort(ref reader, first, cla, ins, p1, p2);
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(Cla);
        writer.WriteByte(Ins);
        writer.WriteByte(P1);
        writer.WriteByte(P2);
        if (IsExtended)
        {
            writer.WriteByte(0);
            if (Data.Length > 0) writer.WriteUInt16((ushort)Data.Length);
            writer.WriteBytes(Data);
            if (Le is { } le) writer.WriteUInt16((ushort)le);
        }
        else
        {
            if (Data.Length > 0) writer.WriteByte((byte)Data.Length);
            writer.WriteBytes(Data);
            if (Le is { } le) writer.WriteByte((byte)le);
        }
    }

    /// <summary>The header only: data may be a PIN.</summary>
    public override string ToString() => $"{Header} Lc {Data.Length} Le {Le?.ToString() ?? "-"}";

    private static Bytes Valid(Bytes data) => data.Length <= MaxExtendedData
        ? data
        : throw new ArgumentOutOfRangeException(
            nameof(data), data.Length, $"A command has at most {MaxExtendedData} octets of data.");

    private static int? Valid(int? le) => le is null or (>= 1 and <= MaxExtendedLe)
        ? le
        : throw new ArgumentOutOfRangeException(nameof(le), le, $"Le is 1 to {MaxExtendedLe}.");

    private static CommandApdu ReadShort(ref ByteReader reader, int lc, byte cla, byte ins, byte p1, byte p2)
    {
        var data = reader.ReadBytes(lc, "data");
        if (reader.Remaining == 0) return new CommandApdu(cla, ins, p1, p2, data);

        int le = reader.ReadByte("Le");
        return new CommandApdu(cla, ins, p1, p2, data, le == 0 ? MaxShortLe : le);
    }

    /// <summary>Hosts also use the extended form for lengths that fit a short one; it reads the same.</summary>
    private static CommandApdu ReadExtended(ref ByteReader reader, byte cla, byte ins, byte p1, byte p2)
    {
        int length = reader.ReadUInt16("extended Lc or Le");
        if (reader.Remaining == 0) return new CommandApdu(cla, ins, p1, p2, Le: length == 0 ? MaxExtendedLe : length);

        if (length == 0) throw new WireFormatException("extended Lc", reader.Offset - 2, "is zero but data follows");
        var data = reader.ReadBytes(length, "data");
        if (reader.Remaining == 0) return new CommandApdu(cla, ins, p1, p2, data);

        int le = reader.ReadUInt16("extended Le");
        return new CommandApdu(cla, ins, p1, p2, data, le == 0 ? MaxExtendedLe : le);
    }
}
