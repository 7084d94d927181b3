namespace Tessera.Sms.Packets;

/// <summary>The redundancy checks of packets: they find damage, they prove nothing (ETSI TS 102 225).</summary>
internal static class Crc
{
    private const ushort Reflected16 = 0x8408;
    private const uint Reflected32 = 0xEDB88320;

    /// <summary>Polynomial 1021, bits reflected, start and final XOR of ones.</summary>
    public static ushort Crc16(ReadOnlySpan<byte> message)
    {
        var crc = ushort.MaxValue;
        foreach (var octet in message)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++) crc = (ushort)((crc >> 1) ^ ((crc & 1) * Reflected16));
        }

        return (ushort)~crc;
    }

    /// <summary>That of IEEE 802.3.</summary>
    public static uint Crc32(ReadOnlySpan<byte> message)
    {
        var crc = uint.MaxValue;
        foreach (var octet in message)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * Reflected32);
        }

        return ~crc;
    }
}
