using Tessera.Wire;

namespace Tessera.Cards.Purse;

/// <summary>What a purse is fit for, and by what its holder can be verified.</summary>
[Flags]
public enum PurseCondition : byte
{
    None = 0,
    Deactivated = 0x01,
    PinBlocked = 0x02,
    PukBlocked = 0x04,
    NumberExhausted = 0x08,

    /// <summary>The card knows a finger of its holder, and that has tries left.</summary>
    FingerKnown = 0x10,

    /// <summary>The purse knows an allowance for offline debits and a greatest amount without PIN.</summary>
    Offline = 0x20,

    /// <summary>A debit can write goods into the data store of the card, in its own atomic step.</summary>
    Goods = 0x40,
}

/// <summary>What a movement does to the balance: P1 of MOVE.</summary>
public enum MoveKind : byte
{
    Debit = 1,
    Load = 2,
    Adjust = 3,

    /// <summary>Moves nothing: sets the condition <see cref="PurseCondition.Deactivated"/>.</summary>
    Deactivate = 4,

    /// <summary>Moves nothing: clears that condition.</summary>
    Reactivate = 5,

    /// <summary>Moves nothing: its amount is what may be spent offline from here on.</summary>
    Allow = 6,

    /// <summary>Moves nothing: its amount is the greatest of a debit without PIN from here on; FFFFFFFF for any.</summary>
    Limit = 7,

    /// <summary>A debit that an offline acceptor took.</summary>
    OfflineDebit = 8,
}

/// <summary>What kinds of movements have in common.</summary>
public static class MoveKinds
{
    /// <summary>Takes value from the card for a merchant.</summary>
    public static bool IsDebit(this MoveKind kind) => kind is MoveKind.Debit or MoveKind.OfflineDebit;

    /// <summary>The issuer orders something that moves nothing.</summary>
    public static bool IsOrder(this MoveKind kind) =>
        kind is MoveKind.Deactivate or MoveKind.Reactivate or MoveKind.Allow or MoveKind.Limit;
}

/// <summary>How a movement is allowed: P2 of MOVE.</summary>
[Flags]
public enum MoveTerms : byte
{
    /// <summary>The holder must have been verified, by PIN or finger, since the script began.</summary>
    PinRequired = 0,

    /// <summary>No PIN needed.</summary>
    WithoutPin = 0x01,

    /// <summary>S2 states a ceiling; the amount is chosen at the terminal. Debits only.</summary>
    Ceiling = 0x02,

    /// <summary>S2 covers fields that are written with the movement: see <see cref="GoodsField"/>. Debits only.</summary>
    Goods = 0x04,
}

/// <summary>What one committed movement was, as the card keeps it.</summary>
/// <remarks>
/// <code>
/// kind 1 (terms in the high, kind in the low nibble) | adjust 4, signed | amount 4 | S2 8
/// </code>
/// All zero where there was none yet. Amounts are minor units; <see cref="Amount"/> is what was moved.
/// </remarks>
public sealed record Movement(MoveKind Kind, MoveTerms Terms, int Adjust, uint Amount, Bytes S2) : IWireFormat<Movement>
{
    public const int Length = 17;

    public static readonly Movement None = new(default, default, 0, 0, new Bytes(new byte[PurseMac.Length]));

    /// <summary>The signed change of the balance.</summary>
    public long Delta => Adjust + (Kind switch
    {
        MoveKind.Debit or MoveKind.OfflineDebit => -(long)Amount,
        MoveKind.Load => Amount,
        _ => 0,
    });

    public static Movement Read(ref ByteReader reader)
    {
        var kind = reader.ReadByte("kind");
        return new Movement(
            (MoveKind)(kind & 0x0F),
            (MoveTerms)(kind >> 4),
            reader.ReadInt32("adjust"),
            reader.ReadUInt32("amount"),
            reader.ReadBytes(PurseMac.Length, "S2"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)(((byte)Terms << 4) | (byte)Kind));
        writer.WriteInt32(Adjust);
        writer.WriteUInt32(Amount);
        writer.WriteBytes(S2);
    }
}

