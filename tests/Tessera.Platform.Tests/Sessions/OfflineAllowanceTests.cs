using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>On any road a session takes in first what the card spent offline, and then orders what the issuer wants.</summary>
public class OfflineAllowanceTests
{
    private const uint Gate = 7;

    private static readonly PursePolicy Twenty = new() { OfflineAllowance = 2000 };

    private static readonly Dialogue<Receipt> Coffee = Dialogue.Pay(Amount.Of(3), "Coffee", withoutPin: true);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CardKind.Iso)]
    [InlineData(CardKind.Sim)]
    public async Task At_its_next_contact_the_card_is_allowed_once_and_its_holder_is_told_nothing(CardKind kind)
    {
        using var world = await WorldAsync(kind, Twenty);
        await PayAsync(world, 0x2A);
        await PayAsync(world, 0x2B);

        Assert.Equal(2000u, world.Card.Allowance);
        Assert.Single(world.Card.Log, movement => movement.Kind == MoveKind.Allow);
        var view = await world.ViewAsync();
        Assert.Equal((7500, 5500), (view.Account, view.Spendable));
    }

    [Fact]
    public async Task Nothing_is_ordered_of_a_card_that_knows_nothing_of_it_or_by_an_issuer_who_wants_nothing()
    {
        using var world = await WorldAsync(CardKind.Iso, Twenty);
        world.Card.KnowsLimits = false;
        await PayAsync(world, 0x2A);
        world.Card.KnowsLimits = true;
        world.Want(new PursePolicy());
        await PayAsync(world, 0x2B);

        Assert.DoesNotContain(world.Card.Log, movement => movement.Kind.IsOrder());
    }

    [Theory]
    [InlineData(CardKind.Iso)]
    [InlineData(CardKind.Sim)]
    public async Task What_was_spent_offline_is_proven_and_booked_before_the_next_payment(CardKind kind)
    {
        using var world = await WorldAsync(kind, Twenty);
        await PayAsync(world, 0x2A);
        for (var i = 0; i < 7; i++) world.Card.SpendOffline(100, Gate);

        await PayAsync(world, 0x2B);

        Assert.Equal(700, world.Money.BalanceOf(AccountId.Acceptor(Gate, world.Registration.Currency)));
        var view = await world.ViewAsync();
        Assert.Equal((6800, 1300u), (view.Account, view.Copy!.Allowance));
        Assert.Equal((world.Card.Balance, world.Card.Number), (view.Copy.Balance, view.Copy.Number));
        Assert.Equal(6800u, world.Card.Balance);
    }

    [Theory]
    [InlineData((int)Fault.NeverRuns)]
    [InlineData((int)Fault.AnswerLost)]
    [InlineData((int)Fault.CardPulled)]
    [InlineData((int)Fault.Interrupted)]
    public async Task Whatever_is_lost_the_allowance_is_what_is_held(int fault)
    {
        using var world = await WorldAsync(CardKind.Iso, Twenty);
        using (var link = world.Begin())
        {
            link.Faults = script => script.Moves(MoveKind.Allow) ? (Fault)fault : Fault.None;
            await world.RunAsync(link, (_, _) => Task.CompletedTask);
        }

        await PayAsync(world, 0x2B);

        var view = await world.ViewAsync();
        Assert.Equal((2000u, 2000u), (world.Card.Allowance, view.Copy!.Allowance));
        Assert.Equal(view.Account - 2000, view.Spendable);
    }

    [Theory]
    [InlineData(CardKind.Iso)]
    [InlineData(CardKind.Sim)]
    public async Task A_stolen_card_gives_up_its_allowance_and_is_deactivated_at_one_contact(CardKind kind)
    {
        using var world = await WorldAsync(kind, Twenty);
        await PayAsync(world, 0x2A);
        world.Card.SpendOffline(100, Gate);
        await world.Treasury.ReportStolenAsync(world.Registration.Card, Cancel);

        using (var link = world.Begin(0x2B))
            Assert.Equal(SessionEnd.CardRefused, await world.RunAsync(link, (_, _) => Task.CompletedTask));

        Assert.Equal((true, 0u), (world.Card.IsDeactivated, world.Card.Allowance));
        Assert.Equal(
            [MoveKind.Allow, MoveKind.Deactivate], world.Card.Log.TakeLast(2).Select(movement => movement.Kind));
        var view = await world.ViewAsync();
        Assert.Equal((0u, 100), (view.Copy!.Allowance, world.Money.BalanceOf(AccountId.Acceptor(Gate, world.Registration.Currency))));
        Assert.Equal(view.Account, view.Spendable);
    }

    [Fact]
    public async Task A_payment_above_the_threshold_asks_for_the_PIN_that_the_application_did_not_want()
    {
        using var world = await WorldAsync(CardKind.Iso, new PursePolicy { GreatestWithoutPin = 299 });
        using var link = world.Begin();
        world.Person.Does("123456");

        var end = await world.RunAsync(link, async (session, cancel) => await session.RunAsync(Coffee, cancel));
        Assert.Equal(SessionEnd.Completed, end);

        Assert.Equal(299u, world.Card.GreatestWithoutPin);
        Assert.Equal(MoveTerms.PinRequired, world.Card.Last.Terms);
        Assert.Equal(300u, world.Card.Last.Amount);
    }

    private static async Task<World> WorldAsync(CardKind kind, PursePolicy policy)
    {
        var world = await World.WithAsync(10_000, kind: kind);
        world.Card.KnowsLimits = true;
        world.Want(policy);
        return world;
    }

    /// <summary>Lunch of 12.50, with PIN.</summary>
    private static async Task PayAsync(World world, ushort session)
    {
        using var link = world.Begin(session);
        world.Person.Does("123456");
        var end = await world.RunAsync(link, async (open, cancel) => await open.RunAsync(World.Lunch, cancel));
        Assert.Equal(SessionEnd.Completed, end);
    }
}
