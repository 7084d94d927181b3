using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>docs/protocols/purse.md §3: the issuer orders a purse out of use, and back.</summary>
public sealed class DeactivationTests : IDisposable
{
    private const int Lotteries = 8;

    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly Bytes Digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");
    private static readonly int[] Tears = [0, 1, 4, 5, 8, 11, 30, 48, 60, 61, 68, 1000];

    private readonly PurseIssuer _issuer = new();
    private TestCard _card = TestCard.Demonstration();

    public DeactivationTests() => _card.Send(PurseCommands.Select);

    public void Dispose()
    {
        _card.Dispose();
        _issuer.Dispose();
    }

    [Fact]
    public void A_deactivated_purse_initializes_and_proves_and_does_nothing_else()
    {
        Receipted(MoveKind.Load, amount: 5000);

        var (s3, order) = Receipted(MoveKind.Deactivate);

        Assert.Equal((5000u, 2u), (s3.Balance, s3.Number));
        var s1 = Initialize();
        Assert.Equal((TestCard.Condition | PurseCondition.Deactivated, 5000u, 2u), (s1.Flags, s1.Balance, s1.Number));
        Assert.Equal(order, s1.Last);
        Assert.True(_issuer.IsGenuine(s1, Nonce));
        Assert.True(_issuer.IsGenuine(_card.Send(PurseCommands.Prove(Nonce, 2)).Data.Read<PurseProof>(), Nonce));
        foreach (var kind in new[] { MoveKind.Debit, MoveKind.Load, MoveKind.Adjust, MoveKind.Deactivate })
            Assert.Equal(StatusWord.ConditionsNotSatisfied, Send(kind, amount: kind < MoveKind.Adjust ? 1u : 0));
        Assert.Equal(StatusWord.ConditionsNotSatisfied, _card.Send(PurseCommands.Balance).Status);
        Assert.Equal(StatusWord.ConditionsNotSatisfied, _card.Send(PurseCommands.ReadLog(1)).Status);
        Assert.Equal(StatusWord.Success, _card.Send(PurseCommands.End).Status);
    }

    [Fact]
    public void It_stays_so_without_power_and_comes_back_by_order_only()
    {
        Receipted(MoveKind.Load, amount: 5000);
        Assert.Equal(StatusWord.ConditionsNotSatisfied, Send(MoveKind.Reactivate));
        Receipted(MoveKind.Deactivate);
        var image = _card.Image;
        _card.Dispose();
        _card = TestCard.Open(image);
        _card.Send(PurseCommands.Select);
        Assert.Equal(TestCard.Condition | PurseCondition.Deactivated, Initialize().Flags);

        var (s3, _) = Receipted(MoveKind.Reactivate);

        Assert.Equal((5000u, 3u), (s3.Balance, s3.Number));
        Assert.Equal(TestCard.Condition, Initialize().Flags);
        Assert.Equal(4680u, Receipted(MoveKind.Debit, amount: 320).S3.Balance);
        Assert.Equal(
            [MoveKind.Debit, MoveKind.Reactivate, MoveKind.Deactivate, MoveKind.Load],
            Enumerable.Range(1, 4).Select(i => _card.Send(PurseCommands.ReadLog(i)).Data.Read<LoggedMovement>().Movement.Kind));
    }

    [Fact]
    public void An_order_moves_nothing_and_needs_the_issuer()
    {
        Assert.Equal(StatusWord.WrongData, Send(MoveKind.Deactivate, amount: 1));
        Assert.Equal(StatusWord.WrongData, Send(MoveKind.Deactivate, adjust: -1));
        Assert.Equal(StatusWord.IncorrectP1P2, Send(MoveKind.Deactivate, terms: MoveTerms.PinRequired));
        var s1 = Initialize();
        var forged = _issuer.Authorise(s1, Nonce, Order(MoveKind.Deactivate), Digest) with { P1 = (byte)MoveKind.Adjust };
        Assert.Equal(new StatusWord(0x6988), _card.Send(forged).Status);
        s1 = Initialize();
        var adjust = _issuer.Authorise(s1, Nonce, Order(MoveKind.Adjust), Digest) with { P1 = (byte)MoveKind.Deactivate };
        Assert.Equal(new StatusWord(0x6988), _card.Send(adjust).Status);
        Assert.Equal((TestCard.Condition, 0u), (Initialize().Flags, Initialize().Number));
    }

