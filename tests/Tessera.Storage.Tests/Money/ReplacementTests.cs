using Tessera.Platform.Money;
using Xunit;

namespace Tessera.Storage.Tests.Money;

/// <summary>A card is lost, or given back, and what it may have paid is not known.</summary>
public sealed class ReplacementTests
{
    private static readonly Alternative[] BreadOrCake =
        [Alternative.Debit(250, Issuer.Shop, "bread"), Alternative.Debit(300, Issuer.Shop, "cake")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_left_of_the_account_is_there_at_once_and_the_hold_waits()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (lost, fresh, _) = await LoseAsync(issuer);

        var booked = await issuer.Treasury.ReplaceAsync(lost.Id, fresh.Registration, Cancel);

        Assert.Equal((700L, null), (booked.Account, booked.Refusal));
        Assert.Equal(300, await issuer.BalanceAsync(AccountId.Suspense(lost.Id, Issuer.Euro)));
        await SpendsAllAsync(issuer, fresh, 700);
    }

    [Fact]
    public async Task Done_again_it_goes_on_where_it_was_cut()
    {
        for (var step = 1; step <= 2; step++)
        {
            await using var issuer = await Issuer.OpenAsync();
            var (lost, fresh, _) = await LoseAsync(issuer);
            issuer.CrashAt(step);
            try
            {
                await issuer.Treasury.ReplaceAsync(lost.Id, fresh.Registration, Cancel);
            }
            catch (CrashException)
            {
                await issuer.StartAsync();
            }

            for (var again = 0; again < 2; again++)
            {
                var booked = await issuer.Treasury.ReplaceAsync(lost.Id, fresh.Registration, Cancel);
                Assert.Equal((700L, null), (booked.Account, booked.Refusal));
            }

            Assert.Equal(300, await issuer.BalanceAsync(AccountId.Suspense(lost.Id, Issuer.Euro)));
            await SpendsAllAsync(issuer, fresh, 700);
        }
    }

    [Fact]
    public async Task A_card_that_was_given_up_can_have_a_successor_later()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (lost, fresh, intent) = await LoseAsync(issuer);
        await issuer.Treasury.ReplaceAsync(lost.Id, null, Cancel);
        var s3 = lost.Move(intent.Moves[0], 250, Issuer.Digest)!;
        await issuer.SettleAsync(intent, 0, 250, s3);

        Assert.Equal(750, (await issuer.Treasury.ReplaceAsync(lost.Id, fresh.Registration, Cancel)).Account);

