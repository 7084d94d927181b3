namespace Tessera.Smpp;

/// <summary>When a receipt is asked for: b2b1 of registered_delivery.</summary>
public enum ReceiptWanted : byte
{
    Never = 0,
    Always = 1,
    OnFailure = 2,

    /// <summary>SMPP 5.0; reserved in 3.4.</summary>
    OnSuccess = 3,
}

/// <summary>Which reports the sender asks for (SMPP 3.4 §5.2.17, registered_delivery).</summary>
/// <remarks>
/// <code>
/// b8 b7 b6   b5                          b4 b3                  b2 b1
/// reserved   intermediate notification   acks of the receiver   receipt of the SMSC
/// </code>
/// </remarks>
public readonly record struct RegisteredDelivery(byte Value)
{
    public static readonly RegisteredDelivery None;

    public static readonly RegisteredDelivery Always = new((byte)ReceiptWanted.Always);

    public ReceiptWanted Receipt => (ReceiptWanted)(Value & 0b11);

    public bool Intermediate => (Value & 0b1_0000) != 0;

    public override string ToString() => $"{Value:X2}";
}
