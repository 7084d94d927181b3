using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>
/// Random dialogues with the purse of one card, right ones and wrong ones, with power lost at random physical steps. After
/// every command the memory of the card equals the model's; the issuer's account, kept from S3 and S1 alone, ends equal to
/// the balance.
/// </summary>
public sealed partial class PurseModelRun : IDisposable
{
    public const int StepsPerRound = 120;

    private static readonly string[] Pins = ["313233343536FFFF", "3938373635343332", "303030303030FFFF", "31323334FFFFFFFF"];

    private readonly PurseIssuer _issuer = new();
    private readonly Random _random;
    private readonly PurseModelCounts _counts;

    private CutMedium _medium;
    private TestCard _card;
    private PurseModel _model;
    private bool _pinVerified;
    private (PurseState S1, Bytes Nonce)? _session;
    private (OfflineState O1, Bytes Nonce)? _offline;
    private CommandApdu? _lastMove;
    private (uint Number, Movement Movement, Bytes Goods)? _open;
    private long _account;
    private long _offlineSpent;

    private PurseModelRun(int seed, byte[] image, PurseModelCounts counts)
    {
        (_random, _counts, _model) = (new Random(seed), counts, PurseModel.Of(image));
        _delivered = _model.Goods;
        _medium = new CutMedium(image);
        _card = TestCard.Open(_medium, new SeededRandom(seed));
        _card.Send(PurseCommands.Select);
    }

    /// <summary>Plays <paramref name="rounds"/> dialogues, each with a new card and the next seed.</summary>
    /// <exception cref="InvalidOperationException">Card and model differ: the message names the seed.</exception>
    public static PurseModelCounts Run(int seed, int rounds)
    {
        var counts = new PurseModelCounts();
        var image = TestCard.NewImage();
        for (var i = 0; i < rounds; i++)
        {
            using var round = new PurseModelRun(seed + i, image, counts);
            try
            {
                for (var step = 0; step < StepsPerRound; step++) round.Step();
                round._medium.CutNever();
                round.Initialize();
                Assert.Equal(round._account - round._offlineSpent, round._model.Balance);
                round.AssertDelivered();
                counts.Rounds++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed + i}: {e.Message}", e);
            }
        }

