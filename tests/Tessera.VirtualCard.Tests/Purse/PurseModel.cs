using System.Buffers.Binary;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>What a purse and its PIN are, without any card: two of them are alike or they differ.</summary>
/// <param name="Log">The records, newest first, in hexadecimal.</param>
internal sealed record PurseModel(uint Balance, uint Number, int PinTries, string Pin, int PukTries, string Log)
{
    public const string Puk = "3132333435363738";
    public const long Greatest = 100_000;

    public bool IsDeactivated { get; init; }

    public uint Allowance { get; init; }

    /// <summary>Up to which number the issuer has seen all.</summary>
    public uint Seen { get; init; }

    public uint GreatestWithoutPin { get; init; } = uint.MaxValue;

    /// <summary>What the data store of the card holds.</summary>
    public GoodsModel Goods { get; init; } = new([]);

    /// <summary>The memory of a card, read without its programs.</summary>
    public static PurseModel Of(byte[] image)
    {
        using var memory = CardMemory.Open(new CutMedium(image));
        var balance = Bytes.CopyOf(memory.Read(CellId.Purse)).Read<PurseBalance>();
        var log = new List<LoggedMovement>();
        for (byte cell = CellId.PurseLog; cell < CellId.PurseLog + PurseCommands.LogRecords; cell++)
        {
            if (!memory.Read(cell).IsEmpty) log.Add(Bytes.CopyOf(memory.Read(cell)).Read<LoggedMovement>());
        }

        return new PurseModel(
            balance.Balance, balance.Number,
            memory.Read(CellId.Pin)[0], Convert.ToHexString(memory.Read(CellId.Pin)[1..]), memory.Read(CellId.Puk)[0],
            string.Concat(log.OrderByDescending(record => record.Number).Select(record => Bytes.Of(record).ToString())))
        {
            IsDeactivated = memory.Read(CellId.PurseTraits)[0] != 0,
            Allowance = Word(memory, 0),
            Seen = Word(memory, 4),
            GreatestWithoutPin = Word(memory, 8),
            Goods = GoodsModel.Of(memory),
        };
    }

    private static uint Word(CardMemory memory, int at) =>
        BinaryPrimitives.ReadUInt32BigEndian(memory.Read(CellId.PurseLimits)[at..]);

    /// <summary>The log record of a number, null when it is not among the last twenty.</summary>
    public Bytes? Record(uint number)
    {
        const int digits = 2 * 33;
        var back = (long)Number - number;
        return number == 0 || back < 0 || back >= Log.Length / digits
            ? null
            : Bytes.FromHex(Log.AsSpan((int)back * digits, digits));
    }

    /// <param name="goods">What it brings; none without.</param>
    public PurseModel Moved(Movement movement, Bytes digest, Bytes goods = default)
    {
        var record = new LoggedMovement(movement, digest, (uint)(Balance + movement.Delta), Number + 1);
        var log = Bytes.Of(record) + Log;
        var (isOffline, kind) = (movement.Kind == MoveKind.OfflineDebit, movement.Kind);
        return this with
        {
            Balance = record.Balance,
            Number = record.Number,
            Log = log[..Math.Min(log.Length, PurseCommands.LogRecords * 66)],
            IsDeactivated = kind == MoveKind.Deactivate || (IsDeactivated && kind != MoveKind.Reactivate),
            Allowance = kind == MoveKind.Allow ? movement.Amount : Allowance - (isOffline ? movement.Amount : 0),
            Seen = isOffline ? Seen : Number,
            GreatestWithoutPin = kind == MoveKind.Limit ? movement.Amount : GreatestWithoutPin,
            Goods = goods.Length == 0 ? Goods : Goods.With(goods),
        };
    }

    /// <summary>What a MOVE with a right S2 is answered, every fault in its place (docs/protocols/purse.md §3).</summary>
    public StatusWord Judge(Movement movement, uint authorised, bool pinVerified, Bytes goods = default) =>
        movement.Amount > authorised || !IsWellMade(movement) ? StatusWord.WrongData
        : !pinVerified && !IsFree(movement) ? StatusWord.SecurityStatusNotSatisfied
        : movement.Kind == MoveKind.OfflineDebit && movement.Amount > Allowance ? new StatusWord(0x9403)
        : movement.Kind == MoveKind.OfflineDebit && Number - Seen == PurseCommands.LogRecords ? new StatusWord(0x9404)
        : Balance + movement.Delta < 0 ? new StatusWord(0x9401)
        : Balance + movement.Delta > Greatest ? new StatusWord(0x9402)
        : goods.Length > 0 ? Goods.Judge(goods)
        : StatusWord.Success;

    private static bool IsWellMade(Movement movement) => movement.Kind switch
    {
        MoveKind.Debit or MoveKind.Load => true,
        MoveKind.Adjust => movement.Amount == 0,
        MoveKind.Deactivate or MoveKind.Reactivate => movement is { Amount: 0, Adjust: 0 },
        MoveKind.OfflineDebit => movement is { Amount: > 0, Adjust: 0 },
        _ => movement.Adjust == 0,
    };

    private bool IsFree(Movement movement) => movement.Terms.HasFlag(MoveTerms.WithoutPin) &&
        (movement.Kind is not (MoveKind.Debit or MoveKind.OfflineDebit) || movement.Amount <= GreatestWithoutPin);

    /// <summary>VERIFY (no new PIN) or CHANGE REFERENCE DATA: the answer and the states on the way to it.</summary>
    public (StatusWord Answer, PurseModel[] Path) PresentPin(string pin, string? newPin)
    {
        if (PinTries == 0) return (StatusWord.AuthenticationBlocked, []);
        var tried = this with { PinTries = PinTries - 1 };
        return string.Equals(pin, Pin, StringComparison.Ordinal)
            ? (StatusWord.Success, [tried, this with { PinTries = 3, Pin = newPin ?? Pin }])
            : (StatusWord.WithTriesLeft(tried.PinTries), [tried]);
    }

    /// <summary>RESET RETRY COUNTER.</summary>
    public (StatusWord Answer, PurseModel[] Path) PresentPuk(string puk, string newPin)
    {
        if (PukTries == 0) return (StatusWord.AuthenticationBlocked, []);
        var tried = this with { PukTries = PukTries - 1 };
        return puk is Puk
            ? (StatusWord.Success, [tried, this with { PukTries = 10, PinTries = 3, Pin = newPin }])
            : (StatusWord.WithTriesLeft(tried.PukTries), [tried]);
    }
}
