using Tessera.Wire;

namespace Tessera.Cards.Purse;

/// <summary>The answer to GET BALANCE. Not authenticated: for display.</summary>
/// <remarks><code>balance 4 | number of the last movement 4</code></remarks>
public sealed record PurseBalance(uint Balance, uint Number) : IWireFormat<PurseBalance>
{
    public static PurseBalance Read(ref ByteReader reader) =>
        new(reader.ReadUInt32("balance"), reader.ReadUInt32("number"));

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt32(Balance);
        writer.WriteUInt32(Number);
    }
}

/// <summary>
/// The answer to READ RECORD: one committed movement as the log keeps it. Not authenticated: for display.
/// </summary>
/// <remarks><code>movement 17 | digest 8 | balance after it 4 | number 4</code></remarks>
public sealed record LoggedMovement(Movement Movement, Bytes Digest, uint Balance, uint Number)
    : IWireFormat<LoggedMovement>
{
    public static LoggedMovement Read(ref ByteReader reader) => new(
        Movement.Read(ref reader),
        reader.ReadBytes(PurseMac.DigestLength, "digest"),
        reader.ReadUInt32("balance"),
        reader.ReadUInt32("number"));

    public void Write(ByteWriter writer)
    {
        Movement.Write(writer);
        writer.WriteBytes(Digest);
        writer.WriteUInt32(Balance);
        writer.WriteUInt32(Number);
    }
}
