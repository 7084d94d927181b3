using System.Text;
using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>The server dies at every durable step of a session and goes on where it was.</summary>
public class RestartTests
{
    private sealed record Goods(string Name, Amount Price);

    private static readonly Goods[] Menu = [new("Lunch", Amount.Of(12.50m)), new("Coffee", Amount.Of(2.80m))];

    private static readonly Dialogue<(Goods Item, Receipt Result)> Sale = Dialogue.Choose(
        View.Titled("What?"), Menu, goods => goods.Name,
        goods => Dialogue.Pay(goods.Price, goods.Name).ThenShow("Enjoy it."));

    [Fact]
    public void What_a_card_said_is_read_as_every_version_of_the_server_recorded_it()
    {
        const string recorded = """
            {
              "Flags": 10, "KeyVersion": 3, "Balance": 16909060, "Number": 84281096, "Random": "B1B2B3B4B5B6B7B8",
              "Last": {"Kind": 1, "Terms": 3, "Adjust": -1250, "Amount": 320, "S2": "A1A2A3A4A5A6A7A8", "Delta": -1570},
              "Mac": "C1C2C3C4C5C6C7C8"
            }
            """;
        const string state = "0A 03 01020304 05060708 B1B2B3B4B5B6B7B8 31 FFFFFB1E 00000140 A1A2A3A4A5A6A7A8 C1C2C3C4C5C6C7C8";

        var read = SessionJson.Read<PurseState>(new Bytes(Encoding.UTF8.GetBytes(recorded)));

        Assert.Equal(Bytes.FromHex(state), Bytes.Of(read));
        Assert.Equal(read, SessionJson.Read<PurseState>(SessionJson.Write(read)));
    }

    [Theory]
    [InlineData((int)Road.Terminal)]
    [InlineData((int)Road.Page)]
    [InlineData((int)Road.Phone)]
    public async Task A_session_that_died_anywhere_ends_as_if_it_had_not(int taken)
    {
        var road = (Road)taken;
        var writes = await WritesOfAsync(road);
        Assert.InRange(writes, 10, 60);

        for (var point = 1; point <= 2 * writes; point++)
        {
            using var world = await WorldAsync(road);
            using var link = Begin(world, road);
            Answers(world, road);
            var shop = new Shop();
            world.Power.FailAt(point);

            var end = await LiveAsync(world, link, shop);

            Assert.True(end == SessionEnd.Completed, $"Point {point}: {end}");
            Assert.Equal(["Coffee for 2.80 EUR"], shop.Sold.Values, StringComparer.Ordinal);
            Assert.True(world.Account == 1720, $"Point {point}: {world.Account}");
            Assert.Equal(1720u, world.Card.Balance);
            Assert.Equal(280, world.Sold());
            Assert.Single(world.Card.Log, movement => movement.Amount == 280);
            Assert.Equal(link.Came.Distinct().Count(), link.Ran.Count);
        }
    }

    [Fact]
    public async Task An_effect_gets_the_same_key_each_time_it_is_tried()
    {
        using var world = await World.WithAsync(0);
        using var link = world.Insert(TerminalProfile.Phone);
        var keys = new List<string>();
        Task Application(CardSession session, CancellationToken cancel) =>
            session.OnceAsync("sold", (key, _) =>
            {
                keys.Add(key);
                if (keys.Count == 1) throw world.Power.Fail();
                return Task.CompletedTask;
            }, cancel);

        await Assert.ThrowsAsync<CrashException>(() => world.RunAsync(link, Application));
        world.Restart();
        await world.ResumeAsync(link, Application);

        Assert.Equal(2, keys.Count);
        Assert.Equal(keys[0], keys[1]);
    }

    [Fact]
    public async Task An_application_that_asks_something_else_after_a_restart_ends_with_a_clear_message()
    {
        using var world = await World.WithAsync(2000);
        using var link = world.Insert(TerminalProfile.Phone);
        world.Person.Does("Coffee", "123456");
        world.Power.FailAt(2 * await WritesOfAsync(Road.Terminal) - 3);

        await Assert.ThrowsAsync<CrashException>(() => world.RunAsync(link, async (session, cancel) =>
        {
            await session.RunAsync(Sale, cancel);
            await session.OnceAsync("sold", (_, _) => Task.CompletedTask, cancel);
        }));
        world.Restart();
        var end = await world.ResumeAsync(link, async (session, cancel) =>
            await session.RunAsync(Dialogue.Pay(Amount.Of(9m), "Something else"), cancel));

        Assert.Equal(SessionEnd.Differs, end);
        Assert.StartsWith("This service has changed", world.Person.Shown[^1], StringComparison.Ordinal);
        Assert.Equal(1720, world.Account);
    }

    [Fact]
    public async Task A_session_at_another_insertion_is_not_resumed()
    {
        using var world = await World.WithAsync(2000);
        using var link = world.Insert(TerminalProfile.Phone);

        Assert.Null(await world.ResumeAsync(link, (_, _) => Task.CompletedTask));
    }

    /// <summary>Where the session takes place.</summary>
    private enum Road
    {
        Terminal,
        Page,

        /// <summary>The SIM opens it by itself.</summary>
        Phone,
    }

    private static Task<World> WorldAsync(Road road) =>
        World.WithAsync(2000, kind: road == Road.Phone ? CardKind.Sim : CardKind.Iso);

    private static ModelLink Begin(World world, Road road) => road switch
    {
        Road.Phone => world.Open(),
        Road.Page => world.Insert(TerminalProfile.Rich),
        _ => world.Insert(TerminalProfile.Phone),
    };

    private static async Task<int> WritesOfAsync(Road road)
    {
        using var world = await WorldAsync(road);
        using var link = Begin(world, road);
        Answers(world, road);
        var before = world.Power.Writes;
        Assert.Equal(SessionEnd.Completed, await world.RunAsync(link, new Shop().RunAsync));
        return world.Power.Writes - before;
    }

    private static void Answers(World world, Road road)
    {
        // An answer that was not on record when the server died is asked again.
        if (road == Road.Page) world.Page.Does("Coffee", "Coffee");
        else world.Person.Does("Coffee");
        world.Person.Does("123456");
    }

    /// <summary>Runs, and runs again after the server died, at the same insertion.</summary>
    private static async Task<SessionEnd?> LiveAsync(World world, ModelLink link, Shop shop)
    {
        try
        {
            return await world.RunAsync(link, shop.RunAsync);
        }
        catch (CrashException)
        {
            world.Restart();
        }

        return await world.ResumeAsync(link, shop.RunAsync)
            ?? (world.Sessions.Ends.Count > 0 ? world.Sessions.Ends[^1] : await world.RunAsync(link, shop.RunAsync));
    }

    /// <summary>An application with a read and an effect outside.</summary>
    private sealed class Shop
    {
        /// <summary>What the office booked, by idempotency key.</summary>
        public Dictionary<string, string> Sold { get; } = new(StringComparer.Ordinal);

        public async Task RunAsync(CardSession session, CancellationToken cancel)
        {
            var currency = await session.OnceAsync("currency", _ => Task.FromResult("EUR"), cancel);
            var (goods, receipt) = await session.RunAsync(Sale, cancel);
            await session.OnceAsync("sold", (key, _) =>
            {
                Sold[key] = $"{goods.Name} for {receipt.Amount} {currency}";
                return Task.CompletedTask;
            }, cancel);
        }
    }
}
