using Tessera.Wire;

namespace Tessera.Cards.Purse;

/// <summary>The answer to READ RECORD: one movement of the log as the card keeps it, not authenticated.</summary>
/// <remarks><code>movement 17 | digest 8 | balance after it 4 | number 4</code></remarks>
public sealed record PurseRecord(Movement Movement, Bytes Digest, uint Balance, uint Number) : IWireFormat<PurseRecord>
{
    public const int Length = Movement.Length + PurseMac.DigestLength + 4 + 4;

    public static PurseRecord Read(ref ByteReader reader) => new(
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
