namespace Tessera.Phone.Modems.Hdlc;

/// <summary>
/// The 16-bit frame check sequence of ISO/IEC 13239, also known as CRC-16/X-25; its low octet is sent first.
/// </summary>
public static class FrameCheck
{
    public const int Length = 2;

    private const ushort Polynomial = 0x8408;

    private static readonly ushort[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static ushort Compute(ReadOnlySpan<byte> octets)
    {
        var check = ushort.MaxValue;
        foreach (var octet in octets) check = (ushort)(Table[(byte)(check ^ octet)] ^ (check >> 8));
        return (ushort)~check;
    }

    /// <summary>Whether the last two octets are the check of those before.</summary>
    public static bool Holds(ReadOnlySpan<byte> frame) =>
        frame.Length >= Length && Compute(frame[..^Length]) == (frame[^2] | frame[^1] << 8);

    private static ushort Entry(int octet)
    {
        var entry = (ushort)octet;
        for (var bit = 0; bit < 8; bit++) entry = (ushort)((entry & 1) == 0 ? entry >> 1 : entry >> 1 ^ Polynomial);
        return entry;
    }
}
