using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Tests.Store;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>What is bought comes with the debit that pays it, or neither comes (docs/protocols/purse.md §3).</summary>
public sealed class GoodsTests : IDisposable
{
    private const byte Field = 0xE1;
    private const MoveTerms Free = MoveTerms.WithoutPin | MoveTerms.Goods;

    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly Bytes Digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");
    private static readonly FieldDefinition Object = new(FieldType.Object, FieldReading.Anybody, IsMandatory: false);
    private static readonly int[] Tears = [0, 1, 7, 60, 120, 170, 1000];

    private readonly PurseIssuer _issuer = new();
    private readonly StoreIssuer _store = new();
    private TestCard _card = Loaded(TestCard.NewImage());

    public void Dispose()
    {
        _card.Dispose();
        _issuer.Dispose();
        _store.Dispose();
    }

    [Fact]
    public void A_debit_brings_its_goods_and_the_receipt_covers_them()
    {
        var goods = Goods(Ticket(number: 7));
        var (move, s1) = Debit(goods, Free);
        var answer = _card.Send(move);

        Assert.Equal(StatusWord.Success, answer.Status);
        var movement = new Movement(MoveKind.Debit, Free, 0, 320, S2Of(move));
        var s3 = answer.Data.Read<PurseReceipt>();
        Assert.Equal((680u, 2u), (s3.Balance, s3.Number));
        Assert.True(_issuer.IsGenuine(s3, s1, Nonce, movement, Digest, goods));
        Assert.False(_issuer.IsGenuine(s3, s1, Nonce, movement, Digest));
        Assert.False(_issuer.IsGenuine(s3, s1, Nonce, movement, Digest, Goods(Ticket(number: 8))));
        Assert.Equal((1, Ticket(number: 7).Content), Stored(Field));

        // Proof of the past and the next S1 name the S2, and that covers the goods.
        Assert.True(S1().Flags.HasFlag(PurseCondition.Goods));
        Assert.Equal(movement, S1().Last);
        var proof = _card.Send(PurseCommands.Prove(Nonce, 2)).Data.Read<PurseProof>();
        Assert.True(_issuer.IsGenuine(proof, Nonce));
        Assert.Equal(movement, proof.Movement);
    }

    [Fact]
    public void A_debit_with_ceiling_takes_the_typed_amount_and_brings_the_goods()
    {
        var (move, _) = Debit(Goods(Ticket(7)), Free | MoveTerms.Ceiling, amount: 150, ceiling: 200);
        Assert.Equal(850u, _card.Send(move).Data.Read<PurseReceipt>().Balance);
        Assert.Equal(1, Stored(Field).Version);
    }

    [Fact]
    public void Several_fields_come_together_up_to_what_one_command_carries()
    {
        var receipt = new GoodsField(0x12, 1, default, new Bytes(new byte[PurseCommands.MaxGoods - 99 - 6]));
        var goods = Goods(Ticket(7), receipt);
        Assert.Equal(PurseCommands.MaxGoods, goods.Length);
        var (move, _) = Debit(goods, Free | MoveTerms.Ceiling, amount: 150, ceiling: 200);
        Assert.Equal(255, move.Data.Length);
        Assert.Equal(StatusWord.Success, _card.Send(move).Status);
        Assert.Equal((1, receipt.Content), Stored(0x12));
        Assert.Equal(1, Stored(Field).Version);
    }

    [Fact]
    public void Any_other_octet_moves_nothing_and_brings_nothing()
    {
        var image = _card.Image;
        var (right, _) = Debit(Goods(Ticket(7)), Free);
        for (var at = 0; at < right.Data.Length - PurseMac.DigestLength; at++)
        {
            Reopen(image);
            var octets = Debit(Goods(Ticket(7)), Free).Move.Data.ToArray();
            octets[at] ^= 0x01;
            Refused(right with { Data = new Bytes(octets) }, 0x6988);
        }
    }

    [Fact]
    public void Goods_do_not_come_with_the_S2_of_a_debit_without_them_nor_the_other_way()
    {
        var goods = Goods(Ticket(7));
        var s1 = S1();
        var plain = new Movement(MoveKind.Debit, MoveTerms.WithoutPin, 0, 320, Bytes.Empty);
        var s2 = _issuer.S2(s1, Nonce, plain);
        Refused(PurseCommands.Complete(
            PurseCommands.Move(MoveKind.Debit, Free, 0, 320, s2, goods), null, Digest), 0x6988);

        s1 = S1();
        s2 = _issuer.S2(s1, Nonce, plain with { Terms = Free }, goods: goods);
        Refused(PurseCommands.Complete(
            PurseCommands.Move(MoveKind.Debit, MoveTerms.WithoutPin, 0, 320, s2), null, Digest), 0x6988);
    }

