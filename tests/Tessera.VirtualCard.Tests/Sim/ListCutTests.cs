using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>The power of the SIM goes at every physical step of a script that tells lists.</summary>
public class ListCutTests
{
    private static readonly ListVersion[] Old = [new(1, 1), new(2, 1)];
    private static readonly ListVersion[] New = [new(1, 2), new(2, 1), new(3, 1)];
    private static readonly byte[] Told = ToldImage();

    [Fact]
    public void All_lists_of_a_script_are_there_or_none_and_an_answer_says_that_they_are()
    {
        var endings = new Dictionary<(bool Answered, bool IsNew), int>();
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

        Assert.True(step > 20, $"{step} steps");
        Assert.DoesNotContain((true, false), endings);
        Assert.All([(false, false), (false, true), (true, true)], ending =>
            Assert.True(endings.GetValueOrDefault(ending) > 2, $"{ending}"));
    }

    private static ((bool Answered, bool IsNew) Ending, bool Cut) Cut(int step, int tear, Random? lottery)
    {
        using var gateway = new Gateway();
        gateway.Wrap(SimWorld.Showing(1, 1)); // the counter that the card has taken
        var medium = new CutMedium(Told);
        Bytes? script;
        using (var sim = TestCard.Open(medium, new SeededRandom(1)))
        {
            medium.CutAfter(step, _ => tear, lottery);
            script = TryTell(new SimWorld(sim, gateway));
        }

        using var after = TestCard.Open(medium.Image, new SeededRandom(2));
        var world = new SimWorld(after, gateway);
        world.Phone.SwitchOn();
        var answered = script is { } sent && AskAgain(world, sent);
        var opening = world.Open();
        var isNew = opening.Lists.Contains(New[0]);
        Assert.Equal(isNew ? New : Old, opening.Lists);

        byte number = 0;
        foreach (var list in opening.Lists)
        {
            world.Send(Bytes.Of(
                new ScriptBuilder().ShowList(list.Id, list.Version, out _).Build(opening.Session, ++number)));
            Assert.Equal(
                list.Version == 1 && list.Id < 3 ? "now" : "later",
                world.Phone.Commands.Last(command => command.Type == CommandType.SelectItem).Items[0].Text);
        }

        return ((answered, isNew), medium.IsCut);
    }

    /// <summary>The script that went down, if it came to that.</summary>
    private static Bytes? TryTell(SimWorld world)
    {
        Bytes? script = null;
        try
        {
            world.Phone.SwitchOn();
            world.Open();
            script = Bytes.Of(Telling(world.Gateway.LastOpening.Session, New, "later"));
            world.Send(script.Value);
        }
        catch (PowerLostException)
        {
            // What is found after the cut is what counts.
        }

        return script;
    }

    /// <summary>The stored answer says that the steps were done.</summary>
    private static bool AskAgain(SimWorld world, Bytes script)
    {
        world.Send(script);
        return world.Gateway.LastAnswer.Stopped is null;
    }

    private static CommandScript Telling(ushort session, IEnumerable<ListVersion> lists, string what) =>
        new(session, 1,
        [
            .. lists.Where(list => what is "now" || !Old.Contains(list)).Select(list =>
                new CachedListStep(list.Id, list.Version, ProactiveCommand.SelectItem("When?", what, "never"))),
        ]);

    private static byte[] ToldImage()
    {
        using var world = new SimWorld();
        world.Send(Bytes.Of(Telling(world.Open().Session, Old, "now")));
        Assert.Equal(Old, world.Open().Lists);
        return world.Sim.Image;
    }
}
