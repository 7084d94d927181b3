using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>Holders who mistype and cancel, cards that are pulled, answers that are lost, servers that die: money stays whole.</summary>
public class RandomLifeTests
{
    private const int First = 20_000;

    private sealed record Goods(string Name, Amount Price);

    private static readonly Goods[] Menu =
        [new("Lunch", Amount.Of(12.50m)), new("Coffee", Amount.Of(2.80m)), new("Tea", Amount.Of(2.20m))];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_happens_every_payment_is_booked_and_delivered_or_owed_once(int seed)
    {
        var random = new Random(seed);
        using var world = await World.WithAsync(First);
        var shop = new Shop(random.Next(2) == 0);
        var profile = random.Next(2) == 0 ? TerminalProfile.Rich : TerminalProfile.Phone;
        world.Person.Otherwise = (_, items) => Act(random, world, items);
        world.Page.Otherwise = request => request is ChoicePage page ? Act(random, world, page.Choices) : "!cancel";

        for (ushort session = 100; session < 500; session += 100)
        {
            if (random.Next(2) == 0) world.Power.FailAt(random.Next(1, 80));
            await LiveAsync(world, profile, session, random, shop);
        }

        await SettleAsync(world, profile, shop);

        var debits = world.Card.Log.Where(movement => movement.Kind == MoveKind.Debit).ToList();
        var owed = await world.Treasury.OwedAsync(world.Holder.Id, TestContext.Current.CancellationToken);
        Assert.Equal(First - debits.Sum(movement => movement.Amount), world.Account);
        Assert.Equal(debits.Sum(movement => movement.Amount), world.Sold());
        Assert.Equal(world.Account, world.Card.Balance);
        var late = owed.Count(one => one.Move!.Kind == MoveKind.Debit);
        Assert.True(debits.Count == shop.Sold.Count + late,
            $"{debits.Count} debits, sold {string.Join(',', shop.Sold.Values)}, owed {late}, ends {string.Join(',', world.Sessions.Ends)}");
        Assert.Equal(shop.Sold.Count, shop.Sold.Values.Distinct().Count());
    }

    private static string Act(Random random, World world, IReadOnlyList<string> items) => (random.Next(12), items.Count) switch
    {
        (0, _) => "!cancel",
        (1, 0) => "999999",
        (_, 0) => world.Card.Pin,
        var (_, count) => items[random.Next(count)],
    };

    private static async Task LiveAsync(World world, TerminalProfile profile, ushort session, Random random, Shop shop)
    {
        var links = new Stack<ModelLink>([Insert(world, profile, session, random)]);
        world.Page.OnTold = status =>
        {
            if (status.State != PageState.InsertCard) return;
            var back = Insert(world, profile, ++session, random);
            if (world.Host.Return(back)) links.Push(back);
            else back.Dispose(); // After a restart the card may be back already.
        };
        try
        {
            await world.RunAsync(links.Peek(), shop.RunAsync);
        }
        catch (CrashException)
        {
            world.Restart();
            await world.ResumeAsync(links.Peek(), shop.RunAsync);
        }

        links.Peek().Pull();
        foreach (var link in links) link.Dispose();
    }

    /// <summary>Two contacts without faults: the first settles, the second finds all as it should be.</summary>
    private static async Task SettleAsync(World world, TerminalProfile profile, Shop shop)
    {
        world.Restart();
        world.Page.OnTold = _ => { };
        for (ushort session = 1000; session < 1003; session++)
        {
            using var link = world.Insert(profile, session);
            Assert.Null(await world.ResumeAsync(link, shop.RunAsync));
            Assert.Equal(SessionEnd.Completed, await world.RunAsync(link, (_, _) => Task.CompletedTask));
        }
    }

    private static ModelLink Insert(World world, TerminalProfile profile, ushort session, Random random)
    {
        var link = world.Insert(profile, session);
        link.Faults = _ => random.Next(15) == 0 ? (Fault)random.Next(1, 5) : Fault.None;
        return link;
    }

    private sealed class Shop(bool asksFirst)
    {
        /// <summary>Transaction numbers delivered, by idempotency key.</summary>
        public Dictionary<string, uint> Sold { get; } = new(StringComparer.Ordinal);

        public async Task RunAsync(CardSession session, CancellationToken cancel)
        {
            for (var i = 0; i < 3; i++)
            {
                try
                {
                    var receipt = await session.RunAsync(Sale, cancel);
                    await session.OnceAsync("sold", (key, _) =>
                    {
                        Sold[key] = receipt.Number;
                        return Task.CompletedTask;
                    }, cancel);
                }
                catch (DialogueEndedException)
                {
                    // The holder knows why; the next customer, please.
                }
            }
        }

        private Dialogue<Receipt> Sale => asksFirst
            ? Dialogue.Choose(View.Titled("What?"), Menu, goods => goods.Name,
                goods => Dialogue.Pay(goods.Price, goods.Name).ThenShow($"Enjoy the {goods.Name}.")).Select(sale => sale.Result)
            : Dialogue.Show("Lunch is ready.").Then(
                Dialogue.Pay(Menu[0].Price, Menu[0].Name), (_, receipt) => receipt).ThenShow("Enjoy it.");
    }
}
