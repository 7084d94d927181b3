namespace Tessera.VirtualCard;

/// <summary>The objects in the memory of a card. An id never changes its meaning: images outlive programs.</summary>
internal static class CellId
{
    public const byte Card = 0x01;
    public const byte Pin = 0x02;
    public const byte Puk = 0x03;

    public const byte PurseTraits = 0x10;
    public const byte PurseKey = 0x11;

    /// <summary>Balance and number; changes together with a log record.</summary>
    public const byte Purse = 0x12;

    /// <summary>The first of ten log records.</summary>
    public const byte PurseLog = 0x20;

    public const byte StoreTraits = 0x40;
    public const byte StoreKey = 0x41;

    /// <summary>The first of sixteen fields.</summary>
    public const byte StoreField = 0x50;
}
