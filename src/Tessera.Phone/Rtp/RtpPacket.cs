using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Phone.Rtp;

/// <summary>A packet of RTP (RFC 3550 §5.1).</summary>
/// <remarks>
/// <code>
/// V=2 P X CC | M PT | sequence(2) | timestamp(4) | SSRC(4) | CSRC(4) x CC | [profile(2) words(2) extension] | payload
/// | [padding, its length]
/// </code>
/// Contributing sources, extension and padding are passed over; none is written.
/// </remarks>
/// <param name="Marker">The first packet after a pause, or of an event.</param>
/// <param name="PayloadType">What the payload is, by negotiation.</param>
/// <param name="Timestamp">Of its first sample.</param>
/// <param name="Ssrc">The source, chosen at random.</param>
/// <param name="Payload">Octets of the datagram, not copied.</param>
public readonly record struct RtpPacket(
    bool Marker, byte PayloadType, ushort Sequence, uint Timestamp, uint Ssrc, Bytes Payload)
{
    public const int HeaderLength = 12;

    /// <summary>Octets of the largest packet that is read or written.</summary>
    public const int MaxLength = 1500;

    public const byte MaxPayloadType = 127;

    private const byte Version = 2 << 6;
    private const byte VersionMask = 3 << 6;
    private const byte PaddingBit = 0x20;
    private const byte ExtensionBit = 0x10;
    private const byte CountMask = 0x0F;
    private const byte MarkerBit = 0x80;

    /// <exception cref="WireFormatException">It is no packet of RTP.</exception>
    public static RtpPacket Read(Bytes datagram)
    {
        if (datagram.Length > MaxLength)
            throw new WireFormatException("packet", MaxLength, $"{datagram.Length} octets, more than {MaxLength}");

        var reader = new ByteReader(datagram.Span);
        var first = reader.ReadByte("V");
        if ((first & VersionMask) != Version) throw new WireFormatException("V", 0, $"{first >> 6}, not 2");

        var second = reader.ReadByte("PT");
        var sequence = reader.ReadUInt16("sequence");
        var timestamp = reader.ReadUInt32("timestamp");
        var ssrc = reader.ReadUInt32("SSRC");
        reader.ReadOctets((first & CountMask) * 4, "CSRC");
        if ((first & ExtensionBit) != 0)
        {
            reader.ReadUInt16("extension profile");
            reader.ReadOctets(reader.ReadUInt16("extension length") * 4, "extension");
        }

        var end = datagram.Length - ((first & PaddingBit) == 0 ? 0 : PaddingIn(datagram, reader.Remaining));
        return new RtpPacket(
            (second & MarkerBit) != 0, (byte)(second & MaxPayloadType), sequence, timestamp, ssrc,
            new Bytes(datagram.Memory[reader.Offset..end]));
    }

    /// <summary>Writes the packet, a payload without padding behind the fixed header.</summary>
    /// <returns>Octets written.</returns>
    public int Write(Span<byte> datagram)
    {
        WriteHeader(datagram);
        Payload.Span.CopyTo(datagram[HeaderLength..]);
        return HeaderLength + Payload.Length;
    }

    /// <summary>Writes the fixed header alone, before a payload that is written in place.</summary>
    public void WriteHeader(Span<byte> datagram)
    {
        datagram[0] = Version;
        datagram[1] = (byte)((Marker ? MarkerBit : 0) | (PayloadType & MaxPayloadType));
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[4..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[8..], Ssrc);
    }

    private static int PaddingIn(Bytes datagram, int remaining)
    {
        var length = remaining == 0 ? 0 : datagram.Span[^1];
        return length > 0 && length <= remaining
            ? length
            : throw new WireFormatException("padding", datagram.Length - 1, $"{length} octets of {remaining}");
    }
}
