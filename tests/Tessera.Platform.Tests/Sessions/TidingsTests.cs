using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>What became of a payment is told until the holder has seen it, however many sessions that takes.</summary>
public class TidingsTests
{
    private const string Made = "Your payment of 12.50 for Lunch was made.";
    private const string NotMade = "Your payment for Lunch was not made. Nothing was taken.";


    [Theory]
    [InlineData((int)Fault.AnswerLost, Made)]
    [InlineData((int)Fault.NeverRuns, NotMade)]
    public async Task A_session_that_learned_it_and_was_lost_leaves_it_to_the_next(int fault, string words)
    {
        using var world = await World.WithAsync(2000);
        world.Person.Does("123456");
        await PayAsync(world, 0x2A, script => script.Moves(MoveKind.Debit), (Fault)fault);
        Assert.Equal(0, Told(world, words));

        await VisitAsync(world, 0x2B, AtScript(2), Fault.NeverRuns);
        Assert.Equal(0, Told(world, words));
        Assert.Equal(fault == (int)Fault.AnswerLost ? 750 : 2000, world.Account);

        await VisitAsync(world, 0x2C);
        Assert.Equal(1, Told(world, words));

        await VisitAsync(world, 0x2D);
        Assert.Equal(1, Told(world, words));
    }

    [Fact]
    public async Task A_payment_whose_good_words_were_lost_is_told()
    {
        using var world = await World.WithAsync(2000);
        world.Person.Does("123456");
        var paid = false;
        await PayAsync(
            world, 0x2A, script => paid || (script.Moves(MoveKind.Debit) && !(paid = true)), Fault.NeverRuns, maxScript: 84);
        Assert.Equal(750, world.Account);
        Assert.DoesNotContain("Enjoy it.", world.Person.Shown, StringComparer.Ordinal);

        await VisitAsync(world, 0x2B);
        Assert.Equal(1, Told(world, Made));
    }

    [Fact]
    public async Task What_the_holder_ended_or_was_told_at_once_is_no_news()
    {
        using var world = await World.WithAsync(2000);
        world.Person.Does("!cancel", "000000", "123456");
        await PayAsync(world, 0x2A);
        await PayAsync(world, 0x2B);

        await VisitAsync(world, 0x2C);

        Assert.Contains("Wrong PIN. 2 tries left.", world.Person.Shown, StringComparer.Ordinal);
        Assert.Contains("Enjoy it.", world.Person.Shown, StringComparer.Ordinal);
        Assert.Equal(0, Told(world, NotMade) + Told(world, Made));
    }

    [Fact]
    public async Task A_wrong_pin_whose_message_was_lost_is_told_as_not_made()
    {
        using var world = await World.WithAsync(2000);
        world.Person.Does("000000");
        var tried = 0;
        await PayAsync(world, 0x2A, script => script.Moves(MoveKind.Debit) && ++tried == 2, Fault.NeverRuns);
        Assert.DoesNotContain("Wrong PIN. 2 tries left.", world.Person.Shown, StringComparer.Ordinal);

        await VisitAsync(world, 0x2B);

        Assert.True(Told(world, NotMade) > 0);
    }

    [Fact]
    public async Task A_card_that_stayed_in_while_the_server_was_away_goes_on_by_itself()
    {
        using var world = await World.WithAsync(2000);
        using var pc = world.Insert(TerminalProfile.Rich);
        world.Person.Does("123456");
        pc.Faults = script =>
        {
            if (!script.Moves(MoveKind.Debit)) return Fault.None;
            world.Power.FailAt(3); // The loss of the answer is on record, and nothing after it.
            return Fault.AnswerLost;
        };
        Receipt? receipt = null;
        async Task Application(CardSession session, CancellationToken cancel) =>
            receipt = await session.RunAsync(World.Lunch, cancel);
        await Assert.ThrowsAsync<CrashException>(() => world.RunAsync(pc, Application));
        world.Restart();

        using var still = world.Insert(TerminalProfile.Rich);
        var end = await world.ResumeAsync(still, Application);

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal(2u, receipt!.Number);
        Assert.Equal(750, world.Account);
        Assert.Equal("Enjoy it.", world.Page.Shown[^1]);
    }

    [Fact]
    public async Task Scripts_that_nobody_can_run_take_no_numbers()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        phone.Faults = script =>
        {
            if (!script.Moves(MoveKind.Debit)) return Fault.None;
            world.Power.FailAt(1);
            return Fault.NeverRuns;
        };
        Task Application(CardSession session, CancellationToken cancel) => session.RunAsync(World.Lunch, cancel);
        await Assert.ThrowsAsync<CrashException>(() => world.RunAsync(phone, Application));
        world.Restart();
        var last = await world.Sessions.LastNumberAsync(Insertion.Of(phone), TestContext.Current.CancellationToken);

        using var again = world.Insert(TerminalProfile.Phone, session: 0x2B);
        Assert.Null(await world.ResumeAsync(again, Application));

        Assert.Equal([SessionEnd.Lost], world.Sessions.Ends);
        Assert.Equal(
            last, await world.Sessions.LastNumberAsync(Insertion.Of(phone), TestContext.Current.CancellationToken));
    }

    private static Task PayAsync(
        World world, ushort session, Func<CommandScript, bool>? when = null, Fault fault = Fault.None,
        int maxScript = 8192) =>
        RunAsync(world, session, when, fault, maxScript, async (one, cancel) =>
        {
            try
            {
                await one.RunAsync(World.Lunch, cancel);
            }
            catch (DialogueEndedException)
            {
                // The holder ended it.
            }
        });

    private static Task VisitAsync(
        World world, ushort session, Func<CommandScript, bool>? when = null, Fault fault = Fault.None) =>
        RunAsync(world, session, when, fault, 8192, (_, _) => Task.CompletedTask);

    private static async Task RunAsync(
        World world, ushort session, Func<CommandScript, bool>? when, Fault fault, int maxScript,
        Func<CardSession, CancellationToken, Task> application)
    {
        using var phone = world.Insert(TerminalProfile.Phone, session, maxScript);
        if (when is not null) phone.Faults = script => when(script) ? fault : Fault.None;
        var end = await world.RunAsync(phone, application);
        Assert.True(end == SessionEnd.Completed || (fault != Fault.None && end == SessionEnd.Lost), $"{end}");
        phone.Pull();
    }

    private static int Told(World world, string words) =>
        world.Person.Shown.Count(text => string.Equals(text, words, StringComparison.Ordinal));

    private static Func<CommandScript, bool> AtScript(int number) => script => script.Head.Number == number;
}
