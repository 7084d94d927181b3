using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Objects;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>What is bought for a card comes with the payment; coupons are redeemed once.</summary>
public class GoodsTests
{
    private static readonly IReadOnlyList<CardField> Tickets = CardField.Objects(0x21, 2, "ticket", "Bus ticket");
    private static readonly IReadOnlyList<CardField> Coupons = CardField.Objects(0x29, 1, "coupon", "Coupon");

    private static readonly Dialogue<(string Stop, Receipt Receipt)> Sale = Dialogue.Choose(
        View.Titled("Where to?"), ["Centre", "Airport"], stop => stop, stop => Dialogue
            .Pay(Amount.Of(3.20m), $"Bus to {stop}", goods: Goods.Ticket(Tickets, stop, TimeSpan.FromHours(2)))
            .ThenShow("Have a good trip."));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<CardKind> Kinds => [CardKind.Iso, CardKind.Sim];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_ticket_comes_with_the_debit_and_nothing_else_brings_it(CardKind kind)
    {
        using var world = await WorldAsync(kind);
        using var link = Insert(world, kind);
        world.Person.Does("Airport", "123456");

        (string Stop, Receipt Receipt)? sold = null;
        await world.RunAsync(link, async (session, cancel) => sold = await session.RunAsync(Sale, cancel));

        Assert.Equal("Airport", sold?.Stop);
        Assert.Equal(1680, world.Account);
        Assert.Equal("Airport", TicketOn(world, world.Card)?.Text);
        Assert.True(world.IsSigned(TicketOn(world, world.Card)!, world.Card));
        Assert.DoesNotContain(link.Ran.SelectMany(Instructions), instruction => instruction is 0x64 or 0x66);
        Assert.Equal(0, world.Card.Store.Writes);
    }

    [Fact]
    public async Task A_receipt_that_is_lost_is_settled_with_its_goods_and_nothing_is_owed()
    {
        using var world = await WorldAsync(CardKind.Iso);
        using var link = Insert(world, CardKind.Iso);
        link.Faults = script => script.Moves(MoveKind.Debit) ? Fault.AnswerLost : Fault.None;
        world.Person.Does("Centre", "123456");
        await world.RunAsync(link, async (session, cancel) => await session.RunAsync(Sale, cancel));
        Assert.Equal(2000, world.Account);

        using var later = Insert(world, CardKind.Iso, session: 0x2B);
        world.Person.Does("Airport", "123456");
        await world.RunAsync(later, async (session, cancel) => await session.RunAsync(Sale, cancel));

        Assert.Equal(2000 - (2 * 320), world.Account);
        Assert.Empty(await world.Treasury.OwedAsync(world.Holder.Id, Cancel));
        Assert.Equal(
            "Centre, Airport", string.Join(", ", Tickets.Select(place => Read(world.Card.Store[place.Id])?.Text)));
    }

    [Fact]
    public async Task A_script_that_never_ran_took_nothing_and_its_place_is_used_again()
    {
        using var world = await WorldAsync(CardKind.Iso);
        using var link = Insert(world, CardKind.Iso);
        link.Faults = script => script.Moves(MoveKind.Debit) ? Fault.NeverRuns : Fault.None;
        await world.RunAsync(link, async (session, cancel) => await session.RunAsync(Sale, cancel));

        using var later = Insert(world, CardKind.Iso, session: 0x2B);
        world.Person.Does("Airport", "123456");
        await world.RunAsync(later, async (session, cancel) => await session.RunAsync(Sale, cancel));

        Assert.Equal(1680, world.Account);
        Assert.Equal("Airport", TicketOn(world, world.Card)?.Text);
    }

    [Fact]
    public async Task A_card_that_cannot_gets_it_behind_the_payment()
    {
        using var world = await WorldAsync(CardKind.Iso);
        world.Card.BringsGoods = false;
        using var link = Insert(world, CardKind.Iso);
        world.Person.Does("Centre", "123456");

        await world.RunAsync(link, async (session, cancel) => await session.RunAsync(Sale, cancel));

        Assert.Equal(1680, world.Account);
        Assert.Equal("Centre", TicketOn(world, world.Card)?.Text);
        Assert.Equal(1, world.Card.Store.Writes);
        Assert.Empty(await world.Treasury.OwedAsync(world.Holder.Id, Cancel));
    }

