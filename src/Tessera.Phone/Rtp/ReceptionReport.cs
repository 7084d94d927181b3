using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Phone.Rtp;

/// <summary>What one end says of what it hears of a source: a report block of RTCP (RFC 3550 §6.4.1).</summary>
/// <remarks>
/// <code>
/// SSRC(4) | fraction lost(1) | lost(3, signed) | highest sequence with cycles(4) | jitter(4) | LSR(4) | DLSR(4)
/// </code>
/// </remarks>
/// <param name="FractionLost">Since the last report, in 1/256.</param>
/// <param name="Lost">Since the beginning; below zero where packets came twice.</param>
/// <param name="LastReport">The middle 32 bits of the NTP time in the last sender report heard, or zero.</param>
/// <param name="Delay">Since that, in 1/65536 of a second.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReceptionReport(
    uint Ssrc, byte FractionLost, int Lost, uint Highest, uint Jitter, uint LastReport, uint Delay)
    : IWireFormat<ReceptionReport>
{
    public const int Length = 24;
    public const int MaxLost = 0x7F_FFFF;
    public const int MinLost = -0x80_0000;

    private const int LostLength = 3;

    public static ReceptionReport Read(ref ByteReader reader) => new(
        reader.ReadUInt32("SSRC"), reader.ReadByte("fraction lost"), ReadLost(reader.ReadOctets(LostLength, "lost")),
        reader.ReadUInt32("highest sequence"), reader.ReadUInt32("jitter"), reader.ReadUInt32("LSR"),
        reader.ReadUInt32("DLSR"));

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt32(Ssrc);
        writer.WriteUInt32(((uint)FractionLost << 24) | ((uint)Lost & 0xFF_FFFF));
        writer.WriteUInt32(Highest);
        writer.WriteUInt32(Jitter);
        writer.WriteUInt32(LastReport);
        writer.WriteUInt32(Delay);
    }

    private static int ReadLost(ReadOnlySpan<byte> octets) =>
        ((sbyte)octets[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(octets[1..]);
}
