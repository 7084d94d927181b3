using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Sms.Relay;

/// <summary>A message of the relay layer between mobile and network, under the TPDUs (3GPP TS 24.011 §7.3).</summary>
/// <remarks>
/// <code>
/// RP-MTI   1   low bits: 0 1 RP-DATA, 2 3 RP-ACK, 4 5 RP-ERROR, 6 RP-SMMA; the even ones go to the network
/// RP-MR    1   the same in a message and in what answers it
/// </code>
/// </remarks>
public abstract record RpMessage(Direction Direction, byte Reference)
{
    private protected const byte Data = 0;
    private protected const byte Ack = 2;
    private protected const byte Error = 4;
    private protected const byte Smma = 6;

    private const byte TypeMask = 0b111;
    private const byte UserDataElement = 0x41;

    /// <summary>Octets of the longest TPDU in RP-DATA, and of the longest that answers one.</summary>
    private protected const int MaxTpdu = 232;

    private protected abstract byte Type { get; }

    /// <summary>Reads one message that must take all the octets.</summary>
    /// <exception cref="WireFormatException">The octets are not exactly one message.</exception>
    public static RpMessage Read(ReadOnlySpan<byte> octets)
    {
        var reader = new ByteReader(octets);
        var type = reader.ReadByte("RP-MTI") & TypeMask;
        var direction = (type & 1) == 0 ? Direction.ToCentre : Direction.ToMobile;
        var reference = reader.ReadByte("RP-MR");
        RpMessage message = (byte)(type & ~1) switch
        {
            Data => RpData.Read(ref reader, direction, reference),
            Ack => new RpAck(direction, reference, ReadAnswer(ref reader)),
            Error => RpError.Read(ref reader, direction, reference),
            Smma when direction == Direction.ToCentre => new RpSmma(reference),
            _ => throw new WireFormatException("RP-MTI", 0, $"type {type} is reserved"),
        };
        reader.ReadEnd("RP message");
        return message;
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)(Type | (Direction == Direction.ToMobile ? 1 : 0)));
        writer.WriteByte(Reference);
        WriteBody(writer);
    }

    public Bytes ToBytes() => Bytes.Of(output => Write(new ByteWriter(output)));

    private protected abstract void WriteBody(ByteWriter writer);

    /// <summary>A TPDU in an answer is an optional element: 41, length, value.</summary>
    private protected static Bytes? ReadAnswer(ref ByteReader reader)
    {
        if (reader.Remaining == 0) return null;
        var at = reader.Offset;
        var id = reader.ReadByte("RP-User-Data");
        if (id != UserDataElement) throw new WireFormatException("RP-User-Data", at, $"element {id:X2}, not 41");
        return ReadTpdu(ref reader);
    }

    private protected static void WriteAnswer(ByteWriter writer, Bytes? tpdu)
    {
        if (tpdu is not { } octets) return;
        writer.WriteByte(UserDataElement);
        WriteTpdu(writer, octets);
    }

    private protected static Bytes ReadTpdu(ref ByteReader reader)
    {
        var at = reader.Offset;
        var length = reader.ReadByte("RP-User-Data length");
        return length <= MaxTpdu
            ? reader.ReadBytes(length, "RP-User-Data")
            : throw new WireFormatException("RP-User-Data length", at, $"{length} octets");
    }

    private protected static void WriteTpdu(ByteWriter writer, Bytes tpdu)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tpdu.Length, MaxTpdu, nameof(tpdu));
        writer.WriteByte((byte)tpdu.Length);
        writer.WriteBytes(tpdu);
    }
}

/// <summary>RP-DATA: a TPDU on its way (3GPP TS 24.011 §7.3.1).</summary>
/// <remarks>
/// <code>
/// originator    1..12   to the mobile: the service centre; to the network: length 0
/// destination   1..12   to the network: the service centre; to the mobile: length 0
/// TPDU          1..     length 1, value
/// </code>
/// </remarks>
/// <param name="ServiceCentre">Where it comes from or goes to.</param>
public sealed record RpData(Direction Direction, byte Reference, Address? ServiceCentre, Bytes Tpdu)
    : RpMessage(Direction, Reference)
{
    private protected override byte Type => Data;

    internal static RpData Read(ref ByteReader reader, Direction direction, byte reference)
    {
        var at = reader.Offset;
        var originator = Address.ReadRelay(ref reader);
        var destination = Address.ReadRelay(ref reader);
        var (centre, mobile) = direction == Direction.ToMobile ? (originator, destination) : (destination, originator);
        if (mobile is not null) throw new WireFormatException("RP address", at, "the mobile has none here");
        return new RpData(direction, reference, centre, ReadTpdu(ref reader));
    }

    private protected override void WriteBody(ByteWriter writer)
    {
        if (Direction == Direction.ToCentre) writer.WriteByte(0);
        if (ServiceCentre is { } centre) centre.WriteRelay(writer);
        else writer.WriteByte(0);
        if (Direction == Direction.ToMobile) writer.WriteByte(0);
        WriteTpdu(writer, Tpdu);
    }
}

/// <summary>RP-ACK: the message was taken (3GPP TS 24.011 §7.3.3).</summary>
/// <param name="Tpdu">The report, if there is one.</param>
public sealed record RpAck(Direction Direction, byte Reference, Bytes? Tpdu = null) : RpMessage(Direction, Reference)
{
    private protected override byte Type => Ack;

    private protected override void WriteBody(ByteWriter writer) => WriteAnswer(writer, Tpdu);
}

/// <summary>RP-ERROR: the message was not taken (3GPP TS 24.011 §7.3.4).</summary>
/// <remarks>
/// <code>
/// cause   2..3   length 1, cause 1, diagnostic 0 or 1
/// TPDU    0..    41, length 1, value
/// </code>
/// </remarks>
/// <param name="Tpdu">The report, if there is one.</param>
public sealed record RpError(
    Direction Direction, byte Reference, RpCause Cause, byte? Diagnostic = null, Bytes? Tpdu = null)
    : RpMessage(Direction, Reference)
{
    private const byte Extension = 0x80;

    private protected override byte Type => Error;

    internal static RpError Read(ref ByteReader reader, Direction direction, byte reference)
    {
        var at = reader.Offset;
        var length = reader.ReadByte("RP-Cause length");
        if (length is not (1 or 2)) throw new WireFormatException("RP-Cause length", at, $"{length} octets");
        var cause = (RpCause)(reader.ReadByte("RP-Cause") & ~Extension);
        byte? diagnostic = length == 2 ? reader.ReadByte("RP-Cause diagnostic") : null;
        return new RpError(direction, reference, cause, diagnostic, ReadAnswer(ref reader));
    }

    private protected override void WriteBody(ByteWriter writer)
    {
        writer.WriteByte(Diagnostic is null ? (byte)1 : (byte)2);
        writer.WriteByte((byte)((byte)Cause & ~Extension));
        if (Diagnostic is { } diagnostic) writer.WriteByte(diagnostic);
        WriteAnswer(writer, Tpdu);
    }
}

/// <summary>RP-SMMA: the mobile has room for messages again (3GPP TS 24.011 §7.3.2).</summary>
public sealed record RpSmma(byte Reference) : RpMessage(Direction.ToCentre, Reference)
{
    private protected override byte Type => Smma;

    private protected override void WriteBody(ByteWriter writer) { }
}
