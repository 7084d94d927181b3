using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Sms.Packets;

/// <summary>Secured command packet as short messages carry it, from CPL on (ETSI TS 102 225, 3GPP TS 31.115).</summary>
/// <remarks>
/// <code>
/// CPL       2   octets that follow
/// CHL       1   octets from SPI to the checksum
/// SPI       2   KIc 1   KID 1   TAR 3
/// CNTR      5   ┐
/// PCNTR     1   │ octets of padding
/// RC/CC/DS  n   │ over all before and all after it
/// data      ..  │
/// padding   ..  ┘ ciphered from CNTR on, CBC, IV zero
/// </code>
/// </remarks>
public sealed record CommandPacket(CommandHeader Header, ulong Counter, Bytes Data)
{
    /// <summary>Octets of data that fit a packet whatever protects it.</summary>
    public const int MaxData = ushort.MaxValue - 37;

    private const int ClearLength = 10;
    private const int HeaderLength = 13;

    public ulong Counter { get; init => field = PacketCounter.Checked(value); } = PacketCounter.Checked(Counter);

    public Bytes Data { get; init => field = PacketBody.Fitting(value); } = PacketBody.Fitting(Data);

    /// <summary>The octets of the packet, under keys and a counter that the caller takes once only.</summary>
    /// <exception cref="ArgumentException">A key is missing, or the packet is unsafe by that policy.</exception>
    public Bytes Wrap(PacketKeys keys, PacketPolicy policy)
    {
        var protection = PacketProtection.OfCommand(Header, policy);
        if (protection.Refused is { } reason) throw new ArgumentException(reason, nameof(policy));

        var before = PacketBody.HeadLength + protection.ChecksumLength;
        var padding = protection.Padding(before - ClearLength + Data.Length);
        var octets = new byte[before + Data.Length + padding];

        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)(octets.Length - 2));
        octets[2] = (byte)(HeaderLength + protection.ChecksumLength);
        octets[3] = Header.Spi.First;
        octets[4] = Header.Spi.Second;
        octets[5] = Header.Kic.Octet;
        octets[6] = Header.Kid.Octet;
        PacketBody.WriteTarAndCounter(octets.AsSpan(7), Header.Tar, Counter);
        octets[15] = (byte)padding;
        Data.Span.CopyTo(octets.AsSpan(before));
        PacketBody.Protect(octets, ClearLength, protection, keys);
        return new Bytes(octets);
    }

    public Bytes Wrap(PacketKeys keys) => Wrap(keys, PacketPolicy.Strict);

    /// <summary>What a packet says in clear, before its keys are known. Believe nothing of it yet.</summary>
    /// <exception cref="WireFormatException">The octets are not one packet.</exception>
    public static CommandHeader ReadHeader(ReadOnlySpan<byte> octets) => ReadHeader(octets, out _);

    /// <summary>Opens a packet: compares the checksum in constant time before it looks at anything inside.</summary>
    /// <returns>The packet, or null where its checksum is not of these keys.</returns>
    /// <exception cref="WireFormatException">The octets are not one packet, or not one this policy takes.</exception>
    public static CommandPacket? Unwrap(ReadOnlySpan<byte> octets, PacketKeys keys, PacketPolicy policy)
    {
        var opened = Open(octets, keys, policy);
        return opened.Integrity != IntegrityVerdict.Failed
            ? new CommandPacket(opened.Header, opened.Counter, opened.TakeData())
            : null;
    }

    public static CommandPacket? Unwrap(ReadOnlySpan<byte> octets, PacketKeys keys) =>
        Unwrap(octets, keys, PacketPolicy.Strict);

    internal static OpenedPacket Open(ReadOnlySpan<byte> octets, PacketKeys keys, PacketPolicy policy)
    {
        var header = ReadHeader(octets, out var headerLength);
        var protection = PacketProtection.OfCommand(header, policy);
        if (protection.Refused is { } reason) throw new WireFormatException("SPI", 3, reason);
        if (headerLength != HeaderLength + protection.ChecksumLength)
            throw new WireFormatException("CHL", 2, $"{headerLength} does not go with SPI {header.Spi}");

        var opened = PacketBody.Open(octets, ClearLength, protection, keys);
        return opened with { Header = header };
    }

    private static CommandHeader ReadHeader(ReadOnlySpan<byte> octets, out int headerLength)
    {
        var reader = new ByteReader(octets);
        var length = reader.ReadUInt16("CPL");
        if (length != reader.Remaining)
            throw new WireFormatException("CPL", 0, $"{length} octets announced, {reader.Remaining} there");

        headerLength = reader.ReadByte("CHL");
        if (headerLength < HeaderLength) throw new WireFormatException("CHL", 2, $"{headerLength} is too short");
        if (headerLength > reader.Remaining) throw new WireFormatException("CHL", 2, $"{headerLength} is too long");
        return CommandHeader.Read(ref reader);
    }
}