    [Fact]
    public async Task What_does_not_come_behind_the_payment_is_owed()
    {
        using var world = await WorldAsync(CardKind.Iso);
        (world.Card.BringsGoods, world.Card.Store.Refuses) = (false, Tessera.Cards.StatusWord.NotEnoughMemory);
        using var link = Insert(world, CardKind.Iso);
        world.Person.Does("Centre", "123456");

        await world.RunAsync(link, async (session, cancel) => await session.RunAsync(Sale, cancel));

        Assert.Equal(1680, world.Account);
        Assert.Single(await world.Treasury.OwedAsync(world.Holder.Id, Cancel));
    }

    [Fact]
    public async Task Where_no_place_is_left_nothing_is_taken_until_the_time_of_a_ticket_is_over()
    {
        var time = new SettableTime();
        using var world = await WorldAsync(CardKind.Iso, time);
        for (ushort session = 0x30; session < 0x32; session++)
        {
            using var link = Insert(world, CardKind.Iso, session);
            world.Person.Does("Centre", "123456");
            await world.RunAsync(link, async (s, cancel) => await s.RunAsync(Sale, cancel));
        }

        using var full = Insert(world, CardKind.Iso, session: 0x32);
        world.Person.Does("Airport");
        DialogueEnd? end = null;
        await world.RunAsync(full, async (session, cancel) => end = await PinTests.EndOfAsync(session, Sale, cancel));
        Assert.Equal((DialogueEnd.CardRefused, 2000L - 640), (end, world.Account));

        time.Now += TimeSpan.FromHours(3);
        using var link2 = Insert(world, CardKind.Iso, session: 0x33);
        world.Person.Does("Airport", "123456");
        await world.RunAsync(link2, async (session, cancel) => await session.RunAsync(Sale, cancel));
        Assert.Equal(2000 - (3 * 320), world.Account);
        Assert.Equal("Airport", TicketOn(world, world.Card)?.Text);
    }

    [Fact]
    public async Task An_object_does_not_come_to_another_card_of_its_holder()
    {
        using var world = await WorldAsync(CardKind.Iso);
        using (var link = Insert(world, CardKind.Iso))
            await world.RunAsync(link, async (session, cancel) => await session.RunAsync(Dialogue.Give(Coupon), cancel));
        Assert.NotNull(Read(world.Card.Store[0x29]));

        var other = await world.AddAsync(CardKind.Iso);
        using var second = world.Insert(TerminalProfile.Rich, session: 0x2B, card: other);
        Amount? value = Amount.Zero;
        await world.RunAsync(second, async (session, cancel) => value = await session.RunAsync(Dialogue.Redeem(Coupons), cancel));

        Assert.Null(value);
        Assert.Equal((2000, 0), (world.Account, other.Store.Writes));
        Assert.Empty(other.Store.Versions);
    }

    [Fact]
    public async Task An_object_that_is_copied_to_another_card_is_worth_nothing()
    {
        using var world = await WorldAsync(CardKind.Iso);
        using (var link = Insert(world, CardKind.Iso))
            await world.RunAsync(link, async (session, cancel) => await session.RunAsync(Dialogue.Give(Coupon), cancel));
        var other = await world.AddAsync(CardKind.Iso);
        other.Store.Put(0x29, world.Card.Store[0x29]);

        using var second = world.Insert(TerminalProfile.Rich, session: 0x2B, card: other);
        Amount? value = Amount.Zero;
        await world.RunAsync(second, async (session, cancel) => value = await session.RunAsync(Dialogue.Redeem(Coupons), cancel));

        Assert.Null(value);
        Assert.Equal(2000, world.Account);
        Assert.NotNull(Read(other.Store[0x29]));
    }

