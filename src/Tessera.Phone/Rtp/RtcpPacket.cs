using System.Text;
using Tessera.Wire;

namespace Tessera.Phone.Rtp;

/// <summary>A packet of RTCP (RFC 3550 §6.4 to §6.7).</summary>
/// <remarks><code>V=2 P count(5) | type(1) | 32-bit words after this one(2) | ...</code></remarks>
public abstract record RtcpPacket : IWireFormat<RtcpPacket>
{
    /// <summary>Sources, reports or chunks that one packet can count.</summary>
    public const int MaxCount = 31;

    private const byte Version = 2 << 6;
    private const byte VersionMask = 3 << 6;
    private const byte PaddingBit = 0x20;
    private const byte CountMask = 0x1F;
    private const int Word = 4;

    private protected abstract byte Type { get; }

    private protected abstract int Count { get; }

    /// <exception cref="WireFormatException">It is no packet of RTCP.</exception>
    public static RtcpPacket Read(ref ByteReader reader)
    {
        var first = reader.ReadByte("V");
        if ((first & VersionMask) != Version)
            throw new WireFormatException("V", reader.Offset - 1, $"{first >> 6}, not 2");
        if ((first & PaddingBit) != 0) throw new WireFormatException("P", reader.Offset - 1, "padding is not taken");

        var type = reader.ReadByte("PT");
        var offset = reader.Offset;
        var body = new ByteReader(reader.ReadOctets(reader.ReadUInt16("length") * Word, "body"));
        try
        {
            return Read(type, first & CountMask, ref body);
        }
        catch (WireFormatException e)
        {
            throw new WireFormatException(e.Field, offset + 2 + e.Offset, e.Reason);
        }
    }

    public void Write(ByteWriter writer)
    {
        if (Count > MaxCount) throw new InvalidOperationException($"A packet counts at most {MaxCount}.");
        var body = Bytes.Of(output => WriteBody(new ByteWriter(output)));
        var padding = -body.Length & (Word - 1);
        writer.WriteByte((byte)(Version | Count));
        writer.WriteByte(Type);
        writer.WriteUInt16((ushort)((body.Length + padding) / Word));
        writer.WriteBytes(body);
        for (var i = 0; i < padding; i++) writer.WriteByte(0);
    }

    private protected abstract void WriteBody(ByteWriter writer);

    private static RtcpPacket Read(byte type, int count, ref ByteReader body) => type switch
    {
        SenderReport.TypeOctet => SenderReport.ReadBody(count, ref body),
        ReceiverReport.TypeOctet => ReceiverReport.ReadBody(count, ref body),
        SourceDescription.TypeOctet => SourceDescription.ReadBody(count, ref body),
        Goodbye.TypeOctet => Goodbye.ReadBody(count, ref body),
        _ => new OtherRtcpPacket(type, count, Bytes.CopyOf(body.ReadRest())),
    };

    private protected static Sequence<ReceptionReport> ReadReports(int count, ref ByteReader body)
    {
        var reports = new ReceptionReport[count];
        for (var i = 0; i < count; i++) reports[i] = ReceptionReport.Read(ref body);
        // What a profile adds behind them is not ours.
        body.ReadRest();
        return reports.ToSequence();
    }
}

/// <summary>What a sender says of what it sent, and of whom it hears (SR, RFC 3550 §6.4.1).</summary>
/// <param name="Time">NTP: seconds since 1900 and their fraction.</param>
/// <param name="Timestamp">The same moment on the clock of its packets.</param>
/// <param name="Packets">Sent since it began.</param>
/// <param name="Octets">Of payload, sent since it began.</param>
public sealed record SenderReport(
    uint Ssrc, ulong Time, uint Timestamp, uint Packets, uint Octets, Sequence<ReceptionReport> Reports) : RtcpPacket
{
    internal const byte TypeOctet = 200;

    private protected override byte Type => TypeOctet;

    private protected override int Count => Reports.Count;

    internal static SenderReport ReadBody(int count, ref ByteReader body) => new(
        body.ReadUInt32("SSRC"), body.ReadUInt64("NTP time"), body.ReadUInt32("RTP time"), body.ReadUInt32("packets"),
        body.ReadUInt32("octets"), ReadReports(count, ref body));

    private protected override void WriteBody(ByteWriter writer)
    {
        writer.WriteUInt32(Ssrc);
        writer.WriteUInt64(Time);
        writer.WriteUInt32(Timestamp);
        writer.WriteUInt32(Packets);
        writer.WriteUInt32(Octets);
        foreach (var report in Reports) report.Write(writer);
    }
}