    [Fact]
    public void A_sale_is_not_made_twice()
    {
        var (move, _) = Debit(Goods(Ticket(7)), Free);
        Assert.True(_card.Send(move).Status.IsSuccess);
        Assert.Equal(StatusWord.ConditionsNotSatisfied, _card.Send(move).Status);
        S1();
        Assert.Equal(0x6988, _card.Send(move).Status.Value);
        Assert.Equal((680u, 2u), (S1().Balance, S1().Number));
    }

    [Fact]
    public void What_the_store_cannot_take_in_is_refused_before_anything_changes()
    {
        Refused(Debit(Goods(Ticket(7) with { Field = 0x31, Version = 2 }), Free).Move, 0x9405);
        Refused(Debit(Goods(Ticket(7) with { Field = 0x32, Version = 2 }), Free).Move, 0x9406);
        Refused(Debit(Goods(Ticket(7) with { Field = 0x33, Version = 2 }), Free).Move, 0x6A89);
        Refused(Debit(Goods(Removal(0x33, number: 5)), Free).Move, 0x6A89);
        Refused(Debit(Goods(Removal(0x34, number: 6)), Free).Move, 0x6A88);
        Refused(Debit(Goods(Removal(Field, number: 6)), Free).Move, 0x6A88);
        Refused(Debit(Goods(Ticket(7) with { Content = Bytes.FromHex("0901") }), Free).Move, 0x6A80);
        Refused(Debit(Bytes.FromHex("E10001040002AA"), Free).Move, 0x6A80);
        Refused(Debit(Goods(Ticket(7), Ticket(8)), Free).Move, 0x6A80);
        Refused(Debit(Goods(Ticket(7) with { Definition = new((FieldType)9, default, false) }), Free).Move, 0x6A80);
    }

    [Fact]
    public void Goods_that_find_no_room_are_refused_though_the_first_of_them_would_fit()
    {
        _card.Send(StoreCommands.Select);
        for (byte field = 0x41; field < 0x4B; field++)
            Assert.True(_card.Send(_store.Write(field, 1, Bytes.FromHex("01"))).Status.IsSuccess);
        _card.Send(PurseCommands.Select);
        Refused(Debit(Goods(Ticket(7), Ticket(8) with { Field = 0xE2 }), Free).Move, 0x6A84);
        Assert.Equal(StatusWord.Success, _card.Send(Debit(Goods(Ticket(7)), Free).Move).Status);
    }

    [Fact]
    public void The_holder_is_asked_for_as_without_goods()
    {
        Refused(Debit(Goods(Ticket(7)), MoveTerms.Goods).Move, 0x6982);
        Refused(Debit(Goods(Ticket(7)), Free, amount: 1001).Move, 0x9401);
    }

    [Fact]
    public void A_coupon_pays_with_the_debit_that_removes_it_once()
    {
        var goods = Goods(Removal(0x33, number: 6), Ticket(7));
        Assert.Equal(StatusWord.Success, _card.Send(Debit(goods, Free).Move).Status);
        Assert.Equal((2, Removal(0x33, 6).Content), Stored(0x33));
        Refused(Debit(Goods(Removal(0x33, 6) with { Version = 3 }), Free).Move, 0x6A88);
    }

    [Fact]
    public void Only_debits_have_goods()
    {
        foreach (var kind in (MoveKind[])[MoveKind.Load, MoveKind.Adjust, MoveKind.Allow, MoveKind.OfflineDebit])
        {
            var movement = new Movement(kind, Free, 0, 0, Bytes.Empty);
            Refused(_issuer.Authorise(S1(), Nonce, movement, Digest, goods: Goods(Ticket(7))), 0x6A86);
        }
    }

    [Fact]
    public void A_card_that_was_made_before_says_so_and_takes_none()
    {
        Reopen(EarlierImage.Of(TestCard.NewImage()));
        Assert.False(S1().Flags.HasFlag(PurseCondition.Goods));
        Assert.Equal(0x6A86, _card.Send(Debit(Goods(Ticket(7)), Free).Move).Status.Value);
    }

