using System.Security.Cryptography;
using System.Text;
using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>The purse of docs/protocols/purse.md with its PIN, in as few lines as will do: the other end of a script.</summary>
internal sealed class ModelCard(CardRegistration registration, CardKeys keys)
{
    private const int PinTries = 3;
    private const int PukTries = 10;
    private const int FingerTries = 5;

    private PurseMac? _session;
    private Bytes? _selected;
    private bool _verified;
    private string _pin = "123456";
    private int _pinTries = PinTries;
    private int _pukTries = PukTries;
    private int _fingerTries = FingerTries;

    /// <summary>Its data store; empty and out of reach where it carries none.</summary>
    public ModelStore Store { get; } = new(registration, keys.Store);

    public CardRegistration Registration { get; } = registration;

    public string Pin => _pin;

    public string Puk { get; } = "87654321";

    /// <summary>The finger it knows; null for none.</summary>
    public FingerTemplate? Finger { get; set; }

    public uint Balance { get; private set; }

    public uint Number { get; private set; }

    public Movement Last { get; private set; } = Movement.None;

    /// <summary>Lists that scripts told a SIM to keep, by id.</summary>
    public OrderedDictionary<byte, CachedListStep> Lists { get; } = [];

    /// <summary>False where it shows the lists it is told and keeps none.</summary>
    public bool KeepsLists { get; set; } = true;

    /// <summary>It says 9000 to a MOVE that needs a PIN, commits nothing and has no key to sign a receipt with.</summary>
    public bool ForgesReceipts { get; set; }

    /// <summary>The instruction at which it is pulled out, once; 0 for none.</summary>
    public byte PulledAt { get; set; }

    public bool IsDeactivated { get; private set; }

    /// <summary>It takes orders of an allowance and a greatest debit without PIN.</summary>
    public bool KnowsLimits { get; set; }

    /// <summary>It writes what is sold to it with the debit.</summary>
    public bool BringsGoods { get; set; }

    public uint Allowance { get; private set; }

    public uint GreatestWithoutPin { get; private set; } = uint.MaxValue;

    private readonly List<LoggedMovement> _log = [];

    /// <summary>Movements committed.</summary>
    public List<Movement> Log { get; } = [];

    public ResponseApdu Transmit(CommandApdu command) => (command.Cla, command.Ins) switch
    {
        (0x00, 0xA4) when Has(command.Data) => Select(command.Data),
        (0x00, 0xA4) => new ResponseApdu(StatusWord.FileNotFound),
        (0x00, 0x20) when command.P1 == 0xFF => Cleared(),
        (0x00, 0x20) => Verify(command.Data.Span),
        (0x00, FingerCommands.Verify) => Compare(command.Data),
        (0x00, 0x24) => Change(command.Data.Span),
        (0x00, 0x2C) => Unblock(command.Data.Span),
        _ when _selected == StoreCommands.Aid => Store.Transmit(command),
        _ when _selected is null => new ResponseApdu(StatusWord.ConditionsNotSatisfied),
        (0x80, 0x50) => new ResponseApdu(Bytes.Of(Initialize(command.Data)), StatusWord.Success),
        (0x80, 0x54) => Move(command),
        (0x80, 0x5A) => Prove(command.Data),
        (0x80, 0x5E) => End(),
        _ => new ResponseApdu(StatusWord.InstructionNotSupported),
    };

    /// <summary>What the toolkit applet of a SIM sends when its menu item is taken.</summary>
    public Opening Open(ushort session, TerminalProfile profile) => new(
        session, Initialize(Opening.Nonce), OpeningProfile.Whole(profile.Octets.Span).ToDigest(), Store.Versions,
        "purse")
    {
        Lists = Lists.Values.Select(list => list.Name).ToSequence(),
    };

    /// <summary>The eight lists that were told last.</summary>
    public void Keep(CachedListStep list)
    {
        if (!KeepsLists) return;
        Lists[list.Id] = list;
        if (Lists.Count > Opening.MaxLists) Lists.RemoveAt(0);
    }

