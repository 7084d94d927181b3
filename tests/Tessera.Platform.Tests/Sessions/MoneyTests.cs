using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>Paying, loading and being refused, on pages and by scripts.</summary>
public class MoneyTests
{

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_not_enough_is_told_what_there_is(bool rich)
    {
        using var world = await World.WithAsync(310);
        using var link = Insert(world, rich);

        DialogueEnd? ended = null;
        await world.RunAsync(link, async (session, cancel) => ended = await PinTests.EndOfAsync(session, World.Lunch, cancel));

        Assert.Equal(DialogueEnd.NotEnough, ended);
        Assert.Equal(310, world.Account);
        Assert.Contains(Told(world, rich), text => text.Contains("you can spend 3.10", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_cannot_pay_the_dearest_item_may_still_buy_a_cheap_one()
    {
        using var world = await World.WithAsync(310);
        using var phone = Insert(world, rich: false);
        world.Person.Does("Tea", "123456");
        var menu = Dialogue.Choose(View.Titled("What?"), ["Lunch", "Tea"], item => item,
            item => Dialogue.Pay(Amount.Of(item is "Tea" ? 2.20m : 12.50m), item));

        await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(menu, cancel));

        Assert.Equal(90, world.Account);
    }

    [Theory]
    [InlineData(false, "!cancel", DialogueEnd.Cancelled)]
    [InlineData(true, "!cancel", DialogueEnd.Cancelled)]
    [InlineData(false, "!late", DialogueEnd.TimedOut)]
    public async Task Who_does_not_enter_the_pin_does_not_pay(bool rich, string answer, DialogueEnd end)
    {
        using var world = await World.WithAsync(2000);
        using var link = Insert(world, rich);
        world.Person.Does(answer);

        DialogueEnd? ended = null;
        await world.RunAsync(link, async (session, cancel) => ended = await PinTests.EndOfAsync(session, World.Lunch, cancel));

        Assert.Equal(end, ended);
        Assert.Equal(2000, world.Account);
        Assert.Equal([SessionEnd.Completed], world.Sessions.Ends);
        Assert.Empty((await world.Treasury.OwedAsync(world.Holder.Id, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Who_takes_the_text_away_after_paying_has_paid()
    {
        using var world = await World.WithAsync(2000);
        using var phone = Insert(world, rich: false);
        world.Person.Does("123456", "!cancel at text");

        Receipt? receipt = null;
        await world.RunAsync(phone, async (session, cancel) => receipt = await session.RunAsync(World.Lunch, cancel));

        Assert.NotNull(receipt);
        Assert.Equal(750, world.Account);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_typed_amount_is_what_is_paid(bool rich)
    {
        using var world = await World.WithAsync(6000);
        using var link = Insert(world, rich);
        world.Person.Does("735", "123456");

        Receipt? receipt = null;
        await world.RunAsync(link, async (session, cancel) =>
            receipt = await session.RunAsync(Dialogue.PayUpTo(Amount.Of(50), "Stall", "market"), cancel));

        Assert.Equal(Amount.Of(7.35m), receipt!.Amount);
        Assert.Equal("market", receipt.Merchant);
        Assert.Equal(5265, world.Account);
        Assert.Equal(735, world.Sold("market"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_small_payment_is_confirmed_by_a_key(bool rich)
    {
        using var world = await World.WithAsync(500);
        using var link = Insert(world, rich);
        world.Person.Does("yes");

        await world.RunAsync(link, async (session, cancel) =>
            await session.RunAsync(Dialogue.Pay(Amount.Of(0.80m), "Gum", withoutPin: true), cancel));

        Assert.Equal(420u, world.Card.Balance);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_load_is_on_the_account_and_on_the_card(bool rich)
    {
        using var world = await World.WithAsync(0);
        using var link = Insert(world, rich);

        await world.RunAsync(link, async (session, cancel) =>
            await session.RunAsync(Dialogue.Load(Amount.Of(50)).ThenShow("There it is."), cancel));

        Assert.Equal(5000, world.Account);
        Assert.Equal(5000u, world.Card.Balance);
        Assert.Equal("There it is.", Told(world, rich)[^1]);
    }

    [Fact]
    public async Task A_load_beyond_what_the_card_may_hold_is_refused()
    {
        using var world = await World.WithAsync(99_000);
        using var phone = Insert(world, rich: false);

        DialogueEnd? ended = null;
        await world.RunAsync(phone, async (session, cancel) =>
            ended = await PinTests.EndOfAsync(session, Dialogue.Load(Amount.Of(50)), cancel));

        Assert.Equal(DialogueEnd.NotFunded, ended);
        Assert.Equal(99_000, world.Account);
    }

    [Fact]
    public async Task On_a_slow_road_the_card_catches_up_with_the_first_payment()
    {
        using var world = await World.WithAsync(2000);
        using var slow = world.Insert(TerminalProfile.Phone, roundTrip: 15);
        world.Person.Does("123456");

        await world.RunAsync(slow, async (session, cancel) => await session.RunAsync(World.Lunch, cancel));

        var movement = Assert.Single(world.Card.Log);
        Assert.Equal((2000, 1250u), (movement.Adjust, movement.Amount));
        Assert.Equal(750u, world.Card.Balance);
        Assert.Equal(3, slow.Ran.Count); // who, S1, sale
    }

    [Fact]
    public async Task The_session_shows_account_card_and_history()
    {
        using var world = await World.WithAsync(2000);
        using var phone = Insert(world, rich: false);
        world.Person.Does("123456");

        await world.RunAsync(phone, async (session, cancel) =>
        {
            await session.RunAsync(World.Lunch, cancel);
            var money = await session.PurseAsync(cancel);

            Assert.Equal("Ada", session.Holder.Name);
            Assert.Equal(world.Registration.Card, session.Card);
            Assert.Equal(750, money.Account);
            Assert.Equal(750u, money.Copy!.Balance);
            Assert.Equal([-1250, 2000], money.History.Select(line => line.Amount));
        });
    }

    [Fact]
    public async Task Two_payments_of_one_dialogue_are_two_movements()
    {
        using var world = await World.WithAsync(2000);
        using var phone = Insert(world, rich: false);
        world.Person.Does("123456", "123456");

        await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(
            Dialogue.Pay(Amount.Of(1), "One").Then(Dialogue.Pay(Amount.Of(2), "Two")), cancel));

        Assert.Equal([100u, 200u], world.Card.Log.Where(one => one.Kind == MoveKind.Debit).Select(one => one.Amount));
    }

    [Fact]
    public async Task The_first_of_two_payments_is_owed_when_the_second_is_cancelled()
    {
        using var world = await World.WithAsync(2000);
        using var phone = Insert(world, rich: false);
        world.Person.Does("123456", "!cancel");

        await world.RunAsync(phone, async (session, cancel) => await PinTests.EndOfAsync(
            session, Dialogue.Pay(Amount.Of(1), "One").Then(Dialogue.Pay(Amount.Of(2), "Two")), cancel));

        Assert.Equal(1900, world.Account);
        var owed = Assert.Single(await world.Treasury.OwedAsync(world.Holder.Id, TestContext.Current.CancellationToken));
        Assert.Equal("One", owed.What);
    }

    private static ModelLink Insert(World world, bool rich) =>
        world.Insert(rich ? TerminalProfile.Rich : TerminalProfile.Phone);

    private static List<string> Told(World world, bool rich) => rich ? world.Page.Shown : world.Person.Shown;
}
