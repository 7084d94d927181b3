using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>A session that its card opened asks nothing that the opening says, and believes no more than it proves.</summary>
public class OpeningTests
{
    private static readonly Dialogue<Receipt> Bus = Dialogue.Pay(Amount.Of(3.20m), "Bus ticket").ThenShow("Thank you.");

    [Fact]
    public async Task The_first_script_moves_value()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = world.Open();
        world.Person.Does("123456");

        var end = await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(Bus, cancel));

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Single(phone.Ran);
        Assert.Equal(1680u, world.Card.Balance);
    }

    [Fact]
    public async Task A_payment_that_was_made_is_known_by_the_opening_alone()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        await LoseAsync(world, Fault.AnswerLost);

        using var again = world.Open(session: 0x2B);
        await world.RunAsync(again, (_, _) => Task.CompletedTask);

        Assert.Equal("Your payment of 3.20 for Bus ticket was made.", world.Person.Shown[^1].ReplaceLineEndings(" "));
        Assert.Single(again.Ran);
        Assert.Equal(1680, world.Account);
    }

    [Fact]
    public async Task A_payment_that_was_not_made_is_settled_by_a_nonce_first()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        await LoseAsync(world, Fault.NeverRuns);

        using var again = world.Open(session: 0x2B);
        world.Person.Does("123456");
        await world.RunAsync(again, async (session, cancel) => await session.RunAsync(Bus, cancel));

        Assert.Equal(PurseCommands.Initialize(Opening.Nonce).Ins, Assert.IsType<CardStep>(again.Ran[0].Steps[0]).Command.Ins);
        Assert.Contains(world.Person.Shown, text => text.Contains("not made", StringComparison.Ordinal));
        Assert.Equal(1680u, world.Card.Balance);
        Assert.Equal(1680, world.Account);
    }

    [Fact]
    public async Task An_opening_under_other_keys_is_refused()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var other = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = world.Open(opening: other.Card.Open(0x2A, Toolkit.TerminalProfile.Phone));

        var end = await world.RunAsync(
            phone, (_, _) => throw new InvalidOperationException("The application must not run."));

        Assert.Equal(SessionEnd.CardRefused, end);
    }

    private static async Task LoseAsync(World world, Fault fault)
    {
        using var phone = world.Open();
        phone.Faults = _ => fault;
        world.Person.Does("123456");
        var end = await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(Bus, cancel));
        Assert.Equal(SessionEnd.Lost, end);
        Assert.Equal(fault == Fault.NeverRuns ? 0 : 1, world.Card.Log.Count);
    }
}
