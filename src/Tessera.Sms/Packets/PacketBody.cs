using System.Buffers.Binary;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Sms.Packets;

/// <summary>Checksum and cipher, which commands and responses share: both have 16 octets before the checksum.</summary>
/// <remarks>
/// <code>
/// command    CPL 2  CHL 1  SPI 2  KIc 1  KID 1  TAR 3 │ CNTR 5  PCNTR 1        │ checksum │ data, padding
/// response   UDH 3  RPL 2  RHL 1  TAR 3               │ CNTR 5  PCNTR 1  RSC 1 │ checksum │ data, padding
/// </code>
/// The checksum covers all but itself. It is found by moving the 16 octets up to the data, over its place.
/// </remarks>
internal static class PacketBody
{
    public const int HeadLength = 16;

    private const int MaxChecksum = 8;

    public static Bytes Fitting(Bytes data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, CommandPacket.MaxData, nameof(data));
        return data;
    }

    public static void WriteTarAndCounter(Span<byte> at, Tar tar, ulong counter)
    {
        at[0] = (byte)(tar.Value >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(at[1..], (ushort)tar.Value);
        at[3] = (byte)(counter >> 32);
        BinaryPrimitives.WriteUInt32BigEndian(at[4..], (uint)counter);
    }

    /// <summary>Fills in the checksum and ciphers what follows the clear octets.</summary>
    public static void Protect(Span<byte> octets, int clear, in PacketProtection protection, PacketKeys keys)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        Span<byte> checksum = stackalloc byte[MaxChecksum];
        checksum = checksum[..protection.ChecksumLength];
        octets[..HeadLength].CopyTo(head);
        head.CopyTo(octets[checksum.Length..]);
        PacketCryptography.Check(octets[checksum.Length..], checksum, protection, keys);
        head.CopyTo(octets);
        checksum.CopyTo(octets[HeadLength..]);
        PacketCryptography.Encipher(octets[clear..], protection, keys);
    }

    /// <summary>Deciphers a copy of the octets and compares the checksum, before it looks at anything inside.</summary>
    public static OpenedPacket Open(
        ReadOnlySpan<byte> octets, int clear, in PacketProtection protection, PacketKeys keys)
    {
        var before = HeadLength + protection.ChecksumLength;
        if (octets.Length < before)
            throw new WireFormatException("RC/CC/DS", octets.Length, $"needs {before} octets, {octets.Length} there");
        if (protection.Padding(octets.Length - clear) != 0)
            throw new WireFormatException("CNTR", clear, $"{octets.Length - clear} octets are no whole blocks");

        var plain = octets.ToArray();
        PacketCryptography.Decipher(plain.AsSpan(clear), protection, keys);

        Span<byte> found = stackalloc byte[MaxChecksum];
        Span<byte> expected = stackalloc byte[MaxChecksum];
        found = found[..protection.ChecksumLength];
        expected = expected[..protection.ChecksumLength];
        plain.AsSpan(HeadLength, found.Length).CopyTo(found);
        plain.AsSpan(0, HeadLength).CopyTo(plain.AsSpan(found.Length));
        PacketCryptography.Check(plain.AsSpan(found.Length), expected, protection, keys);
        var verdict = protection.Checksum == PacketChecksum.None ? IntegrityVerdict.None
            : CryptographicOperations.FixedTimeEquals(found, expected) ? IntegrityVerdict.Ok
            : IntegrityVerdict.Failed;
        CryptographicOperations.ZeroMemory(expected);

        var inside = plain.AsSpan(clear + found.Length);
        return new OpenedPacket(
            default,
            ((ulong)inside[0] << 32) | BinaryPrimitives.ReadUInt32BigEndian(inside[1..]),
            inside[PacketCounter.Length],
            inside[PacketCounter.Length + 1],
            new Bytes(plain.AsMemory(before)),
            verdict);
    }
}
