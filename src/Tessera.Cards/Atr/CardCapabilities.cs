namespace Tessera.Cards.Atr;

/// <summary>
/// What a card can do with command lengths: third software function table (ISO/IEC 7816-4 §12.1.1.9).
/// </summary>
/// <param name="CommandChaining">Long commands may come in blocks.</param>
/// <param name="ExtendedLengths">Lc and Le may have three octets.</param>
public sealed record CardCapabilities(bool CommandChaining, bool ExtendedLengths)
{
    private const byte StatusAtEnd = 0x00;
    private const byte CompactTlv = 0x80;
    private const int StatusLength = 3;
    private const int CapabilitiesTag = 7;

    /// <summary>From historical octets; null where they carry no such table or have a form of their own.</summary>
    public static CardCapabilities? OfHistorical(ReadOnlySpan<byte> historical)
    {
        if (historical.IsEmpty) return null;
        var objects = historical[0] switch
        {
            CompactTlv => historical[1..],
            StatusAtEnd when historical.Length > StatusLength => historical[1..^StatusLength],
            _ => [],
        };
        while (objects.Length > 0)
        {
            var (tag, length) = (objects[0] >> 4, objects[0] & 0x0F);
            if (length >= objects.Length) return null;
            if (tag == CapabilitiesTag && length == 3)
                return new CardCapabilities((objects[3] & 0x80) != 0, (objects[3] & 0x40) != 0);
            objects = objects[(1 + length)..];
        }

        return null;
    }
}
