using Tessera.Wire;

namespace Tessera.Cards.Purse;

/// <summary>O1: the answer to INITIALIZE for an offline debit (docs/protocols/purse.md §3, §8).</summary>
/// <remarks><code>head 35 | allowance 4 | greatest without PIN 4 | unseen 1 | MAC 8</code></remarks>
/// <param name="Allowance">What may still be spent offline, minor units.</param>
/// <param name="GreatestWithoutPin">Of one debit, minor units; FFFFFFFF for any.</param>
/// <param name="Unseen">
/// Movements in the log that the issuer is not known to have seen: when they fill it, nothing is debited offline.
/// </param>
public sealed record OfflineState(
    PurseCondition Flags, byte KeyVersion, uint Balance, uint Number, Bytes Random, Movement Last,
    uint Allowance, uint GreatestWithoutPin, byte Unseen, Bytes Mac)
    : PurseHead(Flags, KeyVersion, Balance, Number, Random, Last), IWireFormat<OfflineState>
{
    public static OfflineState Of(PurseHead head, uint allowance, uint greatestWithoutPin, byte unseen, Bytes mac) => new(
        head.Flags, head.KeyVersion, head.Balance, head.Number, head.Random, head.Last,
        allowance, greatestWithoutPin, unseen, mac);

    public static OfflineState Read(ref ByteReader reader) => Of(
        ReadHead(ref reader),
        reader.ReadUInt32("allowance"),
        reader.ReadUInt32("greatest without PIN"),
        reader.ReadByte("unseen"),
        reader.ReadBytes(PurseMac.Length, "O1 MAC"));

    public void Write(ByteWriter writer)
    {
        WriteSigned(writer);
        writer.WriteBytes(Mac);
    }

    internal void WriteSigned(ByteWriter writer)
    {
        WriteHead(writer);
        writer.WriteUInt32(Allowance);
        writer.WriteUInt32(GreatestWithoutPin);
        writer.WriteByte(Unseen);
    }
}

/// <summary>O3: the answer to an offline debit, once for who took it and once for the issuer.</summary>
/// <remarks><code>balance 4 | number 4 | MAC for the acceptor 8 | MAC for the issuer 8</code></remarks>
/// <param name="IssuerMac">Under a key that no acceptor has: it can be handed on, and not be made.</param>
public sealed record OfflineAnswer(uint Balance, uint Number, Bytes Mac, Bytes IssuerMac) : IWireFormat<OfflineAnswer>
{
    public static OfflineAnswer Read(ref ByteReader reader) => new(
        reader.ReadUInt32("balance"),
        reader.ReadUInt32("number"),
        reader.ReadBytes(PurseMac.Length, "O3 MAC"),
        reader.ReadBytes(PurseMac.Length, "receipt MAC"));

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt32(Balance);
        writer.WriteUInt32(Number);
        writer.WriteBytes(Mac);
        writer.WriteBytes(IssuerMac);
    }
}

/// <summary>Who took an offline debit, in the place of what was shown: the digest of its movement.</summary>
/// <remarks><code>acceptor 4 | its own number of the debit 4</code></remarks>
/// <param name="Id">As the issuer named it.</param>
/// <param name="Number">Of the acceptor's own count; it may be anything.</param>
public sealed record Acceptance(uint Id, uint Number)
{
    /// <exception cref="WireFormatException">Not 8 octets.</exception>
    public static Acceptance Of(Bytes digest)
    {
        var reader = new ByteReader(digest.Span);
        var acceptance = new Acceptance(reader.ReadUInt32("acceptor"), reader.ReadUInt32("number of the acceptor"));
        reader.ReadEnd("acceptance");
        return acceptance;
    }

    public Bytes ToDigest() => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        writer.WriteUInt32(Id);
        writer.WriteUInt32(Number);
    });
}