    /// <summary>Out and in again.</summary>
    public void Reset()
    {
        (_selected, _verified) = (null, false);
        End();
    }

    /// <summary>A script begins: on a SIM the purse is selected.</summary>
    public void Begin() => _selected = Registration.Kind == CardKind.Sim ? PurseCommands.Aid : _selected;

    private bool Has(Bytes aid) => Registration.Applications.Any(application => application.Span.StartsWith(aid.Span));

    private ResponseApdu Select(Bytes aid)
    {
        _selected = aid;
        return new ResponseApdu(Bytes.Of(new ApplicationTemplate(
            aid, Registration.Card, Registration.KeyVersion,
            aid == PurseCommands.Aid ? new PurseTraits(Registration.Currency, Registration.GreatestBalance) : null)),
            StatusWord.Success);
    }

    private PurseState Initialize(Bytes nonce)
    {
        End();
        var random = new Bytes(RandomNumberGenerator.GetBytes(PurseState.RandomLength));
        _session = PurseMac.ForSession(keys.Purse, Registration.Card, Number, random, nonce);
        var flags = (_pinTries == 0 ? PurseCondition.PinBlocked : PurseCondition.None)
            | (_pukTries == 0 ? PurseCondition.PukBlocked : PurseCondition.None)
            | (IsDeactivated ? PurseCondition.Deactivated : PurseCondition.None)
            | (KnowsLimits ? PurseCondition.Offline : PurseCondition.None)
            | (BringsGoods ? PurseCondition.Goods : PurseCondition.None)
            | (Finger is not null && _fingerTries > 0 ? PurseCondition.FingerKnown : PurseCondition.None);
        var state = new PurseState(flags, Registration.KeyVersion, Balance, Number, random, Last, Bytes.Empty);
        return state with { Mac = _session.S1(state, Registration.Currency) };
    }

    private ResponseApdu Move(CommandApdu command)
    {
        var (kind, terms) = ((MoveKind)command.P1, (MoveTerms)command.P2);
        if (ForgesReceipts && !terms.HasFlag(MoveTerms.WithoutPin))
            return new ResponseApdu(Bytes.Of(new PurseReceipt(Balance, Number + 1, new Bytes(new byte[8]))), StatusWord.Success);
        var reader = new ByteReader(command.Data.Span);
        var (adjust, ceiling, s2) = (reader.ReadInt32("adjust"), reader.ReadUInt32("amount"), reader.ReadBytes(8, "S2"));
        var amount = terms.HasFlag(MoveTerms.Ceiling) ? reader.ReadUInt32("amount") : ceiling;
        var goods = reader.ReadBytes(reader.Remaining - 8, "goods");
        var digest = reader.ReadBytes(8, "digest");
        if (terms.HasFlag(MoveTerms.Goods) && !BringsGoods) return new ResponseApdu(StatusWord.IncorrectP1P2);
        using var session = _session;
        _session = null;
        if (session is null || IsDeactivated != (kind == MoveKind.Reactivate)) return new ResponseApdu(StatusWord.ConditionsNotSatisfied);
        if (session.S2(kind, terms, adjust, ceiling, goods) != s2) return new ResponseApdu(new StatusWord(0x6988));
        if (amount > ceiling) return new ResponseApdu(StatusWord.WrongData);
        var needsPin = !terms.HasFlag(MoveTerms.WithoutPin) || (kind == MoveKind.Debit && amount > GreatestWithoutPin);
        if (needsPin && !_verified) return new ResponseApdu(StatusWord.SecurityStatusNotSatisfied);

        var movement = new Movement(kind, terms, adjust, amount, s2);
        if (Balance + movement.Delta < 0) return new ResponseApdu(new StatusWord(0x9401));
        if (Balance + movement.Delta > Registration.GreatestBalance) return new ResponseApdu(new StatusWord(0x9402));
        if (goods.Length > 0 && Store.Bring(GoodsField.ReadList(goods)) is { IsSuccess: false } refused)
            return new ResponseApdu(refused);
        if (kind is MoveKind.Deactivate or MoveKind.Reactivate) IsDeactivated = kind == MoveKind.Deactivate;
        if (kind == MoveKind.Allow) Allowance = amount;
        if (kind == MoveKind.Limit) GreatestWithoutPin = amount;
        Commit(movement, digest);
        var receipt = new PurseReceipt(Balance, Number, session.S3(movement, digest, Balance, Number, goods));
        return new ResponseApdu(Bytes.Of(receipt), StatusWord.Success);
    }

