namespace Tessera.Smpp;

/// <summary>How a message is to be carried: b2b1 of esm_class.</summary>
public enum MessagingMode : byte
{
    Default = 0,
    Datagram = 1,
    Forward = 2,
    StoreAndForward = 3,
}

/// <summary>What a message is: b6..b3 of esm_class, as octet.</summary>
public enum MessageType : byte
{
    Default = 0x00,
    DeliveryReceipt = 0x04,
    DeliveryAcknowledgement = 0x08,
    ManualAcknowledgement = 0x10,
    ConversationAbort = 0x18,
    IntermediateNotification = 0x20,
}

/// <summary>Mode, type and features of a message (SMPP 3.4 §5.2.12, esm_class).</summary>
/// <remarks>
/// <code>
/// b8           b7     b6 b5 b4 b3   b2 b1
/// reply path   UDHI   type          mode
/// </code>
/// </remarks>
public readonly record struct EsmClass(byte Value)
{
    private const byte UdhiBit = 0x40;
    private const byte ReplyPathBit = 0x80;

    public static readonly EsmClass Default;

    /// <summary>The message begins with a user data header.</summary>
    public static readonly EsmClass WithHeader = new(UdhiBit);

    public static readonly EsmClass Receipt = new((byte)MessageType.DeliveryReceipt);

    public MessagingMode Mode => (MessagingMode)(Value & 0b11);

    public MessageType Type => (MessageType)(Value & 0b0011_1100);

    public bool Udhi => (Value & UdhiBit) != 0;

    public bool ReplyPath => (Value & ReplyPathBit) != 0;

    public override string ToString() => $"{Value:X2}";
}
