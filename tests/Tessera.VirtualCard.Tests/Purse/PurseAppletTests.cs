using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Applets;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Purse;

public sealed class PurseAppletTests : IDisposable
{
    private const string Pin = "0020008008313233343536FFFF";

    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly Bytes Digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");

    private readonly PurseIssuer _issuer = new();
    private TestCard _card = TestCard.Demonstration();

    public PurseAppletTests() => _card.Send(PurseCommands.Select);

    public void Dispose()
    {
        _card.Dispose();
        _issuer.Dispose();
    }

    [Fact]
    public void A_load_and_a_debit_are_receipted_and_logged()
    {
        var load = Move(MoveKind.Load, 5000);
        var receipt = Accepted(load);
        Assert.Equal((5000u, 1u), (receipt.Balance, receipt.Number));

        _card.Send(Pin);
        var debit = Accepted(Move(MoveKind.Debit, 320, MoveTerms.PinRequired, adjust: -1250));
        Assert.Equal((3430u, 2u), (debit.Balance, debit.Number));
        Assert.Equal("00000D66000000029000", _card.Send("805C000000"));

        var newest = _card.Send(PurseCommands.ReadLog(1)).Data.Read<LoggedMovement>();
        Assert.Equal((MoveKind.Debit, -1250, 320u), (newest.Movement.Kind, newest.Movement.Adjust, newest.Movement.Amount));
        Assert.Equal((Digest, 3430u, 2u), (newest.Digest, newest.Balance, newest.Number));
        Assert.Equal(5000u, _card.Send(PurseCommands.ReadLog(2)).Data.Read<LoggedMovement>().Movement.Amount);
        Assert.Equal(StatusWord.RecordNotFound, _card.Send(PurseCommands.ReadLog(3)).Status);
    }

    [Fact]
    public void A_movement_of_nothing_proves_the_PIN_and_takes_a_number()
    {
        Accepted(Move(MoveKind.Load, 5000));
        var identify = Move(MoveKind.Adjust, 0, MoveTerms.PinRequired);
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, Refused(identify));

        _card.Send(Pin);
        var receipt = Accepted(Move(MoveKind.Adjust, 0, MoveTerms.PinRequired));

