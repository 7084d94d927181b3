using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>
/// A receipt that comes when its session is over is booked once, owed and told; nothing else is believed.
/// </summary>
public class LateAnswerTests
{
    private const string Made = "Your payment of 3.20 for Bus ticket was made.";

    private static readonly Dialogue<Receipt> Bus = Dialogue.Pay(Amount.Of(3.20m), "Bus ticket").ThenShow("Thank you.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_late_receipt_settles_without_another_contact_and_the_next_contact_tells_it()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = await LoseAsync(world);
        Assert.Equal(2000, world.Account);

        var settled = await SettleAsync(world, phone);

        Assert.Equal(
            (IntentState.Done, 320u, "Bus ticket", true, null),
            (settled!.State, settled.Amount, settled.What, settled.Late, settled.Refusal));
        Assert.Equal((1680, 320), (world.Account, world.Sold()));
        Assert.Equal(settled.Intent, Assert.Single(await OwedAsync(world)).Intent);
        await VisitAsync(world, 0x2B);
        await VisitAsync(world, 0x2C);
        Assert.Equal((1, 1680u), (Told(world), world.Card.Balance));
        Assert.Equal((1680, 320), (world.Account, world.Sold()));
    }

    [Fact]
    public async Task The_same_late_answer_again_changes_nothing()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = await LoseAsync(world);
        var first = await SettleAsync(world, phone);
        var writes = world.Power.Writes;

        var again = await SettleAsync(world, phone);

