using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>A card reported stolen is blocked at its next contact on any road, and nothing of the money changes.</summary>
public class StolenCardTests
{

    public enum Road
    {
        Terminal,
        Page,
        Phone,
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Road.Terminal)]
    [InlineData(Road.Page)]
    [InlineData(Road.Phone)]
    public async Task At_its_next_contact_its_purse_is_deactivated_and_the_holder_told(Road road)
    {
        using var world = await WorldAsync(road);
        Assert.Null(await world.Treasury.ReportStolenAsync(world.Registration.Card, Cancel));
        using var link = Begin(world, road);

        var end = await world.RunAsync(link, Pay);

        Assert.Equal(SessionEnd.CardRefused, end);
        Assert.True(world.Card.IsDeactivated);
        var told = road == Road.Page ? world.Page.Told.Select(one => one.Text) : world.Person.Shown;
        Assert.Contains(told, text => text.StartsWith("This card was reported stolen.", StringComparison.Ordinal));
        Assert.Single(world.Card.Log, movement => movement.Kind == MoveKind.Deactivate);
        await NothingMovedAsync(world);
        using var again = Begin(world, road, session: 0x2B);
        Assert.Equal(SessionEnd.CardRefused, await world.RunAsync(again, Pay));
        Assert.Single(world.Card.Log, movement => movement.Kind == MoveKind.Deactivate);
        await NothingMovedAsync(world);
    }

    [Theory]
    [InlineData(Road.Terminal)]
    [InlineData(Road.Page)]
    [InlineData(Road.Phone)]
    public async Task A_card_that_was_found_is_reactivated_and_pays(Road road)
    {
        using var world = await WorldAsync(road);
        var card = world.Registration.Card;
        await world.Treasury.ReportStolenAsync(card, Cancel);
        using (var link = Begin(world, road)) await world.RunAsync(link, Pay);
        Assert.Null(await world.Treasury.ReactivateAsync(card, Cancel));
        Assert.Equal(CardState.Found, world.Holders.Cards[card].State);
        world.Person.Does("123456");

        using var back = Begin(world, road, session: 0x2B);
        Assert.Equal(SessionEnd.Completed, await world.RunAsync(back, Pay));

        Assert.False(world.Card.IsDeactivated);
        Assert.Equal(CardState.Active, world.Holders.Cards[card].State);
        Assert.Equal(750, world.Account);
        Assert.Equal(750u, world.Card.Balance);
        Assert.Single(world.Card.Log, movement => movement.Kind == MoveKind.Reactivate);
    }

    [Fact]
    public async Task A_card_found_before_it_was_used_needs_no_order()
    {
        using var world = await WorldAsync(Road.Terminal);
        var card = world.Registration.Card;
        await world.Treasury.ReportStolenAsync(card, Cancel);
        await world.Treasury.ReactivateAsync(card, Cancel);
        world.Person.Does("123456");

        using var link = Begin(world, Road.Terminal);
        Assert.Equal(SessionEnd.Completed, await world.RunAsync(link, Pay));

        Assert.Equal(CardState.Active, world.Holders.Cards[card].State);
        Assert.DoesNotContain(world.Card.Log, movement => movement.Kind > MoveKind.Adjust);
    }

    [Theory]
    [InlineData((int)Fault.NeverRuns)]
    [InlineData((int)Fault.AnswerLost)]
    [InlineData((int)Fault.CardPulled)]
    [InlineData((int)Fault.Interrupted)]
    public async Task Whatever_is_lost_it_is_deactivated_once_and_reactivated_once(int fault)
    {
        using var world = await WorldAsync(Road.Terminal);
        var card = world.Registration.Card;
        await world.Treasury.ReportStolenAsync(card, Cancel);
        await LostAsync(MoveKind.Deactivate, 0x2A);
        using (var next = Begin(world, Road.Terminal, session: 0x2B))
            Assert.Equal(SessionEnd.CardRefused, await world.RunAsync(next, Pay));

        Assert.True(world.Card.IsDeactivated);
        Assert.Single(world.Card.Log, movement => movement.Kind == MoveKind.Deactivate);
        await NothingMovedAsync(world);

        await world.Treasury.ReactivateAsync(card, Cancel);
        await LostAsync(MoveKind.Reactivate, 0x2C);
        world.Person.Does("123456");
        using (var last = Begin(world, Road.Terminal, session: 0x2D))
            Assert.Equal(SessionEnd.Completed, await world.RunAsync(last, Pay));

        Assert.Single(world.Card.Log, movement => movement.Kind == MoveKind.Reactivate);
        Assert.Equal(750, world.Account);
        Assert.Empty(await world.Treasury.OwedAsync(world.Holder.Id, Cancel));

        async Task LostAsync(MoveKind kind, ushort session)
        {
            using var link = Begin(world, Road.Terminal, session);
            link.Faults = script => script.Moves(kind) ? (Fault)fault : Fault.None;
            await world.RunAsync(link, (_, _) => Task.CompletedTask);
        }
    }

    [Theory]
    [InlineData((int)Fault.AnswerLost, true)]
    [InlineData((int)Fault.NeverRuns, false)]
    public async Task What_was_open_when_it_was_stolen_is_settled_first(int fault, bool paid)
    {
        using var world = await WorldAsync(Road.Terminal);
        world.Person.Does("123456");
        using (var link = Begin(world, Road.Terminal))
        {
            link.Faults = script => script.Moves(MoveKind.Debit) ? (Fault)fault : Fault.None;
            Assert.Equal(SessionEnd.Lost, await world.RunAsync(link, Pay));
        }

        await world.Treasury.ReportStolenAsync(world.Registration.Card, Cancel);
        Assert.Equal(750, (await world.ViewAsync()).Spendable);
        using var thief = Begin(world, Road.Terminal, session: 0x2B);
        Assert.Equal(SessionEnd.CardRefused, await world.RunAsync(thief, Pay));

        Assert.True(world.Card.IsDeactivated);
        Assert.Equal(paid ? 750 : 2000, (await world.ViewAsync()).Spendable);
        Assert.Equal(paid ? 1 : 0, (await world.Treasury.OwedAsync(world.Holder.Id, Cancel)).Count);
    }

    [Fact]
    public async Task A_session_that_runs_when_it_is_reported_is_over_before_the_next_payment()
    {
        using var world = await WorldAsync(Road.Terminal);
        using var link = Begin(world, Road.Terminal);
        world.Person.Does("123456");
        var paid = 0;

        var end = await world.RunAsync(link, async (session, cancel) =>
        {
            await session.RunAsync(World.Lunch, cancel);
            paid++;
            await world.Treasury.ReportStolenAsync(session.Card, cancel);
            await session.RunAsync(Dialogue.Pay(Amount.Of(1), "Coffee"), cancel);
            paid++;
        });

        Assert.Equal((SessionEnd.CardRefused, 1), (end, paid));
        Assert.True(world.Card.IsDeactivated);
        Assert.Equal(750, world.Account);
    }

    [Theory]
    [InlineData(Road.Terminal)]
    [InlineData(Road.Page)]
    [InlineData(Road.Phone)]
    public async Task A_server_that_dies_anywhere_deactivates_it_once(Road road)
    {
        for (var point = 1; ; point++)
        {
            using var world = await WorldAsync(road);
            await world.Treasury.ReportStolenAsync(world.Registration.Card, Cancel);
            using var link = Begin(world, road);
            world.Power.FailAt(point);
            SessionEnd? end = null;
            var died = false;
            try
            {
                end = await world.RunAsync(link, Pay);
            }
            catch (CrashException)
            {
                died = true;
                world.Restart();
                end = await world.ResumeAsync(link, Pay);
            }

            if (end is null)
            {
                using var next = Begin(world, road, session: 0x2B);
                end = await world.RunAsync(next, Pay);
            }

            Assert.True(end is SessionEnd.CardRefused, $"Point {point}: {end}");
            Assert.True(world.Card.IsDeactivated, $"Point {point}");
            Assert.Single(world.Card.Log, movement => movement.Kind == MoveKind.Deactivate);
            await NothingMovedAsync(world);
            if (!died) break;
            Assert.True(point < 200);
        }
    }

    [Fact]
    public async Task Another_card_of_the_holder_pays_meanwhile_and_what_it_paid_waits_for_the_stolen_one()
    {
        using var world = await WorldAsync(Road.Terminal);
        var other = await world.AddAsync(CardKind.Iso);
        await world.Treasury.ReportStolenAsync(world.Registration.Card, Cancel);
        using (var thief = Begin(world, Road.Terminal)) await world.RunAsync(thief, Pay);
        world.Person.Does("123456");
        using (var pc = world.Insert(TerminalProfile.TextOnly, session: 0x2B, card: other))
            Assert.Equal(SessionEnd.Completed, await world.RunAsync(pc, Pay));
        Assert.Equal(750, world.Account);

        await world.Treasury.ReactivateAsync(world.Registration.Card, Cancel);
        using var back = Begin(world, Road.Terminal, session: 0x2C);
        await world.RunAsync(back, (_, _) => Task.CompletedTask);

        Assert.Equal(750u, world.Card.Balance);
        Assert.Equal(750, world.Account);
    }

    [Fact]
    public async Task What_cannot_be_reported_is_refused()
    {
        using var world = await WorldAsync(Road.Terminal);
        var card = world.Registration.Card;
        Assert.Equal(RefusalReason.NothingToDo, (await world.Treasury.ReactivateAsync(card, Cancel))?.Reason);
        Assert.Equal(RefusalReason.UnknownCard, (await world.Treasury.ReportStolenAsync(default, Cancel))?.Reason);
        Assert.Null(await world.Treasury.ReportStolenAsync(card, Cancel));
        Assert.Null(await world.Treasury.ReportStolenAsync(card, Cancel));
        await world.Treasury.RevokeAsync(card, null, Cancel);
        Assert.Equal(RefusalReason.NothingToDo, (await world.Treasury.ReportStolenAsync(card, Cancel))?.Reason);
        Assert.Equal(RefusalReason.NothingToDo, (await world.Treasury.ReactivateAsync(card, Cancel))?.Reason);
    }

    private static async Task Pay(CardSession session, CancellationToken cancel) => await session.RunAsync(World.Lunch, cancel);

    private static Task<World> WorldAsync(Road road) =>
        World.WithAsync(2000, kind: road == Road.Phone ? CardKind.Sim : CardKind.Iso);

    private static ModelLink Begin(World world, Road road, ushort session = 0x2A) =>
        road == Road.Page ? world.Insert(TerminalProfile.Rich, session) : world.Begin(session);

    private static async Task NothingMovedAsync(World world)
    {
        var view = await world.ViewAsync();
        Assert.Equal((2000, 2000, 0), (view.Account, view.Spendable, view.Holds));
        Assert.Equal(2000, view.Copy!.Balance + view.Copy.Pending + view.Copy.InFlight);
        Assert.Equal((world.Card.Balance, world.Card.Number), (view.Copy.Balance, view.Copy.Number));
        Assert.Equal(["Load"], view.History.Select(line => line.What), StringComparer.Ordinal);
    }
}
