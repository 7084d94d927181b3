using Tessera.Wire;

namespace Tessera.Phone.Rtp;

/// <summary>A datagram of RTCP: a report first, then what else there is to say (RFC 3550 §6.1).</summary>
public sealed record RtcpCompound(Sequence<RtcpPacket> Packets)
{
    /// <exception cref="WireFormatException">It is no datagram of RTCP.</exception>
    public static RtcpCompound Read(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > RtpPacket.MaxLength)
            throw new WireFormatException("compound", RtpPacket.MaxLength, $"longer than {RtpPacket.MaxLength} octets");

        var reader = new ByteReader(datagram);
        var first = RtcpPacket.Read(ref reader);
        if (first is not (SenderReport or ReceiverReport))
            throw new WireFormatException("PT", 1, "the first packet is no report");

        List<RtcpPacket> packets = [first];
        while (reader.Remaining > 0) packets.Add(RtcpPacket.Read(ref reader));
        return new RtcpCompound(packets.ToSequence());
    }

    public Bytes ToBytes() => Bytes.Of(output =>
    {
        foreach (var packet in Packets) packet.Write(new ByteWriter(output));
    });
}
