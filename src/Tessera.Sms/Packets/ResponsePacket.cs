using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Sms.Packets;

/// <summary>Response status code of a proof of receipt (ETSI TS 102 225; 0B and 0C by 3GPP TS 31.115).</summary>
public enum ResponseStatus : byte
{
    Ok = 0x00,
    ChecksumFailed = 0x01,
    CounterLow = 0x02,
    CounterHigh = 0x03,
    CounterBlocked = 0x04,
    CipheringError = 0x05,
    UnidentifiedSecurityError = 0x06,
    InsufficientMemory = 0x07,
    MoreTimeNeeded = 0x08,
    TarUnknown = 0x09,
    InsufficientSecurityLevel = 0x0A,
    ResponseFollowsInSubmit = 0x0B,
    ResponseFollowsInUssd = 0x0C,
}

/// <summary>Proof of receipt: the response packet with the user data header that names it (3GPP TS 31.115).</summary>
/// <remarks>
/// <code>
/// UDH       3   02 71 00, part of what the checksum covers
/// RPL       2   octets that follow
/// RHL       1   octets from TAR to the checksum
/// TAR       3
/// CNTR      5   ┐ of the command
/// PCNTR     1   │ octets of padding
/// status    1   │
/// RC/CC/DS  n   │ over all before and all after it
/// data      ..  │
/// padding   ..  ┘ ciphered from CNTR on, CBC, IV zero
/// </code>
/// </remarks>
/// <param name="Integrity">What protected it: a card may answer with less than the command asked for.</param>
public sealed record ResponsePacket(
    Tar Tar, ulong Counter, ResponseStatus Status, Bytes Data, Integrity Integrity = Integrity.None)
{
    private const int ClearLength = 9;
    private const int HeaderLength = 10;
    private const int UdhLength = 3;
    private const int TarOffset = UdhLength + 3;

    public ulong Counter { get; init => field = PacketCounter.Checked(value); } = PacketCounter.Checked(Counter);

    public Bytes Data { get; init => field = PacketBody.Fitting(value); } = PacketBody.Fitting(Data);

    private static ReadOnlySpan<byte> Udh => [0x02, 0x71, 0x00];

    /// <summary>The octets of the proof, header included, protected as <paramref name="command"/> asks.</summary>
    /// <exception cref="ArgumentException">A key is missing, or the packet is unsafe by that policy.</exception>
    public Bytes Wrap(in CommandHeader command, PacketKeys keys, PacketPolicy policy)
    {
        if (command.Spi.ProofIntegrity != Integrity || command.Tar != Tar)
            throw new ArgumentException("The proof answers another command.", nameof(command));
        var protection = PacketProtection.OfResponse(command, policy);
        if (protection.Refused is { } reason) throw new ArgumentException(reason, nameof(command));

        var before = PacketBody.HeadLength + protection.ChecksumLength;
        var padding = protection.Padding(before - ClearLength + Data.Length);
        var octets = new byte[before + Data.Length + padding];

        Udh.CopyTo(octets);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(UdhLength), (ushort)(octets.Length - UdhLength - 2));
        octets[UdhLength + 2] = (byte)(HeaderLength + protection.ChecksumLength);
        PacketBody.WriteTarAndCounter(octets.AsSpan(TarOffset), Tar, Counter);
        octets[14] = (byte)padding;
        octets[15] = (byte)Status;
        Data.Span.CopyTo(octets.AsSpan(before));
        PacketBody.Protect(octets, ClearLength, protection, keys);
        return new Bytes(octets);
    }

    /// <summary>Opens a proof, header included: compares the checksum before it looks at anything inside.</summary>
    /// <param name="command">Header of the command it answers: what was asked for.</param>
    /// <returns>The proof, or null where its checksum is not of these keys.</returns>
    /// <exception cref="WireFormatException">The octets are not one proof, or not one this policy takes.</exception>
    public static ResponsePacket? Unwrap(
        ReadOnlySpan<byte> octets, in CommandHeader command, PacketKeys keys, PacketPolicy policy)
    {
        var opened = Open(octets, command, keys, policy);
        return opened.Integrity != IntegrityVerdict.Failed
            ? new ResponsePacket(
                opened.Header.Tar, opened.Counter, (ResponseStatus)opened.Status, opened.TakeData(),
                opened.Integrity == IntegrityVerdict.None ? Integrity.None : command.Spi.ProofIntegrity)
            : null;
    }

    internal static OpenedPacket Open(
        ReadOnlySpan<byte> octets, in CommandHeader command, PacketKeys keys, PacketPolicy policy)
    {
        var reader = new ByteReader(octets);
        if (!reader.ReadOctets(UdhLength, "UDH").SequenceEqual(Udh))
            throw new WireFormatException("UDH", 0, "not 02 71 00");
        var length = reader.ReadUInt16("RPL");
        if (length != reader.Remaining)
            throw new WireFormatException("RPL", UdhLength, $"{length} octets announced, {reader.Remaining} there");

        var headerLength = reader.ReadByte("RHL");
        var tar = Tar.Read(ref reader);
        var asked = PacketProtection.OfResponse(command, policy);
        if (asked.Refused is { } reason) throw new WireFormatException("RHL", UdhLength + 2, reason);

        // A card that could not make out the command answers in clear, whatever was asked.
        var protection = headerLength == HeaderLength && asked.ChecksumLength > 0 ? default : asked;
        if (headerLength != HeaderLength + protection.ChecksumLength)
            throw new WireFormatException("RHL", UdhLength + 2, $"{headerLength} does not go with SPI {command.Spi}");

        var opened = PacketBody.Open(octets, ClearLength, protection, keys);
        return opened with { Header = command with { Tar = tar } };
    }
}