        await SpendsAllAsync(issuer, fresh, 750);
    }

    [Fact]
    public async Task A_successor_needs_room_and_a_holder()
    {
        await using var issuer = await Issuer.OpenAsync();
        var lost = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var small = await issuer.RegisterAsync(greatest: 999);
        var others = await issuer.RegisterAsync(await issuer.AddHolderAsync("Ben"));

        Assert.Equal(
            RefusalReason.TooMuchForCard,
            (await issuer.Treasury.ReplaceAsync(lost.Id, small.Registration, Cancel)).Refusal?.Reason);
        await Assert.ThrowsAsync<ArgumentException>(() =>
            issuer.Treasury.ReplaceAsync(lost.Id, others.Registration, Cancel));
        Assert.Equal(RefusalReason.UnknownCard, (await issuer.Treasury.ReplaceAsync(small.Id, null, Cancel)).Refusal?.Reason);
        await issuer.PayAsync(lost, 1000);
    }

    [Fact]
    public async Task Nobody_decides_on_a_card_that_can_still_prove_it_or_too_early()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (lost, _, _) = await LoseAsync(issuer);
        Assert.Equal(RefusalReason.NothingToDo, (await DecideAsync(issuer, lost, FinalOutcome.Unpaid)).Refusal?.Reason);

        await issuer.Treasury.ReplaceAsync(lost.Id, null, Cancel);
        Assert.Equal(
            RefusalReason.TooEarly, (await DecideAsync(issuer, lost, FinalOutcome.Unpaid, days: 30)).Refusal?.Reason);
        await Assert.ThrowsAsync<ArgumentException>(() => DecideAsync(issuer, lost, FinalOutcome.Paid, alternative: 2));
        Assert.Equal(300, await issuer.BalanceAsync(AccountId.Suspense(lost.Id, Issuer.Euro)));
    }

    [Fact]
    public async Task Unpaid_by_decision_the_holder_has_it_back_on_every_card()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (lost, fresh, _) = await LoseAsync(issuer);
        await issuer.Treasury.ReplaceAsync(lost.Id, fresh.Registration, Cancel);

        Assert.Equal(1000, (await DecideAsync(issuer, lost, FinalOutcome.Unpaid)).Account);

        Assert.Equal(RefusalReason.NothingToDo, (await DecideAsync(issuer, lost, FinalOutcome.Paid)).Refusal?.Reason);
        await SpendsAllAsync(issuer, fresh, 1000);
    }

    [Fact]
    public async Task Paid_by_decision_the_merchant_has_it_and_the_holder_the_rest()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (lost, fresh, _) = await LoseAsync(issuer);
        await issuer.Treasury.ReplaceAsync(lost.Id, fresh.Registration, Cancel);

        Assert.Equal(750, (await DecideAsync(issuer, lost, FinalOutcome.Paid, alternative: 0)).Account);

        Assert.Equal((0L, 250L), (
            await issuer.BalanceAsync(AccountId.Suspense(lost.Id, Issuer.Euro)), await issuer.SoldAsync()));
        await SpendsAllAsync(issuer, fresh, 750);
    }

    [Fact]
    public async Task Proof_behind_a_decision_moves_nothing_and_is_kept()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (lost, fresh, intent) = await LoseAsync(issuer);
        var s3 = lost.Move(intent.Moves[0], 250, Issuer.Digest)!;
        await issuer.Treasury.ReplaceAsync(lost.Id, fresh.Registration, Cancel);
        await DecideAsync(issuer, lost, FinalOutcome.Unpaid);

        var late = await issuer.SettleAsync(intent, 0, 250, s3);

        Assert.Equal(RefusalReason.CardSuspect, late.Refusal?.Reason);
        await using (var view = await issuer.Store.ViewAsync(Cancel))
        {
            var alarm = Assert.Single(await view.AlarmsAsync(Cancel).ToListAsync(Cancel));
            Assert.Equal(lost.Id, alarm.Alarm.Card);
        }

        await SpendsAllAsync(issuer, fresh, 1000);
    }

    [Fact]
    public async Task The_books_tell_where_suspense_is_not_what_is_held()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (lost, _, _) = await LoseAsync(issuer);
        await issuer.Treasury.ReplaceAsync(lost.Id, null, Cancel);
        Assert.Empty(await issuer.CheckAsync());

        await issuer.Database.WriteAsync(
            "tamper", transaction => transaction.ExecuteAsync("UPDATE intents SET state = 'NotDone', closed = 1"), Cancel);

        var fault = Assert.Single(await issuer.CheckAsync(), fault => fault.Rule == LedgerRule.SuspenseIsHeld);
        Assert.Equal($"suspense:{lost.Id}:0978", fault.Where);
    }

    /// <summary>An account of 10.00, and a card that was to pay 2.50 or 3.00 and was lost then.</summary>
    private static async Task<(ModelCard Lost, ModelCard Fresh, Intent Intent)> LoseAsync(Issuer issuer)
    {
        var (lost, fresh) = (await issuer.IssueAsync(), await issuer.RegisterAsync());
        await issuer.FundAsync(1000);
        var intent = (await issuer.AuthoriseAsync(await issuer.ContactAsync(lost), BreadOrCake)).Intent!;
        await issuer.Treasury.UnknownAsync(intent.Id, Cancel);
        return (lost, fresh, intent);
    }

    /// <summary>The successor can pay with all that was left, and the books hold.</summary>
    private static async Task SpendsAllAsync(Issuer issuer, ModelCard fresh, uint account)
    {
        await issuer.PayAsync(fresh, account);
        Assert.Empty(await issuer.CheckAsync());
    }

    private static Task<Booked> DecideAsync(
        Issuer issuer, ModelCard card, FinalOutcome outcome, int alternative = 0, int days = 0) =>
        issuer.Treasury.DecideAsync(card.Id, outcome, alternative, TimeSpan.FromDays(days), Cancel);
}
