using Tessera.Cards;

namespace Tessera.VirtualCard.Os;

/// <summary>Status words of the operating system that clients have no need to name (ISO/IEC 7816-4 §5.6).</summary>
internal static class OsStatus
{
    public static readonly StatusWord LogicalChannelNotSupported = new(0x6881);
    public static readonly StatusWord SecureMessagingNotSupported = new(0x6882);

    /// <summary>61xx: that many octets wait, 00 for 256 or more.</summary>
    public static StatusWord More(int octets) => new((ushort)(0x6100 | (octets > 0xFF ? 0 : octets)));
}