    [Fact]
    public void A_cut_sale_happened_whole_or_not_at_all()
    {
        var image = _card.Image;
        var goods = Goods(Removal(0x33, 6), Ticket(7));
        var (done, notDone, step) = (0, 0, 0);
        for (var completed = false; !completed; step++)
        {
            foreach (var (tear, lottery) in Tears.SelectMany(tear => Enumerable.Range(0, 6).Select(seed => (tear, seed))))
            {
                var medium = new CutMedium(image);
                _card.Dispose();
                _card = TestCard.Open(medium, new SeededRandom(1));
                _card.Send(PurseCommands.Select);
                var (move, before) = Debit(goods, Free);
                medium.CutAfter(step, _ => tear, lottery == 0 ? null : new Random(lottery));
                completed = TrySend(move);
                if (completed) break;
                Reopen(medium.Image);
                var after = S1();
                var isDone = after.Number == before.Number + 1;
                Assert.Equal(isDone ? before.Balance - 320 : before.Balance, after.Balance);
                Assert.Equal((ushort)(isDone ? 1 : 0), Stored(Field).Version);
                Assert.Equal((ushort)(isDone ? 2 : 1), Stored(0x33).Version);
                Assert.Equal(isDone, after.Last.S2 == S2Of(move));
                if (isDone) done++;
                else notDone++;
            }
        }

        // Log, flush, balance, record, limits, two fields, flush; one more for the round that was not cut.
        Assert.Equal(9, step);
        Assert.Equal(8 * 6 * Tears.Length, done + notDone);
        Assert.True(done > 50 && notDone > 50, $"{done} done, {notDone} not done");
    }

    /// <summary>A purse of 10.00, and fields: 31 at version 2, 32 octets, 33 with object 6, 34 removed.</summary>
    private static TestCard Loaded(byte[] image)
    {
        var card = TestCard.Open(image, new SeededRandom(0));
        using var issuer = new PurseIssuer();
        using var store = new StoreIssuer();
        card.Send(StoreCommands.Select);
        card.Send(store.Define(0x31, 2, Object, Bytes.Empty));
        card.Send(store.Write(0x32, 1, Bytes.FromHex("AA")));
        card.Send(store.Define(0x33, 1, Object, Ticket(6).Content));
        card.Send(store.Define(0x34, 1, Object, Removal(0x34, 6).Content));
        card.Send(PurseCommands.Select);
        var s1 = card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        var load = new Movement(MoveKind.Load, MoveTerms.WithoutPin, 0, 1000, Bytes.Empty);
        Assert.True(card.Send(issuer.Authorise(s1, Nonce, load, Digest)).Status.IsSuccess);
        return card;
    }

    private void Reopen(byte[] image)
    {
        _card.Dispose();
        _card = TestCard.Open(image, new SeededRandom(2));
        _card.Send(PurseCommands.Select);
    }

    private (CommandApdu Move, PurseState S1) Debit(Bytes goods, MoveTerms terms, uint amount = 320, uint? ceiling = null)
    {
        var s1 = S1();
        var debit = new Movement(MoveKind.Debit, terms, 0, amount, Bytes.Empty);
        return (_issuer.Authorise(s1, Nonce, debit, Digest, ceiling, goods), s1);
    }

    /// <summary>The status, and a memory that is as it was.</summary>
    private void Refused(CommandApdu move, ushort status)
    {
        var before = _card.Image;
        Assert.Equal(status, _card.Send(move).Status.Value);
        Assert.Equal(before, _card.Image);
    }

    private PurseState S1() => _card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();

    private (ushort Version, Bytes Content) Stored(byte field)
    {
        _card.Send(StoreCommands.Select);
        var stored = _store.Proven(_card, field, Nonce);
        _card.Send(PurseCommands.Select);
        return stored;
    }

    private bool TrySend(CommandApdu command)
    {
        try
        {
            return _card.Send(command).Status.IsSuccess;
        }
        catch (PowerLostException)
        {
            return false;
        }
    }

    private static Bytes S2Of(CommandApdu move) => Bytes.CopyOf(move.Data.Span[8..16]);

    private static Bytes Goods(params GoodsField[] fields) => Bytes.Of(output =>
    {
        foreach (var field in fields) field.Write(new ByteWriter(output));
    });

    /// <summary>For a card all signatures are alike: it does not check them.</summary>
    private static GoodsField Ticket(uint number)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_795_334_400);
        var ticket = new SignedObject(
            ObjectKind.Ticket, 0xB18B86CE, number, time, time.AddHours(2), "Bus 7 Harbor", new Bytes(new byte[64]));
        return new GoodsField(Field, 1, Object, Bytes.Of(ticket));
    }

    private static GoodsField Removal(byte field, uint number) =>
        new(field, 2, Object, Bytes.Of(new RemovedObject(number, Bytes.FromHex("C1C2C3C4C5C6C7C8"))));
}
