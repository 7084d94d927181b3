using Tessera.Wire;

namespace Tessera.Terminal.Serial.Frames;

/// <summary>A frame between device and telephone (docs/protocols/serial.md §3).</summary>
/// <remarks>
/// <code>
/// kind         1   bit 8 the telephone sent it, bit 7 over: an answer is wanted, bits 1-6 the kind
/// connection   2
/// Open:        version 1
/// Data:        number 1, report 3, octets 1 to 256
/// Ack:         report 3
/// Finish:      number 1, report 3
/// Reset:       reason 1
/// report       next 1, heard 1, room 1
/// </code>
/// </remarks>
public sealed record SerialFrame(SerialKind Kind, SerialSide From, ushort Connection) : IWireFormat<SerialFrame>
{
    public const byte Version = 0x01;

    /// <summary>Octets of the connection in one frame at most.</summary>
    public const int MaxOctets = 256;

    /// <summary>Frames that may be under way.</summary>
    public const int Window = 8;

    /// <summary>Octets of the longest frame without its check.</summary>
    public const int MaxLength = 7 + MaxOctets;

    private const byte OverBit = 0x40;
    private const byte KindBits = 0x3F;

    /// <summary>The other side is asked for a report at once; on a line of one direction at a time, it may speak now.</summary>
    public bool Over { get; init; }

    /// <summary>Which of the numbered frames this is, modulo 256.</summary>
    public byte Number { get; init; }

    /// <summary>What the sender has heard.</summary>
    public SerialReport Report { get; init; }

    /// <summary>Octets of the connection.</summary>
    public Bytes Octets { get; init; }

    /// <summary>The version of an Open.</summary>
    public byte Speaks { get; init; }

    /// <summary>Why a connection is reset.</summary>
    public SerialReset Reason { get; init; }

    public static SerialFrame Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var first = reader.ReadByte("kind");
        var kind = (SerialKind)(first & KindBits);
        if (!Enum.IsDefined(kind)) throw new WireFormatException("kind", at, $"{first:X2} is none");
        var frame = new SerialFrame(kind, (SerialSide)(first & (byte)SerialSide.Telephone), reader.ReadUInt16("connection"))
        {
            Over = (first & OverBit) != 0,
        };
        return kind switch
        {
            SerialKind.Open => frame with { Speaks = reader.ReadByte("version") },
            SerialKind.Data => frame with
            {
                Number = reader.ReadByte("number"),
                Report = ReadReport(ref reader),
                Octets = ReadOctets(ref reader),
            },
            SerialKind.Ack => frame with { Report = ReadReport(ref reader) },
            SerialKind.Finish => frame with { Number = reader.ReadByte("number"), Report = ReadReport(ref reader) },
            SerialKind.Reset => frame with { Reason = (SerialReset)reader.ReadByte("reason") },
            _ => frame,
        };
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)((byte)Kind | (byte)From | (Over ? OverBit : 0)));
        writer.WriteUInt16(Connection);
        switch (Kind)
        {
            case SerialKind.Open:
                writer.WriteByte(Speaks);
                break;
            case SerialKind.Data:
                writer.WriteByte(Number);
                WriteReport(writer);
                writer.WriteBytes(Octets);
                break;
            case SerialKind.Ack:
                WriteReport(writer);
                break;
            case SerialKind.Finish:
                writer.WriteByte(Number);
                WriteReport(writer);
                break;
            case SerialKind.Reset:
                writer.WriteByte((byte)Reason);
                break;
        }
    }

    private static SerialReport ReadReport(ref ByteReader reader)
    {
        var (next, heard, at) = (reader.ReadByte("next"), reader.ReadByte("heard"), reader.Offset);
        var room = reader.ReadByte("room");
        return room <= Window
            ? new SerialReport(next, heard, room)
            : throw new WireFormatException("room", at, $"{room} frames are more than {Window}");
    }

    private static Bytes ReadOctets(ref ByteReader reader)
    {
        var length = reader.Remaining;
        return length is > 0 and <= MaxOctets
            ? reader.ReadBytes(length, "octets")
            : throw new WireFormatException("octets", reader.Offset, $"{length} where 1 to {MaxOctets} belong");
    }

    private void WriteReport(ByteWriter writer)
    {
        writer.WriteByte(Report.Next);
        writer.WriteByte(Report.Heard);
        writer.WriteByte(Report.Room);
    }
}
