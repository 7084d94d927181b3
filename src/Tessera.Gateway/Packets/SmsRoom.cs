namespace Tessera.Gateway;

/// <summary>How many octets of a script a number of short messages carries (docs/protocols/sms.md §2).</summary>
internal static class SmsRoom
{
    public const int MaxParts = 255;

    private const int UserData = 140;
    private const int PacketHeader = 3;
    private const int ConcatenationHeader = 6;
    private const int Clear = 10;
    private const int Block = 16;
    private const int Overhead = 14;

    public static int Script(int parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, MaxParts);
        var room = parts == 1
            ? UserData - PacketHeader
            : (parts * (UserData - ConcatenationHeader)) - (PacketHeader - 1);
        return ((room - Clear) / Block * Block) - Overhead;
    }
}