    [Fact]
    public async Task A_coupon_is_redeemed_once()
    {
        using var world = await WorldAsync(CardKind.Iso);
        using var link = Insert(world, CardKind.Iso);
        List<Amount?> values = [];
        await world.RunAsync(link, async (session, cancel) =>
        {
            await session.RunAsync(Dialogue.Give(Coupon), cancel);
            values.Add(await session.RunAsync(Dialogue.Redeem(Coupons), cancel));
            values.Add(await session.RunAsync(Dialogue.Redeem(Coupons), cancel));
        });

        Assert.Equal([Amount.Of(5), null], values);
        Assert.Equal(2500, world.Account);
        Assert.Equal(2500u, world.Card.Balance);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_coupon_whose_removal_was_cut_is_redeemed_the_next_time_and_once(bool ran)
    {
        var fault = ran ? Fault.AnswerLost : Fault.NeverRuns;
        using var world = await WorldAsync(CardKind.Iso);
        using (var link = Insert(world, CardKind.Iso))
        {
            await world.RunAsync(link, async (session, cancel) =>
            {
                await session.RunAsync(Dialogue.Give(Coupon), cancel);
                link.Faults = script => Instructions(script).Contains((byte)0x66) ? fault : Fault.None;
                await session.RunAsync(Dialogue.Redeem(Coupons), cancel);
            });
        }

        Assert.Equal(2000, world.Account);
        List<Amount?> values = [];
        foreach (var session in (ushort[])[0x2B, 0x2C])
        {
            using var later = Insert(world, CardKind.Iso, session);
            await world.RunAsync(later, async (s, cancel) => values.Add(await s.RunAsync(Dialogue.Redeem(Coupons), cancel)));
        }

        Assert.Single(values, value => value == Amount.Of(5));
        Assert.Equal(2500, world.Account);
    }

    [Fact]
    public async Task A_server_that_dies_at_any_write_loses_and_makes_neither_money_nor_goods()
    {
        for (var point = 1; ; point++)
        {
            using var world = await WorldAsync(CardKind.Iso);
            using var link = Insert(world, CardKind.Iso);
            world.Person.Does("Airport", "123456");
            world.Power.FailAt(point);
            var died = false;
            try
            {
                await world.RunAsync(link, Buy);
            }
            catch (CrashException)
            {
                died = true;
            }

            world.Restart();
            if (died) await world.ResumeAsync(link, Buy);
            using var later = Insert(world, CardKind.Iso, session: 0x2B);
            await world.RunAsync(later, (_, _) => Task.CompletedTask);
            var paid = world.Card.Log.Count(movement => movement.Kind == MoveKind.Debit);
            var there = Tickets.Count(place => Read(world.Card.Store[place.Id]) is not null);
            Assert.True(paid == there, $"point {point}: {paid} paid, {there} there");
            Assert.Equal(2000 - (320 * paid), world.Account);
            Assert.Empty(await world.Treasury.OwedAsync(world.Holder.Id, Cancel));
            if (!died) break;
        }

        async Task Buy(CardSession session, CancellationToken cancel) => await session.RunAsync(Sale, cancel);
    }

    private static Goods Coupon => Goods.Coupon(Coupons, Amount.Of(5), "Welcome", TimeSpan.FromDays(30));

    private static async Task<World> WorldAsync(CardKind kind, TimeProvider? time = null)
    {
        var world = await World.WithAsync(2000, time, kind, new Keeper());
        world.Card.BringsGoods = true;
        return world;
    }

    private static ModelLink Insert(World world, CardKind kind, ushort session = 0x2A) => kind == CardKind.Iso
        ? world.Insert(TerminalProfile.TextOnly, session)
        : world.Open(session, maxScript: 1100);

    private static SignedObject? TicketOn(World world, ModelCard card) =>
        Read(card.Store[Tickets[0].Id]) is { } ticket && world.IsSigned(ticket, card) ? ticket : null;

    private static SignedObject? Read(Wire.Bytes content) => StoredObject.Of(content);

    private static IEnumerable<byte> Instructions(CommandScript script) =>
        script.Numbered().Select(numbered => numbered.Step).OfType<CardStep>().Select(step => step.Command.Ins);

    private sealed class Keeper : ICardApplication
    {
        public string Name => "bus";

        public string Title => "Bus";

        public IReadOnlyList<CardField> Fields => [.. Tickets, .. Coupons];

        public Task RunAsync(CardSession session, CancellationToken cancel) => Task.CompletedTask;
    }

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
