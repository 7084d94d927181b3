using System.Buffers.Binary;
using System.Numerics;

namespace Tessera.Phone.Modems.Coding;

/// <summary>The cyclic redundancy checks of the modems, each as the catalogues of CRCs name it.</summary>
public static class Crc
{
    private const byte Polynomial8 = 0x07;
    private const ushort Polynomial16 = 0x8408;

    private static readonly ushort[] Table16 = [.. Enumerable.Range(0, 256).Select(octet => Step16((ushort)octet))];

    /// <summary>CRC-8/I-432-1 (ITU-T I.432.1, header error control): polynomial 07, result XORed with 55.</summary>
    public static byte Crc8(ReadOnlySpan<byte> octets)
    {
        var crc = 0;
        foreach (var octet in octets)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++) crc = (crc << 1) ^ ((crc & 0x80) == 0 ? 0 : 0x100 | Polynomial8);
        }

        return (byte)(crc ^ 0x55);
    }

    /// <summary>
    /// CRC-16/X-25 (ISO/IEC 13239, frame check sequence): polynomial 1021 reflected, begun and ended with ones.
    /// </summary>
    public static ushort X25(ReadOnlySpan<byte> octets)
    {
        var crc = ushort.MaxValue;
        foreach (var octet in octets) crc = (ushort)((crc >> 8) ^ Table16[(byte)(crc ^ octet)]);
        return (ushort)~crc;
    }

    /// <summary>CRC-32C (RFC 9260, appendix A).</summary>
    public static uint Castagnoli(ReadOnlySpan<byte> octets)
    {
        var crc = uint.MaxValue;
        for (; octets.Length >= sizeof(ulong); octets = octets[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(octets));
        foreach (var octet in octets) crc = BitOperations.Crc32C(crc, octet);
        return ~crc;
    }

    private static ushort Step16(ushort crc)
    {
        for (var bit = 0; bit < 8; bit++) crc = (ushort)((crc >> 1) ^ ((crc & 1) == 0 ? 0 : Polynomial16));
        return crc;
    }
}