/// <summary>What S1 and O1 begin with: the state of the card, and the random a movement is bound to.</summary>
/// <remarks>
/// <code>flags 1 | key version 1 | balance 4 | number 4 | random 8 | last movement 17</code>
/// </remarks>
/// <param name="Number">Of the last committed movement.</param>
public record PurseHead(
    PurseCondition Flags, byte KeyVersion, uint Balance, uint Number, Bytes Random, Movement Last)
{
    public const int RandomLength = 8;

    internal static PurseHead ReadHead(ref ByteReader reader) => new(
        (PurseCondition)reader.ReadByte("flags"),
        reader.ReadByte("key version"),
        reader.ReadUInt32("balance"),
        reader.ReadUInt32("number"),
        reader.ReadBytes(RandomLength, "random"),
        Movement.Read(ref reader));

    internal void WriteHead(ByteWriter writer)
    {
        writer.WriteByte((byte)Flags);
        writer.WriteByte(KeyVersion);
        writer.WriteUInt32(Balance);
        writer.WriteUInt32(Number);
        writer.WriteBytes(Random);
        Last.Write(writer);
    }
}

/// <summary>S1: the answer to INITIALIZE, the card's signed state.</summary>
/// <remarks><code>head 35 | MAC 8</code></remarks>
public sealed record PurseState(
    PurseCondition Flags, byte KeyVersion, uint Balance, uint Number, Bytes Random, Movement Last, Bytes Mac)
    : PurseHead(Flags, KeyVersion, Balance, Number, Random, Last), IWireFormat<PurseState>
{
    public static PurseState Of(PurseHead head, Bytes mac) =>
        new(head.Flags, head.KeyVersion, head.Balance, head.Number, head.Random, head.Last, mac);

    public static PurseState Read(ref ByteReader reader) =>
        Of(ReadHead(ref reader), reader.ReadBytes(PurseMac.Length, "S1 MAC"));

    public void Write(ByteWriter writer)
    {
        WriteHead(writer);
        writer.WriteBytes(Mac);
    }
}

/// <summary>S3: the answer to MOVE, the receipt of one committed movement.</summary>
/// <remarks><code>balance 4 | number 4 | MAC 8</code></remarks>
public sealed record PurseReceipt(uint Balance, uint Number, Bytes Mac) : IWireFormat<PurseReceipt>
{
    public static PurseReceipt Read(ref ByteReader reader) => new(
        reader.ReadUInt32("balance"), reader.ReadUInt32("number"), reader.ReadBytes(PurseMac.Length, "S3 MAC"));

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt32(Balance);
        writer.WriteUInt32(Number);
        writer.WriteBytes(Mac);
    }
}

/// <summary>The answer to PROVE: a logged movement, fresh by the server's nonce.</summary>
/// <remarks><code>movement 17 | digest 8 | balance after it 4 | number 4 | MAC 8</code></remarks>
public sealed record PurseProof(Movement Movement, Bytes Digest, uint Balance, uint Number, Bytes Mac)
    : IWireFormat<PurseProof>
{
    /// <summary>The movement without its proof.</summary>
    public LoggedMovement ToLogged() => new(Movement, Digest, Balance, Number);

    public static PurseProof Read(ref ByteReader reader) => new(
        Movement.Read(ref reader),
        reader.ReadBytes(PurseMac.DigestLength, "digest"),
        reader.ReadUInt32("balance"),
        reader.ReadUInt32("number"),
        reader.ReadBytes(PurseMac.Length, "proof MAC"));

    public void Write(ByteWriter writer)
    {
        WriteSigned(writer);
        writer.WriteBytes(Mac);
    }

    internal void WriteSigned(ByteWriter writer)
    {
        Movement.Write(writer);
        writer.WriteBytes(Digest);
        writer.WriteUInt32(Balance);
        writer.WriteUInt32(Number);
    }
}