        return counts;
    }

    public void Dispose()
    {
        _card.Dispose();
        _issuer.Dispose();
    }

    private void Step()
    {
        if (Chance(5)) Endanger(_medium);
        switch (_random.Next(18))
        {
            case < 7: Move(); break;
            case 16 or 17: MoveOffline(); break;
            case 7: Initialize(); break;
            case 8: PresentPin(isChange: false); break;
            case 9: PresentPin(isChange: Chance(2)); break;
            case 10: PresentPuk(); break;
            case 11: Ask(); break;
            case 12: Prove(); break;
            case 13: Forget(); break;
            case 14: EndOrVisit(); break;
            default: Reset(); break;
        }

        _medium.CutNever();
    }

    private void Move()
    {
        if (_session is null && !Chance(8)) Initialize();
        if (NextMove() is not { } command) return;
        if (Chance(6)) command = Tampered(command);
        _lastMove = command;

        var (answer, movement) = Judge(command);
        if (answer != StatusWord.Success)
        {
            _counts.RefusedMoves++;
            Play(command, answer);
            (_session, _offline) = (null, null);
            return;
        }

        var (s1, nonce) = _session!.Value;
        var digest = new Bytes(command.Data.Memory[^PurseMac.DigestLength..]);
        var goods = GoodsOf(command);
        _open = (_model.Number + 1, movement, goods);
        var played = Play(command, answer, _model.Moved(movement, digest, goods));
        _session = null;
        if (played is null) return;

        _counts.Moves++;
        var s3 = played.Data.Read<PurseReceipt>();
        Assert.Equal((_model.Balance, _model.Number), (s3.Balance, s3.Number));
        Assert.True(_issuer.IsGenuine(s3, s1, nonce, movement, digest, goods), "S3");
        if (!Chance(6)) Book(movement, goods);
    }

    /// <summary>One with the right S2 where there is a session, else an old one again.</summary>
    private CommandApdu? NextMove()
    {
        if (_session is not var (s1, nonce) || Chance(10)) return _lastMove;

        var kind = _model.IsDeactivated && !Chance(3) ? MoveKind.Reactivate
            : Chance(24) ? MoveKind.Deactivate
            : Chance(3) ? MoveKind.Debit
            : (MoveKind)_random.Next(1, 9);
        if (kind is MoveKind.Deactivate or MoveKind.Reactivate && !_model.IsDeactivated && !Chance(12)) kind = MoveKind.Allow;
        var ceiling = kind == MoveKind.Debit && Chance(3) ? Amount() : (uint?)null;
        var terms = (Chance(3) ? MoveTerms.PinRequired : MoveTerms.WithoutPin)
            | (ceiling is null ? MoveTerms.PinRequired : MoveTerms.Ceiling);
        var amount = ceiling is { } most ? (uint)_random.NextInt64((long)most + 2)
            : kind is MoveKind.Adjust or MoveKind.Deactivate or MoveKind.Reactivate && !Chance(9) ? 0
            : Amount();
        if (kind.IsOrder() && !Chance(9)) terms = MoveTerms.WithoutPin;
        var adjust = kind.IsOrder() && !Chance(9) ? 0 : Adjust();
        var goods = kind == MoveKind.Debit && !Chance(3) ? NextGoods() : Bytes.Empty;
        if (goods.Length > 0) terms |= MoveTerms.Goods;
        var movement = new Movement(kind, terms, adjust, amount, Bytes.Empty);
        return _issuer.Authorise(s1, nonce, movement, Octets(8), ceiling, goods);
    }

    private (StatusWord Answer, Movement Movement) Judge(CommandApdu move)
    {
        var (kind, terms) = ((MoveKind)move.P1, (MoveTerms)move.P2);
        var ceiling = terms.HasFlag(MoveTerms.Ceiling);
        var rest = move.Data.Length - (ceiling ? 28 : 24);
        if (terms.HasFlag(MoveTerms.Goods) ? rest is < 1 or > 227 : rest != 0) return (StatusWord.WrongLength, Movement.None);
        if (move.P1 is 0 or > 8 || move.P2 > 7 || (move.P2 > 1 && kind != MoveKind.Debit) ||
            (kind.IsOrder() && terms != MoveTerms.WithoutPin))
            return (StatusWord.IncorrectP1P2, Movement.None);
        if (_model.IsDeactivated != (kind == MoveKind.Reactivate)) return (StatusWord.ConditionsNotSatisfied, Movement.None);
        if (kind == MoveKind.OfflineDebit) return JudgeOffline(move, terms);
        if (_session is not var (s1, nonce)) return (StatusWord.ConditionsNotSatisfied, Movement.None);

        var reader = new ByteReader(move.Data.Span);
        var (adjust, authorised) = (reader.ReadInt32("adjust"), reader.ReadUInt32("amount or ceiling"));
        var s2 = reader.ReadBytes(8, "S2");
        var movement = new Movement(kind, terms, adjust, ceiling ? reader.ReadUInt32("amount") : authorised, s2);
        return s2 != _issuer.S2(s1, nonce, movement, authorised, GoodsOf(move))
            ? (new StatusWord(0x6988), movement)
            : (_model.Judge(movement, authorised, _pinVerified, GoodsOf(move)), movement);
    }

    private void Initialize()
    {
        var nonce = Octets(8);
        if (Play(PurseCommands.Initialize(nonce), StatusWord.Success) is not { } answer) return;

        var s1 = answer.Data.Read<PurseState>();
        var last = _model.Record(_model.Number) is { } record ? record.Read<LoggedMovement>().Movement : Movement.None;
        var condition = (_model.PinTries == 0 ? PurseCondition.PinBlocked : PurseCondition.None)
            | (_model.PukTries == 0 ? PurseCondition.PukBlocked : PurseCondition.None)
            | (_model.IsDeactivated ? PurseCondition.Deactivated : PurseCondition.None)
            | TestCard.Condition;
        Assert.Equal((condition, _model.Balance, _model.Number, last), (s1.Flags, s1.Balance, s1.Number, s1.Last));
        Assert.True(_issuer.IsGenuine(s1, nonce), "S1");
        (_session, _offline) = ((s1, nonce), null);
        Settle(s1);
    }

    /// <summary>As docs/protocols/purse.md §5 concludes.</summary>
    private void Settle(PurseState s1)
    {
        if (_open is not var (number, movement, goods)) return;
        if (_model.Record(number) is { } record && record.Read<LoggedMovement>().Movement == movement)
        {
            _counts.SettledAsDone++;
            Book(movement, goods);
        }
        else
        {
            Assert.True(s1.Number >= number - 1);
            _counts.SettledAsNotDone++;
            _open = null;
        }
    }

    private void PresentPin(bool isChange)
    {
        var pin = Chance(3) ? OneOf(Pins) : _model.Pin;
        var newPin = isChange ? OneOf(Pins) : null;
        var command = new CommandApdu(0x00, (byte)(isChange ? 0x24 : 0x20), 0x00, 0x80, Bytes.FromHex(pin + newPin));
        if (IsMalformed(pin) || IsMalformed(newPin))
        {
            Play(command, StatusWord.WrongData);
            return;
        }

        var (answer, path) = _model.PresentPin(pin, newPin);
        if (Play(command, answer, path) is null) return;
        _pinVerified = answer == StatusWord.Success && (!isChange || _pinVerified);
    }

    private void PresentPuk()
    {
        var puk = Chance(3) ? "3030303030303030" : PurseModel.Puk;
        var newPin = OneOf(Pins);
        var command = new CommandApdu(0x00, 0x2C, 0x00, 0x80, Bytes.FromHex(puk + newPin));
        if (IsMalformed(newPin))
        {
            Play(command, StatusWord.WrongData);
            return;
        }

        var (answer, path) = _model.PresentPuk(puk, newPin);
        Play(command, answer, path);
        if (answer == StatusWord.Success) _pinVerified = false;
    }

    private void Ask()
    {
        var status = _model.PinTries == 0 ? StatusWord.AuthenticationBlocked
            : _pinVerified ? StatusWord.Success
            : StatusWord.WithTriesLeft(_model.PinTries);
        Play(new CommandApdu(0x00, 0x20, 0x00, 0x80), status);
        if (_model.IsDeactivated)
        {
            Play(PurseCommands.Balance, StatusWord.ConditionsNotSatisfied);
            return;
        }

        var balance = Play(PurseCommands.Balance, StatusWord.Success)!.Data.Read<PurseBalance>();
        Assert.Equal(new PurseBalance(_model.Balance, _model.Number), balance);
        var index = _random.Next(1, PurseCommands.LogRecords + 1);
        var record = index > _model.Number ? null : _model.Record(_model.Number - (uint)index + 1);
        var answer = Play(PurseCommands.ReadLog(index), record is null ? StatusWord.RecordNotFound : StatusWord.Success)!;
        Assert.Equal(record ?? Bytes.Empty, answer.Data);
    }

    private void Prove()
    {
        var nonce = Octets(8);
        var number = (uint)Math.Max(0, _model.Number - _random.Next(-1, 22));
        var record = _model.Record(number);
        var answer = Play(PurseCommands.Prove(nonce, number), record is null ? StatusWord.RecordNotFound : StatusWord.Success)!;
        if (record is not { } logged) return;
        Assert.Equal(logged, new Bytes(answer.Data.Memory[..^PurseMac.Length]));
        Assert.True(_issuer.IsGenuine(answer.Data.Read<PurseProof>(), nonce), "proof");
    }

    private void Forget()
    {
        Play(new CommandApdu(0x00, 0x20, 0xFF, 0x80), StatusWord.Success);
        _pinVerified = false;
    }

    private void EndOrVisit()
    {
        if (Chance(2))
        {
            Play(PurseCommands.End, StatusWord.Success);
            (_session, _offline) = (null, null);
            return;
        }

        Play(StoreCommands.Select, StatusWord.Success);
        Play(PurseCommands.Select, StatusWord.Success);
    }

    private void Reset()
    {
        _card.Os.Reset();
        Volatile();
    }

    private void Volatile()
    {
        _card.Send(PurseCommands.Select);
        (_pinVerified, _session, _offline) = (false, null, null);
    }

    /// <summary>One command: its answer, or null when the power went; the states it may leave behind are the path.</summary>
    private ResponseApdu? Play(CommandApdu command, StatusWord expected, params PurseModel[] path)
    {
        _counts.Commands++;
        try
        {
            var answer = _card.Send(command);
            Assert.Equal(expected, answer.Status);
            if (path.Length > 0) _model = path[^1];
            Assert.Equal(_model, PurseModel.Of(_medium.Image));
            return answer;
        }
        catch (PowerLostException)
        {
            Reopen(path);
            return null;
        }
    }

    private void Reopen(PurseModel[] path)
    {
        _card.Dispose();
        var found = PurseModel.Of(_medium.Image);
        Assert.Contains(found, (PurseModel[])[_model, .. path]);
        if (found == _model) _counts.CutBefore++;
        else _counts.CutAfter++;
        _model = found;
        _card = Open(_medium.Image);
        Volatile();
    }

    /// <summary>Opening may be cut too, again and again.</summary>
    private TestCard Open(byte[] image)
    {
        _medium = new CutMedium(image);
        if (Chance(3)) Endanger(_medium);
        try
        {
            var card = TestCard.Open(_medium, new SeededRandom(_random.Next()));
            _medium.CutNever();
            return card;
        }
        catch (PowerLostException)
        {
            Assert.Equal(_model, PurseModel.Of(_medium.Image));
            return Open(_medium.Image);
        }
    }

    private void Endanger(CutMedium medium)
    {
        var part = _random.NextDouble();
        var lottery = Chance(2) ? null : new Random(_random.Next());
        medium.CutAfter(_random.Next(9), length => (int)(part * (length + 1)), lottery);
    }

    private uint Amount() => _random.Next(12) switch
    {
        0 => (uint)_random.NextInt64(uint.MaxValue + 1L),
        1 => 0,
        < 5 => (uint)_random.Next(60_000),
        _ => (uint)_random.Next(3_000),
    };

    private int Adjust() => _random.Next(8) switch
    {
        0 => _random.Next(int.MinValue, int.MaxValue),
        < 3 => _random.Next(-20_000, 20_000),
        _ => 0,
    };

    private Bytes Octets(int length)
    {
        var octets = new byte[length];
        _random.NextBytes(octets);
        return new Bytes(octets);
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private string OneOf(string[] options) => options[_random.Next(options.Length)];

    private static bool IsMalformed(string? pin) => pin is "31323334FFFFFFFF";
}
