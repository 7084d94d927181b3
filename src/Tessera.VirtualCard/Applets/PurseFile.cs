using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Applets;

/// <summary>What the purse keeps in non-volatile memory (docs/protocols/purse.md §2).</summary>
/// <remarks>
/// <code>
/// traits     condition 1 | key version 1 | currency 2 | greatest balance 4     the condition changes by order only
/// purse      balance 4 | number of the last movement 4
/// limits     allowance left 4 | seen by the issuer up to number 4 | greatest without PIN 4    not on earlier cards
/// log        twenty cells: movement 17 | digest 8 | balance 4 | number 4; movement n lies in cell (n - 1) mod 20
/// </code>
/// The last movement is the log record of the last number. A card that was made with ten cells goes on with ten.
/// </remarks>
internal sealed class PurseFile(CardMemory memory)
{
    public const int TraitsLength = 8;
    public const int BalanceLength = 8;
    public const int RecordLength = Movement.Length + PurseMac.DigestLength + BalanceLength;

    private const int EarlierRecords = 10;

    /// <summary>Movements that the log of this card holds.</summary>
    public int Records { get; } =
        memory.Has(CellId.PurseLog + EarlierRecords) ? PurseCommands.LogRecords : EarlierRecords;

    public PurseCondition Condition => (PurseCondition)memory.Read(CellId.PurseTraits)[0];

    public byte KeyVersion => memory.Read(CellId.PurseTraits)[1];

    public PurseTraits Traits
    {
        get
        {
            var reader = new ByteReader(memory.Read(CellId.PurseTraits)[2..]);
            return new PurseTraits(reader.ReadUInt16("currency"), reader.ReadUInt32("greatest balance"));
        }
    }

    public PurseBalance Balance
    {
        get
        {
            var reader = new ByteReader(memory.Read(CellId.Purse));
            return PurseBalance.Read(ref reader);
        }
    }

    /// <summary>The card was made for an allowance and a greatest amount without PIN.</summary>
    public bool HasRoomForLimits { get; } = memory.Has(CellId.PurseLimits);

    /// <summary>It knows them: it has the key of offline acceptors.</summary>
    public bool HasLimits => HasRoomForLimits && !memory.Read(CellId.PurseOfflineKey).IsEmpty;

    public PurseLimits Limits =>
        HasLimits ? Bytes.CopyOf(memory.Read(CellId.PurseLimits)).Read<PurseLimits>() : PurseLimits.None;

    public Movement Last => Find(Balance.Number)?.Movement ?? Movement.None;

    /// <summary>The key of this card's purse; the caller disposes it.</summary>
    public SecretKey OpenKey() => new(memory.Read(CellId.PurseKey));

    /// <summary>The key by which offline acceptors are known; the caller disposes it.</summary>
    public SecretKey OpenOfflineKey() => new(memory.Read(CellId.PurseOfflineKey));

    public static Bytes WriteTraits(bool isDeactivated, byte keyVersion, PurseTraits traits) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        writer.WriteByte((byte)(isDeactivated ? PurseCondition.Deactivated : PurseCondition.None));
        writer.WriteByte(keyVersion);
        writer.WriteUInt16(traits.Currency);
        writer.WriteUInt32(traits.GreatestBalance);
    });

    /// <summary>The movement of that number, if it is still in the log.</summary>
    public LoggedMovement? Find(uint number)
    {
        if (number == 0) return null;
        var content = memory.Read(CellOf(number, Records));
        if (content.IsEmpty) return null;

        var reader = new ByteReader(content);
        var record = LoggedMovement.Read(ref reader);
        return record.Number == number ? record : null;
    }

    /// <summary>Balance, number, last movement, log, limits and, where that is ordered, condition, in one atomic step.</summary>
    /// <param name="goods">Writes what the movement brings besides, in the same step.</param>
    public void Commit(LoggedMovement record, Action<MemoryTransaction>? goods = null)
    {
        using var change = memory.Begin();
        goods?.Invoke(change);
        change.Write(CellId.Purse, Bytes.Of(new PurseBalance(record.Balance, record.Number)).Span);
        change.Write(CellOf(record.Number, Records), Bytes.Of(record).Span);
        if (HasLimits) change.Write(CellId.PurseLimits, Bytes.Of(Limits.After(record)).Span);
        if (record.Movement.Kind is MoveKind.Deactivate or MoveKind.Reactivate)
        {
            var isDeactivated = record.Movement.Kind == MoveKind.Deactivate;
            change.Write(CellId.PurseTraits, WriteTraits(isDeactivated, KeyVersion, Traits).Span);
        }

        change.Commit();
    }

    /// <summary>Another key with its version, in one atomic step.</summary>
    public void Commit(byte keyVersion, SecretKey key)
    {
        var isDeactivated = Condition.HasFlag(PurseCondition.Deactivated);
        using var change = memory.Begin();
        change.Write(CellId.PurseTraits, WriteTraits(isDeactivated, keyVersion, Traits).Span);
        change.Write(CellId.PurseKey, key.Reveal());
        change.Commit();
    }

    /// <summary>Another key of offline acceptors, of the version of the card's key.</summary>
    public void CommitOffline(SecretKey key)
    {
        using var change = memory.Begin();
        change.Write(CellId.PurseOfflineKey, key.Reveal());
        change.Commit();
    }

    /// <summary>It has a key, and a currency.</summary>
    public bool IsPersonalised => !memory.Read(CellId.PurseKey).IsEmpty && Traits.Currency != 0;

    public void Blank(MemoryTransaction change)
    {
        change.Write(CellId.PurseTraits, new byte[TraitsLength]);
        change.Write(CellId.PurseKey, []);
        if (HasRoomForLimits) change.Write(CellId.PurseOfflineKey, []);
    }

    /// <summary>Currency and greatest balance of a purse that nothing was moved in yet.</summary>
    public StatusWord TakeTraits(Bytes data)
    {
        var reader = new ByteReader(data.Span);
        if (data.Length != sizeof(ushort) + sizeof(uint)) return StatusWord.WrongData;
        var traits = new PurseTraits(reader.ReadUInt16("currency"), reader.ReadUInt32("greatest balance"));
        if (traits.Currency == 0) return StatusWord.WrongData;
        using var change = memory.Begin();
        change.Write(CellId.PurseTraits, WriteTraits(isDeactivated: false, KeyVersion, traits).Span);
        change.Commit();
        return StatusWord.Success;
    }

    internal static byte CellOf(uint number, int records = PurseCommands.LogRecords) =>
        (byte)(CellId.PurseLog + ((number - 1) % (uint)records));
}