    /// <summary>An acceptor took it.</summary>
    public void SpendOffline(uint amount, uint acceptor)
    {
        End();
        var o2 = new Bytes(RandomNumberGenerator.GetBytes(PurseMac.Length));
        Allowance -= amount;
        Commit(new Movement(MoveKind.OfflineDebit, MoveTerms.WithoutPin, 0, amount, o2), new Acceptance(acceptor, 1).ToDigest());
    }

    private void Commit(Movement movement, Bytes digest)
    {
        (Balance, Number, Last) = ((uint)(Balance + movement.Delta), Number + 1, movement);
        Log.Add(movement);
        _log.Add(new LoggedMovement(movement, digest, Balance, Number));
    }

    private ResponseApdu Prove(Bytes asked)
    {
        var reader = new ByteReader(asked.Span);
        var (nonce, number) = (reader.ReadBytes(PurseMac.NonceLength, "nonce"), reader.ReadUInt32("number"));
        if (_log.Find(one => one.Number == number) is not { } found) return new ResponseApdu(StatusWord.RecordNotFound);
        using var mac = PurseMac.ForProof(keys.Purse, Registration.Card, number, nonce);
        var proof = new PurseProof(found.Movement, found.Digest, found.Balance, number, Bytes.Empty);
        return new ResponseApdu(Bytes.Of(proof with { Mac = mac.Proof(proof) }), StatusWord.Success);
    }

    private ResponseApdu Verify(ReadOnlySpan<byte> pin)
    {
        var status = Try(ref _pinTries, PinTries, pin, _pin);
        _verified = status.IsSuccess;
        return new ResponseApdu(status);
    }

    /// <summary>As if no finger were ever laid twice in the same way but for this one.</summary>
    private ResponseApdu Compare(Bytes laid)
    {
        if (Finger is null) return new ResponseApdu(StatusWord.ReferencedDataNotFound);
        if (_fingerTries == 0) return new ResponseApdu(StatusWord.AuthenticationBlocked);
        _verified = laid.Span.SequenceEqual(Finger.Reveal());
        _fingerTries = _verified ? FingerTries : _fingerTries - 1;
        return new ResponseApdu(_verified ? StatusWord.Success : StatusWord.WithTriesLeft(_fingerTries));
    }

    private ResponseApdu Change(ReadOnlySpan<byte> pins)
    {
        var status = Try(ref _pinTries, PinTries, pins[..8], _pin);
        if (status.IsSuccess) _pin = Digits(pins[8..]);
        return new ResponseApdu(status);
    }

    private ResponseApdu Unblock(ReadOnlySpan<byte> codes)
    {
        var status = Try(ref _pukTries, PukTries, codes[..8], Puk);
        if (status.IsSuccess) (_pin, _pinTries) = (Digits(codes[8..]), PinTries);
        return new ResponseApdu(status);
    }

    private static StatusWord Try(ref int tries, int most, ReadOnlySpan<byte> typed, string right)
    {
        if (tries == 0) return StatusWord.AuthenticationBlocked;
        var matches = string.Equals(Digits(typed), right, StringComparison.Ordinal);
        tries = matches ? most : tries - 1;
        return matches ? StatusWord.Success : StatusWord.WithTriesLeft(tries);
    }

    private static string Digits(ReadOnlySpan<byte> block) => Encoding.ASCII.GetString(block.TrimEnd((byte)0xFF));

    private ResponseApdu Cleared()
    {
        _verified = false;
        return new ResponseApdu(StatusWord.Success);
    }

    private ResponseApdu End()
    {
        _session?.Dispose();
        _session = null;
        return new ResponseApdu(StatusWord.Success);
    }
}
