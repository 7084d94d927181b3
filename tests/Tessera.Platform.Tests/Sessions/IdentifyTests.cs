using Tessera.Cards.Purse;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>The holder proves with the PIN of the card that they are there, before anything is said about them.</summary>
public class IdentifyTests
{
    private static readonly Dialogue<Done> Balance = Dialogue.Identify("Your balance").ThenShow("You have 20.00.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_card_proves_the_pin_by_a_movement_of_nothing(bool rich)
    {
        using var world = await World.WithAsync(2000);
        using var link = world.Insert(rich ? TerminalProfile.Rich : TerminalProfile.TextOnly);
        world.Person.Does("123456");

        var end = await world.RunAsync(link, async (session, cancel) => await session.RunAsync(Balance, cancel));

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Contains("Your balance\nIdentify, PIN:", world.Person.Shown, StringComparer.Ordinal);
        var proof = world.Card.Log[^1];
        Assert.Equal((MoveKind.Adjust, MoveTerms.PinRequired, 0, 0u), (proof.Kind, proof.Terms, proof.Adjust, proof.Amount));
        Assert.Equal(2000, world.Account);
        Assert.Contains("You have 20.00.", rich ? world.Page.Shown : world.Person.Shown, StringComparer.Ordinal);
        var card = world.Registration.Card;
        var view = await world.ViewAsync();
        Assert.Equal(world.Card.Number, view.Copy!.Number);
        Assert.Equal(["Load"], view.History.Select(line => line.What), StringComparer.Ordinal);
    }

    [Fact]
    public async Task It_brings_what_waits_for_the_card()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = world.Open();
        world.Person.Does("123456");

        await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(Balance, cancel));

        Assert.Equal(2000, Assert.Single(world.Card.Log).Adjust);
        Assert.Equal(2000u, world.Card.Balance);
    }

    [Fact]
    public async Task A_wrong_pin_is_asked_again_and_a_blocked_one_ends_it()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        world.Person.Does("111111", "222222", "333333", "Stop");

        DialogueEnd? ended = null;
        await world.RunAsync(phone, async (session, cancel) => ended = await PinTests.EndOfAsync(session, Balance, cancel));

        Assert.Equal(DialogueEnd.PinBlocked, ended);
        Assert.Contains("Wrong PIN. 2 tries left.", world.Person.Shown, StringComparer.Ordinal);
        Assert.DoesNotContain("You have 20.00.", world.Person.Shown, StringComparer.Ordinal);
        Assert.DoesNotContain(world.Card.Log, movement => movement.Terms == MoveTerms.PinRequired);
    }

    [Theory]
    [InlineData("!cancel", DialogueEnd.Cancelled)]
    [InlineData("!late", DialogueEnd.TimedOut)]
    public async Task A_holder_who_enters_none_is_not_identified(string does, DialogueEnd expected)
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        world.Person.Does(does);

        DialogueEnd? ended = null;
        await world.RunAsync(phone, async (session, cancel) => ended = await PinTests.EndOfAsync(session, Balance, cancel));

        Assert.Equal(expected, ended);
        Assert.DoesNotContain("You have 20.00.", world.Person.Shown, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_bare_9000_proves_nothing()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        world.Card.ForgesReceipts = true;
        world.Person.Otherwise = (_, _) => "123456";

        DialogueEnd? ended = null;
        await world.RunAsync(phone, async (session, cancel) => ended = await PinTests.EndOfAsync(session, Balance, cancel));

        Assert.Equal(DialogueEnd.CardRefused, ended);
        Assert.DoesNotContain("You have 20.00.", world.Person.Shown, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData((int)Fault.AnswerLost)]
    [InlineData((int)Fault.NeverRuns)]
    [InlineData((int)Fault.CardPulled)]
    [InlineData((int)Fault.Interrupted)]
    public async Task An_answer_that_is_lost_leaves_nothing_owed_and_nothing_to_tell(int fault)
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        using var next = world.Insert(TerminalProfile.Phone, session: 0x2B);
        phone.Faults = script => script.Numbered().Any(one =>
            one.Step is Toolkit.Scripts.CardStep { Command: { Ins: 0x54, P2: 0 } }) ? (Fault)fault : Fault.None;
        world.Person.Otherwise = (_, _) => "123456";

        await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(Balance, cancel));
        await world.RunAsync(next, (_, _) => Task.CompletedTask);

        Assert.DoesNotContain(world.Person.Shown, text => text.Contains("payment", StringComparison.Ordinal));
        Assert.Empty(await world.Treasury.OwedAsync(world.Holder.Id, Cancel));
        Assert.Equal(2000, world.Account);
        Assert.Equal(2000u, world.Card.Balance);
    }

    [Fact]
    public async Task Which_of_two_reasons_it_was_is_asked_again_where_the_answer_is_lost()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = world.Open();
        var first = true;
        phone.Faults = script => script.Numbered().Any(one =>
            one.Step is Toolkit.Scripts.CardStep { Command: { Ins: 0x54, P2: 0 } }) && first && !(first = false)
            ? Fault.Interrupted
            : Fault.None;
        world.Person.Does("Bills", "123456", "Bills", "123456");
        var either = Dialogue.Choose(
            View.Titled("What?"), ["Balance", "Bills"], what => what, Dialogue.Identify);

        var taken = "";
        await world.RunAsync(
            phone, async (session, cancel) => taken = (await session.RunAsync(either, cancel)).Item);

        Assert.Equal("Bills", taken);
        Assert.Equal(2, world.Card.Log.Count(movement => movement.Terms == MoveTerms.PinRequired));
    }

    [Fact]
    public async Task A_test_plays_it()
    {
        var test = new TestSession(TerminalProfile.TextOnly, Amount.Of(20)).MistypesPin().EntersPin();

        await test.RunAsync(Balance, Cancel);

        Assert.Equal(
            ["Your balance: PIN?", "Wrong PIN. 2 tries left.", "Your balance: PIN?", "You have 20.00."], test.Shown,
            StringComparer.Ordinal);
        await Assert.ThrowsAsync<DialogueEndedException>(
            () => new TestSession(TerminalProfile.Rich, Amount.Of(20)).Cancels().RunAsync(Balance, Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("A reason that is far too long for one line of any display there is.")]
    public void A_reason_is_one_short_line(string why) => Assert.ThrowsAny<ArgumentException>(() => Dialogue.Identify(why));
}
