using Tessera.Apps;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>A card that was at a terminal before is asked at once to prove that it is the one; any other still has to.</summary>
public class CardBeforeTests
{
    private static readonly Dialogue<Receipt> Lunch = Dialogue.Pay(Amount.Of(2), "Lunch");

    [Fact]
    public async Task It_pays_in_its_second_script()
    {
        using var world = await World.WithAsync(2000);
        world.Person.Does("123456", "123456");

        var (end, first) = await PayAsync(world, 0x2A);
        Assert.Equal(SessionEnd.Completed, end);
        Assert.True(first > 2);
        Assert.Equal((SessionEnd.Completed, 2), await PayAsync(world, 0x2B));
        Assert.Equal(1600, world.Account);
    }

    [Fact]
    public async Task Another_card_in_its_place_proves_itself_and_pays()
    {
        using var world = await World.WithAsync(2000);
        var other = await world.AddAsync(CardKind.Iso, PurseCommands.Aid);
        world.Person.Does("123456", "123456");

        await PayAsync(world, 0x2A);
        var (end, scripts) = await PayAsync(world, 0x2B, other);

        Assert.Equal(SessionEnd.Completed, end);
        Assert.True(scripts >= 3);
        Assert.Equal(1600, world.Account);
    }

    [Fact]
    public async Task A_card_without_a_purse_in_its_place_is_found()
    {
        using var world = await World.WithAsync(2000, keeper: new PreferencesApplication());
        var clone = await world.AddAsync(CardKind.Iso, StoreCommands.Aid);
        world.Person.Does("123456");

        await PayAsync(world, 0x2A);
        using var link = world.Insert(TerminalProfile.Phone, session: 0x2B, card: clone);
        var hasPurse = true;
        var end = await world.RunAsync(link, (session, _) =>
        {
            hasPurse = session.HasPurse;
            return Task.CompletedTask;
        });

        Assert.Equal((SessionEnd.Completed, false), (end, hasPurse));
    }

    private static async Task<(SessionEnd End, int Scripts)> PayAsync(World world, ushort session, ModelCard? card = null)
    {
        using var link = world.Insert(TerminalProfile.Phone, session: session, card: card);
        var end = await world.RunAsync(link, (one, cancel) => one.RunAsync(Lunch, cancel));
        return (end, link.Ran.Count);
    }
}