    [Fact]
    public void A_cut_order_happened_whole_or_not_at_all()
    {
        Cut(MoveKind.Deactivate);
        Cut(MoveKind.Reactivate);
    }

    private void Cut(MoveKind kind)
    {
        using var before = TestCard.Demonstration(new SeededRandom(0));
        before.Send(PurseCommands.Select);
        for (var i = 0; i < 22; i++) Send(before, MoveKind.Load, 100);
        if (kind == MoveKind.Reactivate) Send(before, MoveKind.Deactivate, 0);
        var old = Seen(before);
        var image = before.Image;
        var (done, notDone, completed) = (0, 0, false);
        for (var step = 0; !completed; step++)
        {
            for (var lottery = 0; lottery < Lotteries && !completed; lottery++)
            {
                foreach (var tear in Tears)
                {
                    var medium = new CutMedium(image);
                    using var card = TestCard.Open(medium, new SeededRandom(1));
                    card.Send(PurseCommands.Select);
                    var s1 = card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
                    var order = _issuer.Authorise(s1, Nonce, Order(kind), Digest);
                    medium.CutAfter(step, _ => tear, lottery == 0 ? null : new Random(lottery));
                    completed = TrySend(card, order);
                    if (completed) break;

                    using var after = TestCard.Open(medium.Image);
                    after.Send(PurseCommands.Select);
                    var seen = Seen(after);
                    if (seen == old) notDone++;
                    else done++;
                    if (seen == old) continue;
                    var changed = (old.Flags ^ PurseCondition.Deactivated, old.Balance, old.Number + 1);
                    Assert.Equal(changed, (seen.Flags, seen.Balance, seen.Number));
                    Assert.Equal((kind, Bytes.CopyOf(order.Data.Span[8..16])), (seen.Last.Kind, seen.Last.S2));
                }
            }
        }

        Assert.True(done > 100 && notDone > 100, $"{done} done, {notDone} not done");
    }

    private static (PurseCondition Flags, uint Balance, uint Number, Movement Last) Seen(TestCard card)
    {
        var s1 = card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        return (s1.Flags, s1.Balance, s1.Number, s1.Last);
    }

    private static Movement Order(MoveKind kind) => new(kind, MoveTerms.WithoutPin, 0, 0, Bytes.Empty);

    private PurseState Initialize() => _card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();

    private (PurseReceipt S3, Movement Movement) Receipted(MoveKind kind, uint amount = 0)
    {
        var s1 = Initialize();
        var movement = new Movement(kind, MoveTerms.WithoutPin, 0, amount, Bytes.Empty);
        movement = movement with { S2 = _issuer.S2(s1, Nonce, movement) };
        var answer = _card.Send(_issuer.Authorise(s1, Nonce, movement, Digest));
        Assert.Equal(StatusWord.Success, answer.Status);
        var s3 = answer.Data.Read<PurseReceipt>();
        Assert.True(_issuer.IsGenuine(s3, s1, Nonce, movement, Digest));
        return (s3, movement);
    }

    private StatusWord Send(
        MoveKind kind, uint amount = 0, int adjust = 0, MoveTerms terms = MoveTerms.WithoutPin)
    {
        var movement = new Movement(kind, terms, adjust, amount, Bytes.Empty);
        return _card.Send(_issuer.Authorise(Initialize(), Nonce, movement, Digest)).Status;
    }

    private void Send(TestCard card, MoveKind kind, uint amount)
    {
        var s1 = card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        var movement = new Movement(kind, MoveTerms.WithoutPin, 0, amount, Bytes.Empty);
        Assert.True(card.Send(_issuer.Authorise(s1, Nonce, movement, Digest)).Status.IsSuccess);
    }

    private static bool TrySend(TestCard card, CommandApdu command)
    {
        try
        {
            return card.Send(command).Status.IsSuccess;
        }
        catch (PowerLostException)
        {
            return false;
        }
    }
}
