using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Signing;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Xunit;

namespace Tessera.Platform.Tests.Signing;

/// <summary>
/// What fails in a row at a card is counted in the register, before it is known what comes of it
/// (docs/protocols/evidence.md §6).
/// </summary>
public class FailureCountTests
{
    private static readonly Dialogue<SignedTransaction> Sign = Dialogue.Sign(SigningWorld.Contract);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_restarts_the_server_gets_no_new_tries(bool hasPurse)
    {
        using var world = await WithAsync(hasPurse);
        for (ushort session = 0x2A; session < 0x2D; session++)
        {
            Assert.Equal(CardState.Active, State(world));
            await VisitAsync(world, session, "!cancel");
            world.Restart();
        }

        Assert.Equal(CardState.Disabled, State(world));
        Assert.Equal("This card has been disabled. Please ask your issuer.", world.Person.Shown[^1]);
    }

    [Fact]
    public async Task A_try_is_counted_before_its_answer_is_there_and_what_was_cut_off_stays_counted()
    {
        using var world = await WithAsync(hasPurse: false);
        List<int> counts = [];
        for (ushort session = 0x2A; session < 0x2D; session++)
        {
            using var till = world.Insert(session: session);
            world.Person.Does("111111", "123456");
            till.Answering = (script, answer) =>
            {
                if (!SignTests.Signs(script)) return answer;
                counts.Add(Count(world));
                return null;
            };
            Assert.Equal(SessionEnd.Lost, (await RunAsync(world, till, Signs)).End);
        }

        Assert.Equal([1, 2, 3], counts);
        Assert.Equal(CardState.Active, State(world));
        world.Person.Shown.Clear();
        Assert.Equal(SessionEnd.CardRefused, await VisitAsync(world, 0x2D, "123456"));
        Assert.Equal(["This card has been disabled. Please ask your issuer."], world.Person.Shown, StringComparer.Ordinal);
        Assert.Equal((CardState.Disabled, 0), (State(world), Count(world)));
    }

    [Fact]
    public async Task Only_a_verification_that_succeeds_begins_the_count_anew()
    {
        using var world = await WithAsync(hasPurse: true);
        await world.Treasury.FundAsync(world.Registration.Holder, 1000, "bank", "first", Cancel);
        await VisitAsync(world, 0x2A, "!cancel");
        await VisitAsync(world, 0x2B, "!cancel");
        Assert.Equal(2, Count(world));

        // Nobody answers, nobody is asked, and a key press pays: each says nothing of who is there.
        await VisitAsync(world, 0x2C, "!late");
        await VisitAsync(world, 0x2D, (session, cancel) => session.RunAsync(Dialogue.Show("Welcome"), cancel));
        await VisitAsync(world, 0x2E, PaysAsync, "Tea", "yes");
        Assert.Equal(2, Count(world));

        await VisitAsync(world, 0x2F, PaysAsync, "Wine", "123456");
        Assert.Equal((0, CardState.Active), (Count(world), State(world)));
    }

    [Theory]
    [InlineData("!cancel", 1)]
    [InlineData("123456", 0)]
    public async Task A_server_that_dies_anywhere_counts_each_try_once(string does, int counted)
    {
        for (var point = 1; ; point++)
        {
            using var world = await WithAsync(hasPurse: false);
            using var till = world.Insert();
            world.Power.FailAt(point);
            world.Person.Does(does, does);
            var (died, sessions) = (false, 1);
            try
            {
                await world.Host.RunAsync(till, null, new World.Script(Signs), Cancel);
            }
            catch (CrashException)
            {
                died = true;
                world.Restart();
                if (await world.Host.ResumeAsync(till, null, _ => new World.Script(Signs), Cancel) is null)
                {
                    // The one before had ended, or not begun.
                    sessions = 2;
                    await world.Host.RunAsync(till, null, new World.Script(Signs), Cancel);
                }
            }

            Assert.InRange(Count(world), counted, sessions * counted);
            if (!died) break;
            Assert.True(point < 100);
        }
    }

    private static Task<SigningWorld> WithAsync(bool hasPurse) =>
        SigningWorld.WithAsync(hasPurse: hasPurse, options: new SessionOptions { DisableAfter = 3 });

    private static async Task Signs(CardSession session, CancellationToken cancel) => await session.RunAsync(Sign, cancel);

    /// <summary>Of what there is, tea needs no PIN.</summary>
    private static Task PaysAsync(CardSession session, CancellationToken cancel) => session.RunAsync(
        Dialogue.Choose(
            View.Titled("What?"), ["Tea", "Wine"], item => item,
            item => Dialogue.Pay(Amount.Of(1), item, withoutPin: item is "Tea")),
        cancel);

    private static CardState State(SigningWorld world) => world.Holders.Cards[SigningWorld.CardId].State;

    private static int Count(SigningWorld world) => world.Holders.Tries.GetValueOrDefault(SigningWorld.CardId).Count;

    private static Task<SessionEnd> VisitAsync(SigningWorld world, ushort session, params string[] does) =>
        VisitAsync(world, session, Signs, does);

    private static async Task<SessionEnd> VisitAsync(
        SigningWorld world, ushort session, Func<CardSession, CancellationToken, Task> run, params string[] does)
    {
        using var till = world.Insert(session: session);
        world.Person.Does(does);
        return (await RunAsync(world, till, run)).End;
    }

    private static async Task<SessionOutcome> RunAsync(
        SigningWorld world, SigningLink link, Func<CardSession, CancellationToken, Task> run)
    {
        var outcome = await world.Host.RunAsync(link, null, new World.Script(run), Cancel);
        Assert.Null(outcome.Fault);
        return outcome;
    }
}
