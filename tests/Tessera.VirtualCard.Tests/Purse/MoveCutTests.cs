using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>The power goes during one MOVE, at every physical step and many octets of it.</summary>
public class MoveCutTests
{
    private const int Lotteries = 16;

    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly Bytes Digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");
    private static readonly int[] Tears = [0, 1, 4, 5, 8, 11, 30, 48, 60, 61, 68, 1000];

    [Fact]
    public void A_cut_move_happened_whole_or_not_at_all_and_the_issuer_can_tell()
    {
        using var issuer = new PurseIssuer();
        var image = Loaded(issuer);
        var (done, notDone, step) = (0, 0, 0);
        for (var completed = false; !completed; step++)
        {
            for (var lottery = 0; lottery < Lotteries && !completed; lottery++)
            {
                foreach (var tear in Tears)
                {
                    var medium = new CutMedium(image);
                    using var card = TestCard.Open(medium, new SeededRandom(1));
                    var (move, s1) = Authorised(card, issuer);
                    medium.CutAfter(step, _ => tear, lottery == 0 ? null : new Random(lottery));
                    completed = TrySend(card, move);
                    if (completed) break;
                    if (IsDone(medium.Image, issuer, s1, move)) done++;
                    else notDone++;
                }
            }
        }

        // Log, flush, balance, record, limits, flush: six steps, and one more for the round that was not cut.
        Assert.Equal(7, step);
        Assert.Equal(6 * Lotteries * Tears.Length, done + notDone);
        Assert.True(done > 200 && notDone > 200, $"{done} done, {notDone} not done");
    }

    /// <summary>As a server concludes it (docs/protocols/purse.md §5), and everything else must agree.</summary>
    private static bool IsDone(byte[] image, PurseIssuer issuer, PurseState before, CommandApdu move)
    {
        using var card = TestCard.Open(image);
        card.Send(PurseCommands.Select);
        var s1 = card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        var newest = card.Send(PurseCommands.ReadLog(1)).Data.Read<LoggedMovement>();
        var proof = card.Send(PurseCommands.Prove(Nonce, before.Number + 1));

        Assert.True(issuer.IsGenuine(s1, Nonce));
        Assert.Equal((s1.Last, s1.Balance, s1.Number), (newest.Movement, newest.Balance, newest.Number));
        if (s1.Number == before.Number)
        {
            Assert.Equal((before.Balance, before.Last), (s1.Balance, s1.Last));
            Assert.Equal(StatusWord.RecordNotFound, proof.Status);
            return false;
        }

        Assert.Equal((before.Number + 1, before.Balance - 320), (s1.Number, s1.Balance));
        Assert.Equal(move.Data.Span[8..16].ToArray(), s1.Last.S2.ToArray());
        Assert.True(issuer.IsGenuine(proof.Data.Read<PurseProof>(), Nonce));
        return true;
    }

    /// <summary>Twenty-two movements, so that the one to be cut overwrites a record of the log.</summary>
    private static byte[] Loaded(PurseIssuer issuer)
    {
        using var card = TestCard.Demonstration(new SeededRandom(0));
        card.Send(PurseCommands.Select);
        for (var i = 0; i < 22; i++)
        {
            var s1 = card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
            var load = new Movement(MoveKind.Load, MoveTerms.WithoutPin, 0, 100, Bytes.Empty);
            Assert.True(card.Send(issuer.Authorise(s1, Nonce, load, Digest)).Status.IsSuccess);
        }

        return card.Image;
    }

    private static (CommandApdu Move, PurseState S1) Authorised(TestCard card, PurseIssuer issuer)
    {
        card.Send(PurseCommands.Select);
        var s1 = card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        var debit = new Movement(MoveKind.Debit, MoveTerms.WithoutPin, 0, 320, Bytes.Empty);
        return (issuer.Authorise(s1, Nonce, debit, Digest), s1);
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
