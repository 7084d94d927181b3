using Tessera.Wire;

namespace Tessera.Cards.Purse;

/// <summary>
/// What proves an offline debit to the issuer: whoever hands it in, it pays the acceptor that it names
/// (docs/protocols/purse.md §8).
/// </summary>
/// <remarks>
/// <code>
/// card 8 | key version 1 | movement 17 | digest 8 | balance after it 4 | number 4 | MAC 8
/// </code>
/// From the movement on it is the answer to RECEIPT.
/// </remarks>
public sealed record OfflineReceipt(CardId Card, byte KeyVersion, LoggedMovement Movement, Bytes Mac)
    : IWireFormat<OfflineReceipt>
{
    public const int Length = 50;

    public Acceptance Acceptance => Acceptance.Of(Movement.Digest);

    public static OfflineReceipt Read(ref ByteReader reader) => new(
        CardId.Read(ref reader),
        reader.ReadByte("key version"),
        LoggedMovement.Read(ref reader),
        reader.ReadBytes(PurseMac.Length, "receipt MAC"));

    public void Write(ByteWriter writer)
    {
        Card.Write(writer);
        writer.WriteByte(KeyVersion);
        Movement.Write(writer);
        writer.WriteBytes(Mac);
    }
}

/// <summary>The answer to RECEIPT: an offline debit of the log, as it is proven to the issuer.</summary>
/// <remarks><code>movement 17 | digest 8 | balance after it 4 | number 4 | MAC 8</code></remarks>
public sealed record ReceiptAnswer(LoggedMovement Movement, Bytes Mac) : IWireFormat<ReceiptAnswer>
{
    public static ReceiptAnswer Read(ref ByteReader reader) =>
        new(LoggedMovement.Read(ref reader), reader.ReadBytes(PurseMac.Length, "receipt MAC"));

    public void Write(ByteWriter writer)
    {
        Movement.Write(writer);
        writer.WriteBytes(Mac);
    }
}