        Assert.Equal((first!.Intent, first.State, first.Late), (again!.Intent, again.State, again.Late));
        Assert.Equal(writes, world.Power.Writes);
    }

    [Fact]
    public async Task An_answer_with_any_octet_altered_moves_nothing_and_the_true_one_still_does()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = await LoseAsync(world);
        var answer = phone.Answers[^1];
        for (var at = 0; at < answer.Length; at++)
        {
            var octets = answer.ToArray();
            octets[at] ^= 0x01;
            var altered = await SettleAsync(world, new LateLink(phone, phone.Came[^1], new Bytes(octets)));
            Assert.True(altered is { State: IntentState.Unknown }, $"{at}");
        }

        Assert.Equal(RefusalReason.AuthenticationFailed, (await SettleAsync(world, Forged(phone)))!.Refusal!.Reason);
        Assert.Equal((2000, 0), (world.Account, world.Sold()));
        await SettleAsync(world, phone);
        Assert.Equal((1680, 320), (world.Account, world.Sold()));
        Assert.Equal(CardState.Active, world.Holders.Cards[world.Registration.Card].State);
    }

    [Fact]
    public async Task What_the_card_proved_itself_before_is_not_booked_again()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = await LoseAsync(world);
        await VisitAsync(world, 0x2B);
        Assert.Equal(1680, world.Account);

        var settled = await SettleAsync(world, phone);
        await VisitAsync(world, 0x2C);

        Assert.Equal(IntentState.Done, settled!.State);
        Assert.Equal((1680, 320, 1), (world.Account, world.Sold(), Told(world)));
        Assert.Equal(CardState.Active, world.Holders.Cards[world.Registration.Card].State);
    }

    [Fact]
    public async Task A_late_receipt_and_the_cards_own_proof_at_the_same_time_are_one_payment()
    {
        for (var round = 0; round < 20; round++)
        {
            using var world = await World.WithAsync(2000, kind: CardKind.Sim);
            using var phone = await LoseAsync(world);
            using var next = world.Open(session: 0x2B);

            await Task.WhenAll(
                Task.Run(() => SettleAsync(world, phone), Cancel),
                Task.Run(() => world.RunAsync(next, (_, _) => Task.CompletedTask), Cancel));

            await VisitAsync(world, 0x2C);
            Assert.Equal((1680, 320, 1), (world.Account, world.Sold(), Told(world)));
            Assert.Equal(CardState.Active, world.Holders.Cards[world.Registration.Card].State);
        }
    }

    [Fact]
    public async Task An_answer_without_a_receipt_leaves_it_to_the_card()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = await LoseAsync(world, pin: "000000");

        var outcome = await SettleAsync(world, phone);

        Assert.Equal((IntentState.Unknown, null), (outcome!.State, outcome.Refusal));
        await VisitAsync(world, 0x2B);
        Assert.Equal(IntentState.NotDone, (await SettleAsync(world, phone))!.State);
        Assert.Equal((2000, 0), (world.Account, world.Sold()));
    }

    [Fact]
    public async Task An_answer_about_no_movement_is_none_of_the_treasurys_business()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = world.Open();
        phone.Faults = _ => Fault.AnswerLost;
        await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(Dialogue.Show("Hello"), cancel));

        Assert.Null(await SettleAsync(world, phone));
    }

    [Fact]
    public async Task A_session_that_is_still_at_work_is_waited_for()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = world.Open();
        var (lost, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        phone.Faults = _ => Fault.AnswerLost;
        world.Person.Does("123456");
        var running = world.RunAsync(phone, async (session, cancel) =>
        {
            try
            {
                await session.RunAsync(Bus, cancel);
            }
            finally
            {
                lost.SetResult();
                await end.Task;
            }
        });
        await lost.Task;

        var settling = SettleAsync(world, phone);
        Assert.Equal((false, 2000), (settling.IsCompleted, world.Account));
        end.SetResult();
        var settled = await settling;

        Assert.Equal([SessionEnd.Lost], world.Sessions.Ends);
        Assert.Equal((IntentState.Done, true), (settled!.State, settled.Late));
        await running;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_equal_payments_the_one_that_was_chosen_is_told(bool first)
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = world.Open();
        phone.Faults = _ => Fault.AnswerLost;
        world.Person.Does(first ? "Bus ticket" : "Tram ticket", "123456");
        var tickets = Dialogue.Choose(View.Of("What?"), ["Bus ticket", "Tram ticket"], what => what, what =>
            Dialogue.Pay(Amount.Of(3.20m), what));
        await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(tickets, cancel));

        var settled = await SettleAsync(world, phone);

        Assert.Equal((first ? "Bus ticket" : "Tram ticket", IntentState.Done), (settled!.What, settled.State));
    }

    [Fact]
    public async Task What_the_holder_typed_is_what_is_booked()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = world.Open();
        phone.Faults = _ => Fault.AnswerLost;
        world.Person.Does("777", "123456");
        await world.RunAsync(phone, async (session, cancel) =>
            await session.RunAsync(Dialogue.PayUpTo(Amount.Of(20), "Gift"), cancel));

        await SettleAsync(world, phone);

        Assert.Equal((1223, 777), (world.Account, world.Sold()));
        Assert.Equal(1223u, world.Card.Balance);
    }

    [Fact]
    public async Task A_receipt_of_a_card_that_was_revoked_books_only_in_suspense()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = await LoseAsync(world);
        await world.Treasury.RevokeAsync(world.Registration.Card, null, Cancel);
        Assert.Equal(1680, world.Account);

        await SettleAsync(world, phone);

        Assert.Equal((1680, 320), (world.Account, world.Sold()));
        Assert.Equal(0, world.Money.BalanceOf(AccountId.Suspense(world.Registration.Card, World.Euro)));
    }

    [Fact]
    public async Task Wherever_the_server_died_the_payment_is_booked_once_and_either_sold_or_owed()
    {
        var (sold, owed) = (0, 0);
        for (var point = 1; ; point++)
        {
            using var world = await World.WithAsync(2000, kind: CardKind.Sim);
            using var phone = world.Open();
            phone.Faults = _ =>
            {
                world.Power.FailAt(point);
                return Fault.AnswerLost;
            };
            world.Person.Does("123456");
            List<string> deliveries = [];
            async Task Application(CardSession session, CancellationToken cancel)
            {
                await session.RunAsync(Bus, cancel);
                await session.OnceAsync("deliver", (key, _) => Task.Run(() => deliveries.Add(key), cancel), cancel);
            }

            var crashed = await CrashesAsync(() => world.RunAsync(phone, Application));
            world.Restart();
            var late = LateLink.Of(phone);
            await world.Host.SettleLateAsync(
                late, late.Number, late.Script, _ => new World.Script(Application), Cancel);

            var debts = (await OwedAsync(world)).Count;
            Assert.Equal((1680, 320), (world.Account, world.Sold()));
            var delivered = deliveries.Distinct(StringComparer.Ordinal).Count();
            Assert.True(delivered + debts == 1, $"{point}: {delivered}, {debts}");
            (sold, owed) = (sold + deliveries.Count, owed + debts);
            using var next = world.Open(session: 0x2B);
            await world.Host.ResumeAsync(next, null, _ => new World.Script(Application), Cancel);
            await world.RunAsync(next, (_, _) => Task.CompletedTask);
            Assert.Equal((1680, 320, debts), (world.Account, world.Sold(), Told(world)));
            if (!crashed) break;
        }

        Assert.True(sold > 0 && owed > 0, $"{sold}, {owed}");
    }

    [Fact]
    public async Task A_session_of_an_application_that_is_gone_is_ended_and_its_receipt_is_booked()
    {
        using var world = await World.WithAsync(2000, kind: CardKind.Sim);
        using var phone = world.Open();
        phone.Faults = _ =>
        {
            world.Power.FailAt(1);
            return Fault.AnswerLost;
        };
        world.Person.Does("123456");
        await Assert.ThrowsAsync<CrashException>(() => world.RunAsync(
            phone, async (session, cancel) => await session.RunAsync(Bus, cancel)));
        world.Restart();

        await SettleAsync(world, phone);

        Assert.Equal([SessionEnd.Differs], world.Sessions.Ends);
        Assert.Equal(1680, world.Account);
        Assert.Single(await OwedAsync(world));
    }

    /// <summary>Under another key: what a card that is no card of ours would send.</summary>
    private static LateLink Forged(ModelLink phone)
    {
        var answer = phone.Answers[^1].ToArray();
        var receipt = new byte[PurseMac.Length];
        var response = phone.Answers[^1].Read<ResponseScript>();
        var moved = response.Results.OfType<CardResult>().Last(one => one.Answer.Data.Length > 0);
        var mac = moved.Answer.Data.Span[^PurseMac.Length..];
        receipt.CopyTo(answer.AsSpan(answer.AsSpan().IndexOf(mac)));
        return new LateLink(phone, phone.Came[^1], new Bytes(answer));
    }

    /// <summary>The ticket is paid on the card, and the session ends before it knows.</summary>
    private static async Task<ModelLink> LoseAsync(World world, string pin = "123456")
    {
        var phone = world.Open();
        phone.Faults = _ => Fault.AnswerLost;
        world.Person.Does(pin);
        var end = await world.RunAsync(phone, async (session, cancel) => await session.RunAsync(Bus, cancel));
        Assert.Equal(SessionEnd.Lost, end);
        return phone;
    }

    private static Task<Settlement?> SettleAsync(World world, ModelLink phone) =>
        SettleAsync(world, LateLink.Of(phone));

    private static Task<Settlement?> SettleAsync(World world, LateLink late) =>
        world.Host.SettleLateAsync(late, late.Number, late.Script, _ => null, Cancel);

    private static async Task VisitAsync(World world, ushort session)
    {
        using var phone = world.Open(session);
        Assert.Equal(SessionEnd.Completed, await world.RunAsync(phone, (_, _) => Task.CompletedTask));
    }

    private static async Task<bool> CrashesAsync(Func<Task> work)
    {
        try
        {
            await work();
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
    }

    private static Task<IReadOnlyList<Settlement>> OwedAsync(World world) =>
        world.Treasury.OwedAsync(world.Holder.Id, Cancel);

    private static int Told(World world) => world.Person.Shown.Count(text =>
        string.Equals(text.ReplaceLineEndings(" "), Made, StringComparison.Ordinal));
}
