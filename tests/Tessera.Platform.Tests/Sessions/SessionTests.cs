using Tessera.Apps;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

public class SessionTests
{
    private sealed record Trip(string Stop, Amount Price);

    private static readonly Trip[] Trips =
        [new("Centre", Amount.Of(3.20m)), new("Airport", Amount.Of(4.80m)), new("Harbour", Amount.Of(2.60m))];

    private static readonly Dialogue<(Trip Item, Receipt Result)> Bus = Dialogue.Choose(
        View.Titled("Where to?").Table(Trips), Trips, trip => $"{trip.Stop} {trip.Price}",
        trip => Dialogue.Pay(trip.Price, $"Bus to {trip.Stop}").ThenShow("Have a good trip."));

    [Fact]
    public async Task A_phone_buys_a_bus_trip_with_one_script()
    {
        using var world = await World.WithAsync(2000);
        using var link = world.Insert(TerminalProfile.Phone);
        world.Person.Does("Airport 4.80", "123456");

        Trip? trip = null;
        Receipt? receipt = null;
        var end = await world.RunAsync(link, async (session, cancel) => (trip, receipt) = await session.RunAsync(Bus, cancel));

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal("Airport", trip!.Stop);
        Assert.Equal(Amount.Of(4.80m), receipt!.Amount);
        Assert.Equal(1520, world.Account);
        Assert.Equal(480, world.Sold());
        Assert.Equal(1520u, world.Card.Balance);
        Assert.Equal(0, world.Person.Left);
        Assert.Equal("Have a good trip.", world.Person.Shown[^1]);
        Assert.Equal(5, link.Ran.Count); // who, S1, delivery, S1, sale
    }

    [Fact]
    public async Task A_holder_leaves_an_application_from_wherever_in_it_they_are()
    {
        using var world = await World.WithAsync(2000);
        using var link = world.Insert(TerminalProfile.Rich);
        world.Page.Does("Load money", "!leave");

        var end = await world.RunAsync(link, (session, cancel) => new PurseApplication().RunAsync(session, cancel));

        Assert.Equal(SessionEnd.Left, end);
        Assert.Equal(0, world.Page.Unused);
        Assert.Equal(2000, world.Account);
    }

    [Fact]
    public async Task The_next_session_of_a_terminal_sees_what_the_one_before_it_brought_about()
    {
        using var world = await World.WithAsync(2000);
        using var link = world.Insert(TerminalProfile.Phone);
        var begun = new TaskCompletionSource();
        var effect = new TaskCompletionSource<int>();
        var first = world.RunAsync(link, async (session, cancel) =>
        {
            begun.SetResult();
            await session.OnceAsync("slow", _ => effect.Task, cancel);
        });
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);

        using var next = world.Insert(TerminalProfile.Phone, session: 0x2B);
        var second = world.RunAsync(next, (_, _) =>
        {
            Assert.True(effect.Task.IsCompleted);
            return Task.CompletedTask;
        });
        Assert.Empty(next.Ran);
        effect.SetResult(1);

        Assert.Equal(SessionEnd.Completed, await first);
        Assert.Equal(SessionEnd.Completed, await second);
    }

    [Fact]
    public async Task A_browser_chooses_on_its_page_and_pays_at_its_terminal()
    {
        using var world = await World.WithAsync(2000);
        using var link = world.Insert(TerminalProfile.Rich);
        world.Page.Does("Harbour 2.60");
        world.Person.Does("123456");

        Receipt? receipt = null;
        var end = await world.RunAsync(
            link, async (session, cancel) => receipt = (await session.RunAsync(Bus, cancel)).Result);

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal("Bus to Harbour", receipt!.Item);
        Assert.Equal(1740, world.Account);
        Assert.Equal(1740u, world.Card.Balance);
        Assert.Equal("Have a good trip.", world.Page.Shown[^1]);
        Assert.Contains(world.Page.Told, status => status.State == PageState.LookAtTerminal);
        Assert.Equal(PageState.Ended, world.Page.Told[^1].State);
        Assert.Equal(["Bus to Harbour", "2.60 EUR, PIN:\nBus to Harbour"], world.Person.Shown);
    }

    [Fact]
    public async Task A_sim_buys_with_a_script_that_two_short_messages_carry()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var link = world.Insert(TerminalProfile.Phone, maxScript: 242, roundTrip: 15);
        world.Person.Does("Centre 3.20", "123456");

        await world.RunAsync(link, async (session, cancel) => await session.RunAsync(Bus, cancel));

        Assert.Equal(1680, world.Account);
        Assert.Equal(1680u, world.Card.Balance);
        Assert.Equal(3, link.Ran.Count); // who, S1, sale with all that was pending
        Assert.DoesNotContain(link.Ran[^1].Numbered(), step => step.Step == CardSteps.SelectPurse);
    }
}
