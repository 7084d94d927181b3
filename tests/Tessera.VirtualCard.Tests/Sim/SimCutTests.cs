using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>The power of the SIM goes at every physical step of a purchase, from the menu to the sent answer.</summary>
public class SimCutTests
{
    private static readonly byte[] Loaded = Shop.LoadedImage();

    /// <summary>What the gateway was told when it asked for the answer after the cut.</summary>
    private enum Ending
    {
        NotOpened,
        NotBegun,
        Interrupted,
        Answered,
    }

    [Fact]
    public void A_cut_purchase_is_settled_by_asking_again_and_never_done_twice()
    {
        var endings = new Dictionary<Ending, int>();
        var step = 0;
        for (var whole = false; !whole; step++)
        {
            foreach (var tear in (int[])[0, 3, 40, 10_000])
            {
                foreach (var lottery in (Random?[])[null, new Random(step), new Random(-step - 1)])
                {
                    var (ending, cut) = Cut(step, tear, lottery);
                    endings[ending] = endings.GetValueOrDefault(ending) + 1;
                    whole = !cut;
                }
            }
        }

        Assert.True(step > 40, $"{step} steps");
        Assert.All(
            Enum.GetValues<Ending>(), ending => Assert.True(endings.GetValueOrDefault(ending) > 10, $"{ending}"));
    }

    private static (Ending Ending, bool Cut) Cut(int step, int tear, Random? lottery)
    {
        using var gateway = new Gateway();
        var medium = new CutMedium(Loaded);
        CommandScript? script;
        using (var sim = TestCard.Open(medium, new SeededRandom(1)))
        {
            medium.CutAfter(step, _ => tear, lottery);
            script = TryBuy(new SimWorld(sim, gateway));
        }

        using var after = TestCard.Open(medium.Image, new SeededRandom(2));
        var world = new SimWorld(after, gateway);
        world.Phone.SwitchOn();
        var moved = Shop.Balance - world.Balance.Balance;
        Assert.True(moved is 0 or 320, $"{moved} moved, cut at {step}");
        var ending = script is null ? Ending.NotOpened : AskAgain(world, script, moved);
        Assert.Equal(Shop.Balance - moved, world.Balance.Balance);
        BuyOnceMore(world, moved);
        return (ending, medium.IsCut);
    }

    /// <summary>The script that went down, if it came to that.</summary>
    private static CommandScript? TryBuy(SimWorld world)
    {
        CommandScript? script = null;
        try
        {
            world.Phone.SwitchOn();
            world.Phone.Choose(1);
            script = Shop.Purchase(world.Gateway.LastOpening);
            world.Send(Bytes.Of(script));
        }
        catch (PowerLostException)
        {
            if (script is null && world.Gateway.Received.Count > 0) script = Shop.Purchase(world.Gateway.LastOpening);
        }

        return script;
    }

    /// <summary>The same script under a new counter: the answer, whether it had begun, or that it never came.</summary>
    private static Ending AskAgain(SimWorld world, CommandScript script, uint moved)
    {
        var opening = world.Gateway.Received[0].Read<Opening>();
        var (told, asked) = (world.Gateway.Received.Count, world.Phone.Commands.Count);
        world.Send(Bytes.Of(script));

        Assert.Equal(told + 1, world.Gateway.Received.Count);
        Assert.Equal(asked + 1, world.Phone.Commands.Count);
        var answer = world.Gateway.LastAnswer;
        if (told == 2) Assert.Equal(world.Gateway.Received[1], world.Gateway.Received[2]);
        if (Shop.Paid(opening, script, world.Gateway.Received[^1]) is { } payment)
        {
            Assert.Equal(moved, payment.Amount);
            return Ending.Answered;
        }

        Assert.Equal(0, answer.Stopped!.Step);
        if (answer.Stopped.Reason == StopReason.Interrupted) return Ending.Interrupted;
        Assert.Equal((StopReason.SessionNotOpen, 0u), (answer.Stopped.Reason, moved));
        return Ending.NotBegun;
    }

    /// <summary>The card is as good as before: a new session, under a number of its own.</summary>
    private static void BuyOnceMore(SimWorld world, uint moved)
    {
        var before = world.Gateway.Received.Count == 0 ? 0 : world.Gateway.Received[0].Read<Opening>().Session;
        var opening = world.Open();
        Assert.True(opening.Session > before);
        var script = Shop.Purchase(opening);
        world.Send(Bytes.Of(script));
        Assert.NotNull(Shop.Paid(opening, script, world.Gateway.Received[^1]));
        Assert.Equal(Shop.Balance - moved - 320, world.Balance.Balance);
    }
}
