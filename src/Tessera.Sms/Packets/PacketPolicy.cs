namespace Tessera.Sms.Packets;

/// <summary>Which packets are made and opened: what is safe, and the length that sender and card agreed on.</summary>
/// <remarks>
/// A cipher is AES and never without a checksum, a checksum is AES-CMAC and never without a counter that must rise.
/// Packets that promise nothing, or a CRC only, are what they are: the caller compares the header with what it demands.
/// </remarks>
public sealed record PacketPolicy
{
    private const int WholeChecksum = 8;
    private const int ShortChecksum = 4;

    public static PacketPolicy Strict { get; } = new();

    /// <summary>AES-CMAC cut to four octets, where both sides agreed on it.</summary>
    public static PacketPolicy Short { get; } = new() { ChecksumLength = ShortChecksum };

    /// <summary>What older cards speak, DES and all: for the tool that looks at it, not for the product.</summary>
    internal static PacketPolicy Legacy { get; } = new() { TakesAll = true };

    public int ChecksumLength { get; private init; } = WholeChecksum;

    internal bool TakesAll { get; private init; }
}
