using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard.Applets;

/// <summary>The purse (docs/protocols/purse.md).</summary>
internal sealed partial class PurseApplet(
    CardMemory memory, CardPin pin, CardFinger finger, CardId card, RandomNumberGenerator random) : IPersonalised
{
    private static readonly StatusWord WrongS2 = new(0x6988);
    private static readonly StatusWord NotEnough = new(0x9401);
    private static readonly StatusWord TooMuch = new(0x9402);

    private const byte CurrentFileByNumber = 0x04;
    private const int ProveLength = PurseMac.NonceLength + 4;

    private readonly PurseFile _file = new(memory);
    private readonly GoodsShelf _shelf = new(memory);
    private PurseMac? _session;

    public Bytes Aid => PurseCommands.Aid;

    /// <summary>The card has one session of a movement: an INITIALIZE on any channel ends the one before.</summary>
    public bool IsShareable => true;

    private PurseCondition Condition =>
        _file.Condition
        | (pin.IsPinBlocked ? PurseCondition.PinBlocked : PurseCondition.None)
        | (pin.IsPukBlocked ? PurseCondition.PukBlocked : PurseCondition.None)
        | (finger.IsUsable ? PurseCondition.FingerKnown : PurseCondition.None)
        | (_file.HasLimits ? PurseCondition.Offline : PurseCondition.None)
        | (_shelf.IsThere ? PurseCondition.Goods : PurseCondition.None)
        | (_file.Balance.Number == uint.MaxValue ? PurseCondition.NumberExhausted : PurseCondition.None);

    private bool IsDeactivated => _file.Condition.HasFlag(PurseCondition.Deactivated);

    public Bytes Select() => Bytes.Of(new ApplicationTemplate(Aid, card, _file.KeyVersion, _file.Traits));

    public ResponseApdu Process(CommandApdu command) => (command.Cla, command.Ins) switch
    {
        (0x80, 0x50) when command.P1 == Offline && _file.HasLimits => InitializeOffline(command),
        (0x80, 0x50) => Initialize(command),
        (0x80, 0x54) => Move(command),
        (0x80, 0x5A) => Prove(command),
        (0x80, 0x58) when _file.HasLimits => Receipt(command),
        (0x80, 0x5C) or (0x00, 0xB2) when IsDeactivated => new ResponseApdu(StatusWord.ConditionsNotSatisfied),
        (0x80, 0x5C) => GetBalance(command),
        (0x80, 0x5E) => End(command),
        (0x00, 0xB2) => ReadRecord(command),
        (_, 0x58) when _file.HasLimits => new ResponseApdu(StatusWord.ClassNotSupported),
        (_, 0x50 or 0x54 or 0x5A or 0x5C or 0x5E or 0xB2) => new ResponseApdu(StatusWord.ClassNotSupported),
        _ => new ResponseApdu(StatusWord.InstructionNotSupported),
    };

    /// <summary>A key; S2 and proofs of the one before are worth nothing from then on.</summary>
    public StatusWord Personalise(ushort group, Bytes data, SecretKey dataEncryption)
    {
        if (group == DataGroup.PurseTraits) return _file.TakeTraits(data);
        if (group != DataGroup.Key && !(group == DataGroup.OfflineKey && _file.HasRoomForLimits))
            return StatusWord.ReferencedDataNotFound;
        Forget();
        return group == DataGroup.Key
            ? KeyGroup.Take(data, dataEncryption, _file.Commit)
            : PersonaliseOffline(data, dataEncryption);
    }

    public bool IsPersonalised => _file.IsPersonalised;

    public void Blank(MemoryTransaction change) => _file.Blank(change);

    public void Forget()
    {
        _session?.Dispose();
        _session = null;
        _isOffline = false;
    }

    private ResponseApdu Initialize(CommandApdu command)
    {
        Forget();
        if (RefuseForm(command, PurseMac.NonceLength) is { } refused) return new ResponseApdu(refused);

        var head = NewHead();
        using var key = _file.OpenKey();
        _session = PurseMac.ForSession(key, card, head.Number, head.Random, Bytes.CopyOf(command.Data.Span));
        return Answer(PurseState.Of(head, _session.S1(head, _file.Traits.Currency)));
    }

    private PurseHead NewHead()
    {
        var octets = new byte[PurseHead.RandomLength];
        random.GetBytes(octets);
        var (balance, number) = _file.Balance;
        return new PurseHead(Condition, _file.KeyVersion, balance, number, new Bytes(octets), _file.Last);
    }

    private ResponseApdu Move(CommandApdu command)
    {
        using var session = _session;
        var isOffline = _isOffline;
        (_session, _isOffline) = (null, false);

        var (kind, terms) = ((MoveKind)command.P1, (MoveTerms)command.P2);
        if (!MoveOrder.HasLength(terms, command.Data.Length)) return new ResponseApdu(StatusWord.WrongLength);
        if (!MoveOrder.IsDefined(kind, terms) || (kind >= MoveKind.Allow && !_file.HasLimits) ||
            (terms.HasFlag(MoveTerms.Goods) && !_shelf.IsThere))
            return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (!IsFitFor(kind) || session is null || isOffline != (kind == MoveKind.OfflineDebit))
            return new ResponseApdu(StatusWord.ConditionsNotSatisfied);

        var order = MoveOrder.Read(kind, terms, command.Data.Span);
        if (isOffline) return MoveOffline(order, session);
        return Refuse(order, session) is { } refused ? new ResponseApdu(refused) : Commit(order, session);
    }

    /// <summary>A deactivated purse can be reactivated and nothing else, an active one can do all but that.</summary>
    private bool IsFitFor(MoveKind kind) =>
        IsDeactivated == (kind == MoveKind.Reactivate) && !Condition.HasFlag(PurseCondition.NumberExhausted);

    private StatusWord? Refuse(MoveOrder order, PurseMac session)
    {
        var (movement, authorised, _, goods) = order;
        var s2 = session.S2(movement.Kind, movement.Terms, movement.Adjust, authorised, goods);
        return CryptographicOperations.FixedTimeEquals(s2.Span, movement.S2.Span)
            ? RefuseHolder(order) ?? RefuseBalance(movement) ?? _shelf.Refuse(goods)
            : WrongS2;
    }

    /// <summary>The holder is there where the terms or the amount ask for it.</summary>
    private StatusWord? RefuseHolder(MoveOrder order)
    {
        if (!order.IsWithinAuthority) return StatusWord.WrongData;
        var movement = order.Movement;
        var isFree = movement.Terms.HasFlag(MoveTerms.WithoutPin) &&
            (!movement.Kind.IsDebit() || movement.Amount <= _file.Limits.GreatestWithoutPin);
        return isFree || pin.IsVerified ? null : StatusWord.SecurityStatusNotSatisfied;
    }

    private StatusWord? RefuseBalance(Movement movement)
    {
        var balance = _file.Balance.Balance + movement.Delta;
        return balance < 0 ? NotEnough : balance > _file.Traits.GreatestBalance ? TooMuch : null;
    }

    private LoggedMovement Next(MoveOrder order)
    {
        var (movement, _, digest, _) = order;
        var (balance, number) = _file.Balance;
        return new LoggedMovement(movement, digest, (uint)(balance + movement.Delta), number + 1);
    }

    private ResponseApdu Commit(MoveOrder order, PurseMac session)
    {
        var record = Next(order);
        var s3 = session.S3(record.Movement, record.Digest, record.Balance, record.Number, order.Goods);
        _file.Commit(record, change => _shelf.Put(change, order.Goods));
        return Answer(new PurseReceipt(record.Balance, record.Number, s3));
    }

    private ResponseApdu Prove(CommandApdu command)
    {
        if (RefuseForm(command, ProveLength) is { } refused) return new ResponseApdu(refused);

        var reader = new ByteReader(command.Data.Span);
        var nonce = reader.ReadBytes(PurseMac.NonceLength, "nonce");
        if (_file.Find(reader.ReadUInt32("number")) is not { } record)
            return new ResponseApdu(StatusWord.RecordNotFound);

        using var key = _file.OpenKey();
        using var mac = PurseMac.ForProof(key, card, record.Number, nonce);
        var proof = new PurseProof(record.Movement, record.Digest, record.Balance, record.Number, Bytes.Empty);
        return Answer(proof with { Mac = mac.Proof(proof) });
    }

    private ResponseApdu GetBalance(CommandApdu command) =>
        RefuseForm(command, 0) is { } refused
            ? new ResponseApdu(refused)
            : Answer(_file.Balance);

    private ResponseApdu End(CommandApdu command)
    {
        if (RefuseForm(command, 0) is { } refused) return new ResponseApdu(refused);
        Forget();
        return new ResponseApdu(StatusWord.Success);
    }

    /// <summary>By record number in the file of the log; 1 is the newest.</summary>
    private ResponseApdu ReadRecord(CommandApdu command)
    {
        if (command.Data.Length != 0) return new ResponseApdu(StatusWord.WrongLength);
        if (command.P2 != CurrentFileByNumber) return new ResponseApdu(StatusWord.IncorrectP1P2);
        var number = _file.Balance.Number;
        if (command.P1 == 0 || command.P1 > Math.Min(_file.Records, number))
            return new ResponseApdu(StatusWord.RecordNotFound);

        return _file.Find(number - command.P1 + 1) is { } record
            ? Answer(record)
            : new ResponseApdu(StatusWord.RecordNotFound);
    }

    private static StatusWord? RefuseForm(CommandApdu command, int length) =>
        command.Data.Length != length ? StatusWord.WrongLength
        : command is not { P1: 0, P2: 0 } ? StatusWord.IncorrectP1P2
        : null;

    private static ResponseApdu Answer<T>(T value) where T : IWireFormat<T> => new(Bytes.Of(value), StatusWord.Success);
}