        Assert.Equal((5000u, 2u), (receipt.Balance, receipt.Number));
        var newest = _card.Send(PurseCommands.ReadLog(1)).Data.Read<LoggedMovement>();
        Assert.Equal((MoveKind.Adjust, MoveTerms.PinRequired, 0, 0u, 2u), (
            newest.Movement.Kind, newest.Movement.Terms, newest.Movement.Adjust, newest.Movement.Amount, newest.Number));
    }

    [Fact]
    public void Under_a_ceiling_the_amount_is_the_terminals()
    {
        Accepted(Move(MoveKind.Load, 5000));

        var receipt = Accepted(Move(MoveKind.Debit, 1575, MoveTerms.WithoutPin | MoveTerms.Ceiling, ceiling: 2000));
        Assert.Equal(3425u, receipt.Balance);
        Accepted(Move(MoveKind.Debit, 2000, MoveTerms.WithoutPin | MoveTerms.Ceiling, ceiling: 2000));
        var above = Move(MoveKind.Debit, 2001, MoveTerms.WithoutPin | MoveTerms.Ceiling, ceiling: 2000);
        Assert.Equal(StatusWord.WrongData, Refused(above));
    }

    /// <summary>Each order but the last has all the faults of those after it: the first that counts is named.</summary>
    [Fact]
    public void Faults_are_named_in_the_order_of_the_specification()
    {
        Assert.Equal("6700", Answer("8054 00 00 17", new string('A', 46)));
        Assert.Equal("6700", Answer("8054 01 02 18", new string('A', 48)));
        Assert.Equal("6700", Answer("8054 01 00 1C", new string('A', 56)));
        Assert.Equal("6A86", Answer("8054 00 00 18", new string('A', 48)));
        Assert.Equal("6A86", Answer("8054 04 00 18", new string('A', 48)));
        Assert.Equal("6A86", Answer("8054 01 08 18", new string('A', 48)));
        Assert.Equal("6A86", Answer("8054 02 02 1C", new string('A', 56)));
        Assert.Equal("6A86", Answer("8054 03 03 1C", new string('A', 56)));
        Assert.Equal("6985", Answer("8054 01 02 1C", new string('A', 56)));

        Initialize();
        Assert.Equal("6988", Answer("8054 01 02 1C", "00000000 00000001 A1A2A3A4A5A6A7A8 00000002 D1D2D3D4D5D6D7D8"));
        Assert.Equal(StatusWord.WrongData, Refused(Move(MoveKind.Debit, 2, MoveTerms.Ceiling, ceiling: 1)));
        Assert.Equal(StatusWord.WrongData, Refused(Move(MoveKind.Adjust, 1)));
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, Refused(Move(MoveKind.Debit, 1, MoveTerms.PinRequired)));
        _card.Send(Pin);
        Assert.Equal(new StatusWord(0x9401), Refused(Move(MoveKind.Debit, 1, MoveTerms.PinRequired)));
        Assert.Equal(new StatusWord(0x9402), Refused(Move(MoveKind.Load, 100_001, MoveTerms.PinRequired)));
        Accepted(Move(MoveKind.Load, 100_000, MoveTerms.PinRequired));
    }

    [Theory]
    [InlineData(MoveKind.Debit, int.MinValue, uint.MaxValue, 0x9401)]
    [InlineData(MoveKind.Debit, int.MaxValue, 0u, 0x9402)]
    [InlineData(MoveKind.Load, int.MaxValue, uint.MaxValue, 0x9402)]
    [InlineData(MoveKind.Load, int.MinValue, 0x8000_0000u - 5001, 0x9401)]
    [InlineData(MoveKind.Load, int.MinValue, 0x8000_0000u - 5000, 0x9000)]
    [InlineData(MoveKind.Adjust, -5001, 0u, 0x9401)]
    [InlineData(MoveKind.Adjust, 95_001, 0u, 0x9402)]
    [InlineData(MoveKind.Adjust, 95_000, 0u, 0x9000)]
    [InlineData(MoveKind.Adjust, -5000, 0u, 0x9000)]
    public void No_sum_leaves_the_purse(MoveKind kind, int adjust, uint amount, ushort status)
    {
        Accepted(Move(MoveKind.Load, 5000));

        var (command, _) = Move(kind, amount, MoveTerms.WithoutPin, adjust);

        Assert.Equal(new StatusWord(status), _card.Send(command).Status);
    }

    [Fact]
    public void A_move_is_good_once()
    {
        var (command, _) = Move(MoveKind.Load, 100);
        Assert.True(_card.Send(command).Status.IsSuccess);

        Assert.Equal(StatusWord.ConditionsNotSatisfied, _card.Send(command).Status);
        Initialize();
        Assert.Equal(new StatusWord(0x6988), _card.Send(command).Status);
        Assert.Equal("00000064000000019000", _card.Send("805C000000"));
    }

    public static TheoryData<string> Deaths =>
    [
        "8050000008B1B2B3B4B5B6B7B800", "8050000007B1B2B3B4B5B6B700", "8050010008B1B2B3B4B5B6B7B800",
        "805E0000", "8054010018" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA00", "80540100", "80540000",
        "reset",
    ];

    /// <summary>What ends an INITIALIZE ends every S2 issued after it.</summary>
    [Theory]
    [MemberData(nameof(Deaths))]
    public void Initialize_dies_by(string death)
    {
        var (command, _) = Move(MoveKind.Load, 100);
        if (death is "reset")
        {
            _card.Os.Reset();
            _card.Send(PurseCommands.Select);
        }
        else
        {
            _card.Send(death);
        }

        Assert.False(_card.Send(command).Status.IsSuccess);
        Assert.Equal("00000000000000009000", _card.Send("805C000000"));
    }

    [Theory]
    [InlineData("805C000000")]
    [InlineData("805A00000C A1A2A3A4A5A6A7A8 00000001 00")]
    [InlineData("805E0100")]
    [InlineData("00B2010400")]
    [InlineData("0020008008303030303030FFFF")]
    [InlineData("00A4040009F0544553534552410200")]
    [InlineData("00540100")]
    public void Initialize_outlives(string command)
    {
        var (move, _) = Move(MoveKind.Load, 100);
        _card.Send(command);
        _card.Send(PurseCommands.Select);

        Assert.True(_card.Send(move).Status.IsSuccess);
    }

    [Fact]
    public void The_log_holds_twenty_and_proves_each() => Proves(from: 24, to: 43);

    [Fact]
    public void A_card_that_was_made_with_a_log_of_ten_goes_on_with_ten()
    {
        for (var i = 1u; i <= 7; i++) Accepted(Move(MoveKind.Load, i));
        Restart(EarlierImage.Of(_card.Image));

        Assert.Equal(7u, Initialize().Number);
        Proves(from: 14, to: 23);
        Assert.Equal(StatusWord.RecordNotFound, _card.Send(PurseCommands.ReadLog(11)).Status);
    }

    /// <summary>Moves on to number <paramref name="to"/>: those numbers and no others are in the log.</summary>
    private void Proves(uint from, uint to)
    {
        for (var i = Initialize().Number + 1; i <= to; i++) Accepted(Move(MoveKind.Load, i));

        for (var number = from; number <= to; number++)
        {
            var index = (int)(to - number + 1);
            Assert.Equal(number, _card.Send(PurseCommands.ReadLog(index)).Data.Read<LoggedMovement>().Number);
            var proof = _card.Send(PurseCommands.Prove(Nonce, number)).Data.Read<PurseProof>();
            Assert.Equal((number, number), (proof.Number, proof.Movement.Amount));
            Assert.True(_issuer.IsGenuine(proof, Nonce));
            Assert.False(_issuer.IsGenuine(proof, Digest));
        }

        foreach (var number in (uint[])[0, 1, from - 1, to + 1, uint.MaxValue])
            Assert.Equal(StatusWord.RecordNotFound, _card.Send(PurseCommands.Prove(Nonce, number)).Status);
    }

    [Theory]
    [InlineData("00B2000400", "6A83")]
    [InlineData("00B2150400", "6A83")]
    [InlineData("00B2010500", "6A86")]
    [InlineData("00B2010401AA00", "6700")]
    [InlineData("805A00000BA1A2A3A4A5A6A7A800000000", "6700")]
    [InlineData("805A01000CA1A2A3A4A5A6A7A80000000100", "6A86")]
    [InlineData("805C010000", "6A86")]
    [InlineData("805C000001AA00", "6700")]
    [InlineData("805E0001", "6A86")]
    [InlineData("805E000001AA", "6700")]
    public void Refuses(string command, string answer) => Assert.Equal(answer, _card.Send(command));

    [Fact]
    public void At_the_last_number_the_purse_stops()
    {
        Restart(TestCard.WithCells(_card.Image, (CellId.Purse, Bytes.Of(new PurseBalance(500, uint.MaxValue - 1)))));

        Assert.Equal(uint.MaxValue, Accepted(Move(MoveKind.Debit, 1)).Number);

        Assert.Equal(TestCard.Condition | PurseCondition.NumberExhausted, Initialize().Flags);
        Assert.Equal(StatusWord.ConditionsNotSatisfied, Refused(Move(MoveKind.Debit, 1)));
        Assert.Equal("000001F3FFFFFFFF9000", _card.Send("805C000000"));
        Assert.Equal(uint.MaxValue, _card.Send(PurseCommands.ReadLog(1)).Data.Read<LoggedMovement>().Number);
        Assert.True(_issuer.IsGenuine(_card.Send(PurseCommands.Prove(Nonce, uint.MaxValue)).Data.Read<PurseProof>(), Nonce));
    }

    [Fact]
    public void A_deactivated_purse_moves_nothing()
    {
        var traits = PurseFile.WriteTraits(isDeactivated: true, DemonstrationKeys.Version, new PurseTraits(0x0978, 100_000));
        Restart(TestCard.WithCells(_card.Image, (CellId.PurseTraits, traits)));

        Assert.Equal(TestCard.Condition | PurseCondition.Deactivated, Initialize().Flags);
        Assert.Equal(StatusWord.ConditionsNotSatisfied, Refused(Move(MoveKind.Load, 1)));
    }

    [Fact]
    public void S1_tells_that_pin_and_puk_are_blocked()
    {
        for (var i = 0; i < 3; i++) _card.Send("0020008008303030303030FFFF");
        Assert.Equal(TestCard.Condition | PurseCondition.PinBlocked, Initialize().Flags);
        for (var i = 0; i < 10; i++) _card.Send("002C0080103030303030303030313233343536FFFF");

        Assert.Equal(
            TestCard.Condition | PurseCondition.PinBlocked | PurseCondition.PukBlocked, Initialize().Flags);
        Accepted(Move(MoveKind.Load, 1));
    }

    [Fact]
    public void Every_initialize_has_its_own_random() =>
        Assert.Equal(20, Enumerable.Range(0, 20).Select(_ => Initialize().Random).Distinct().Count());

    private void Restart(byte[] image)
    {
        _card.Dispose();
        _card = TestCard.Open(image);
        _card.Send(PurseCommands.Select);
    }

    private PurseState Initialize()
    {
        var s1 = _card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        Assert.True(_issuer.IsGenuine(s1, Nonce));
        return s1;
    }

    private (CommandApdu Command, Func<PurseReceipt, bool> IsGenuine) Move(
        MoveKind kind, uint amount, MoveTerms terms = MoveTerms.WithoutPin, int adjust = 0, uint? ceiling = null)
    {
        var s1 = Initialize();
        var movement = new Movement(kind, terms, adjust, amount, Bytes.Empty);
        movement = movement with { S2 = _issuer.S2(s1, Nonce, movement, ceiling) };
        var command = _issuer.Authorise(s1, Nonce, movement, Digest, ceiling);
        return (command, s3 => _issuer.IsGenuine(s3, s1, Nonce, movement, Digest));
    }

    private PurseReceipt Accepted((CommandApdu Command, Func<PurseReceipt, bool> IsGenuine) move)
    {
        var s3 = _card.Send(move.Command).EnsureSuccess(move.Command).Data.Read<PurseReceipt>();
        Assert.True(move.IsGenuine(s3));
        return s3;
    }

    private StatusWord Refused((CommandApdu Command, Func<PurseReceipt, bool> IsGenuine) move)
    {
        var before = _card.Send("805C000000");
        var answer = _card.Send(move.Command);
        Assert.Equal(0, answer.Data.Length);
        Assert.Equal(before, _card.Send("805C000000"));
        return answer.Status;
    }

    private string Answer(string header, string data) => _card.Send(header + data);
}