/// <summary>What one who sends nothing says of whom it hears (RR, RFC 3550 §6.4.2).</summary>
public sealed record ReceiverReport(uint Ssrc, Sequence<ReceptionReport> Reports) : RtcpPacket
{
    internal const byte TypeOctet = 201;

    private protected override byte Type => TypeOctet;

    private protected override int Count => Reports.Count;

    internal static ReceiverReport ReadBody(int count, ref ByteReader body) =>
        new(body.ReadUInt32("SSRC"), ReadReports(count, ref body));

    private protected override void WriteBody(ByteWriter writer)
    {
        writer.WriteUInt32(Ssrc);
        foreach (var report in Reports) report.Write(writer);
    }
}

/// <summary>Who a source is: its canonical name (SDES with CNAME, RFC 3550 §6.5).</summary>
public sealed record SourceDescription(uint Ssrc, string CanonicalName) : RtcpPacket
{
    internal const byte TypeOctet = 202;
    private const byte End = 0;
    private const byte Cname = 1;

    private protected override byte Type => TypeOctet;

    private protected override int Count => 1;

    /// <summary>Reads the first chunk; names of mixed-in sources are not ours.</summary>
    internal static SourceDescription ReadBody(int count, ref ByteReader body)
    {
        if (count == 0) throw new WireFormatException("SC", 0, "no source is described");
        var ssrc = body.ReadUInt32("SSRC");
        var name = "";
        while (body.ReadByte("item") is var item and not End)
        {
            var text = Encoding.UTF8.GetString(body.ReadOctets(body.ReadByte("item length"), "item text"));
            if (item == Cname) name = text;
        }

        body.ReadRest();
        return new SourceDescription(ssrc, name);
    }

    private protected override void WriteBody(ByteWriter writer)
    {
        var name = Encoding.UTF8.GetBytes(CanonicalName);
        writer.WriteUInt32(Ssrc);
        writer.WriteByte(Cname);
        writer.WriteByte(checked((byte)name.Length));
        writer.WriteOctets(name);
        writer.WriteByte(End);
    }
}

/// <summary>A source ends (BYE, RFC 3550 §6.6).</summary>
public sealed record Goodbye(uint Ssrc, string Reason) : RtcpPacket
{
    internal const byte TypeOctet = 203;

    private protected override byte Type => TypeOctet;

    private protected override int Count => 1;

    internal static Goodbye ReadBody(int count, ref ByteReader body)
    {
        if (count == 0) throw new WireFormatException("SC", 0, "no source ends");
        var ssrc = body.ReadUInt32("SSRC");
        for (var i = 1; i < count; i++) body.ReadUInt32("SSRC");
        var reason = body.Remaining == 0
            ? ""
            : Encoding.UTF8.GetString(body.ReadOctets(body.ReadByte("reason length"), "reason"));
        body.ReadRest();
        return new Goodbye(ssrc, reason);
    }

    private protected override void WriteBody(ByteWriter writer)
    {
        writer.WriteUInt32(Ssrc);
        if (Reason.Length == 0) return;
        var reason = Encoding.UTF8.GetBytes(Reason);
        writer.WriteByte(checked((byte)reason.Length));
        writer.WriteOctets(reason);
    }
}

/// <summary>A packet of a type that is not ours, such as APP or one of RFC 4585: passed over.</summary>
public sealed record OtherRtcpPacket(byte PacketType, int Counted, Bytes Body) : RtcpPacket
{
    private protected override byte Type => PacketType;

    private protected override int Count => Counted;

    private protected override void WriteBody(ByteWriter writer) => writer.WriteBytes(Body);
}
