using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>What goes wrong between a card and a server, and what the holder is told.</summary>
public class FaultTests
{

    [Fact]
    public async Task A_payment_whose_answer_is_lost_is_told_at_the_next_contact()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        phone.Faults = Once(Fault.AnswerLost);
        world.Person.Does("123456");

        var end = await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(World.Lunch, cancel));

        Assert.Equal(SessionEnd.Lost, end);
        Assert.Equal(750u, world.Card.Balance);
        Assert.Equal(2000, world.Account);

        using var again = world.Insert(TerminalProfile.Phone, session: 0x2B);
        await world.RunAsync(again, (_, _) => Task.CompletedTask);

        Assert.Equal(750, world.Account);
        Assert.Equal(1250, world.Sold());
        Assert.Contains("Your payment of 12.50 for Lunch was made.", world.Person.Shown, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_payment_that_never_reached_the_card_is_told_as_not_made()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        phone.Faults = Once(Fault.NeverRuns);

        var end = await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(World.Lunch, cancel));
        Assert.Equal(SessionEnd.Lost, end);

        using var again = world.Insert(TerminalProfile.Phone, session: 0x2B);
        world.Person.Does("123456");
        await world.RunAsync(again, async (session, cancel) => await session.RunAsync(World.Lunch, cancel));

        Assert.Contains(world.Person.Shown, text => text.Contains("not made.", StringComparison.Ordinal));
        Assert.Equal(750, world.Account);
        Assert.Equal(750u, world.Card.Balance);
    }

    [Theory]
    [InlineData((int)Fault.AnswerLost, true)]
    [InlineData((int)Fault.NeverRuns, false)]
    [InlineData((int)Fault.CardPulled, false)]
    public async Task With_a_page_the_session_waits_for_the_card_and_goes_on(int fault, bool wasMade)
    {
        using var world = await World.WithAsync(2000);
        using var pc = world.Insert(TerminalProfile.Rich);
        pc.Faults = Once((Fault)fault);
        using var back = world.Insert(TerminalProfile.Rich, session: 0x2B);
        world.Page.OnTold = status =>
        {
            if (status.State == PageState.InsertCard) Assert.True(world.Host.Return(back));
        };
        world.Person.Does("123456");
        if (fault == (int)Fault.NeverRuns) world.Person.Does();
        if (fault == (int)Fault.CardPulled) world.Person.Does("123456");

        Receipt? receipt = null;
        var end = await world.RunAsync(pc, async (session, cancel) => receipt = await session.RunAsync(World.Lunch, cancel));

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal(Amount.Of(12.50m), receipt!.Amount);
        Assert.Equal(2u, receipt.Number);
        Assert.Equal(750, world.Account);
        Assert.Equal(750u, world.Card.Balance);
        Assert.Equal(!wasMade, world.Page.Shown.Any(text => text.Contains("not made", StringComparison.Ordinal)));
        Assert.Equal("Enjoy it.", world.Page.Shown[^1]);
        Assert.Empty(await world.Treasury.OwedAsync(world.Holder.Id, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_payment_whose_answer_the_terminal_forgot_is_proven_by_the_next_s1(bool rich)
    {
        using var world = await World.WithAsync(2000);
        using var link = world.Insert(rich ? TerminalProfile.Rich : TerminalProfile.Phone);
        link.Faults = Once(Fault.Interrupted);
        world.Person.Does("123456");

        Receipt? receipt = null;
        var end = await world.RunAsync(link, async (session, cancel) => receipt = await session.RunAsync(World.Lunch, cancel));

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal(2u, receipt!.Number);
        Assert.Equal(750, world.Account);
        Assert.Single(world.Card.Log, movement => movement.Amount > 0);
    }

    [Fact]
    public async Task Which_of_two_equal_payments_was_made_is_not_guessed()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        phone.Faults = Once(Fault.Interrupted);
        world.Person.Does("Tea", "123456");
        var drinks = Dialogue.Choose(
            View.Titled("Drink?"), ["Coffee", "Tea"], drink => drink, drink => Dialogue.Pay(Amount.Of(2.80m), drink));

        DialogueEnd? ended = null;
        await world.RunAsync(phone, async (session, cancel) => ended = await PinTests.EndOfAsync(session, drinks, cancel));

        Assert.Equal(DialogueEnd.Unclear, ended);
        Assert.Equal(1720, world.Account);
        Assert.Single(await world.Treasury.OwedAsync(world.Holder.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_card_is_not_taken_for_the_one_that_was_there()
    {
        using var world = await World.WithAsync(2000);
        using var other = await World.WithAsync(5000);
        using var pc = world.Insert(TerminalProfile.Rich);
        pc.Faults = Once(Fault.NeverRuns);
        using var wrong = other.Insert(TerminalProfile.Rich, session: 0x2B);
        using var back = world.Insert(TerminalProfile.Rich, session: 0x2C);
        world.Page.OnTold = status =>
        {
            if (status.State != PageState.InsertCard) return;
            if (status.Text.StartsWith("This is another", StringComparison.Ordinal)) wrong.Pull();
            Assert.True(world.Host.Return(wrong.Ended.IsCancellationRequested ? back : wrong));
        };
        world.Person.Does("123456");

        var end = await world.RunAsync(pc, async (session, cancel) => await session.RunAsync(World.Lunch, cancel));

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Contains(world.Page.Told, status => status.Text.StartsWith("This is another", StringComparison.Ordinal));
        Assert.Equal(750, world.Account);
        Assert.Empty(other.Card.Log);
    }

    [Fact]
    public async Task A_card_that_does_not_come_back_in_time_ends_the_session()
    {
        var time = new ManualTime();
        using var world = await World.WithAsync(2000, time);
        using var pc = world.Insert(TerminalProfile.Rich);
        pc.Faults = Once(Fault.NeverRuns);
        world.Page.OnTold = status =>
        {
            if (status.State == PageState.InsertCard) time.WhenWaiting(() => time.Advance(TimeSpan.FromMinutes(11)));
        };

        var end = await world.RunAsync(pc, async (session, cancel) => await session.RunAsync(World.Lunch, cancel));

        Assert.Equal(SessionEnd.Lost, end);
        Assert.Equal(PageState.Ended, world.Page.Told[^1].State);
    }

    [Fact]
    public async Task A_page_goes_on_without_the_card_until_it_needs_it()
    {
        using var world = await World.WithAsync(2000);
        using var pc = world.Insert(TerminalProfile.Rich);
        using var back = world.Insert(TerminalProfile.Rich, session: 0x2B);
        world.Page.Does("Lunch");
        world.Person.Does("123456");

        await world.RunAsync(pc, async (session, cancel) =>
        {
            pc.Pull();
            Assert.True(world.Host.Return(back));
            await session.RunAsync(
                Dialogue.Choose(View.Titled("Meal?"), ["Lunch", "Dinner"], meal => meal, _ => World.Lunch), cancel);
        });

        Assert.Equal(750, world.Account);
        Assert.NotEmpty(back.Ran);
    }

    [Fact]
    public async Task An_unknown_card_is_told_so_and_nothing_else()
    {
        using var world = await World.WithAsync(2000);
        world.Holders.Cards.Clear();
        using var phone = world.Insert(TerminalProfile.Phone);

        var end = await world.RunAsync(phone, (_, _) => throw new InvalidOperationException("The application must not run."));

        Assert.Equal(SessionEnd.CardRefused, end);
        Assert.Equal(["This card cannot be used here."], world.Person.Shown);
    }

    [Fact]
    public async Task A_failing_application_ends_honestly()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);

        await Assert.ThrowsAsync<InvalidDataException>(
            () => world.RunAsync(phone, (_, _) => throw new InvalidDataException("A fault of the application.")));

        Assert.Equal([SessionEnd.Failed], world.Sessions.Ends);
        Assert.StartsWith("Something went wrong", world.Person.Shown[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_that_are_used_up_are_renewed_by_a_new_session_of_the_terminal()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        var shows = 0;

        var end = await world.RunAsync(phone, async (session, cancel) =>
        {
            for (; shows < 300; shows++) await session.RunAsync(Dialogue.Show("Again."), cancel);
        });

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal(300, world.Person.Shown.Count);
        Assert.Equal(255, phone.Ran.Count);
    }

    /// <summary>The first script with a debit meets that fault.</summary>
    private static Func<CommandScript, Fault> Once(Fault fault)
    {
        var left = 1;
        return script => script.Moves(MoveKind.Debit) && left-- == 1 ? fault : Fault.None;
    }
}
