using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Money;
using Tessera.Storage.Issuing;
using Tessera.Storage.Tests.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Purses;

/// <summary>What a revoked card may have spent offline does not wait for ever, and nobody but the issuer pays for that.</summary>
public sealed class RevokedAllowanceTests : OfflineBook
{
    [Fact]
    public async Task What_a_revoked_card_did_not_spend_goes_back_to_its_holder_after_the_time_to_wait()
    {
        var card = await AllowedAsync(2000);
        await Book.Treasury.ClearAsync(await PayOfflineAsync(card, 300), Cancel);
        Assert.Equal(RefusalReason.NothingToDo, (await GiveBackAsync(card)).Refusal?.Reason);
        var fresh = await Book.RegisterAsync();
        await Book.Treasury.RevokeAsync(card.Id, fresh.Registration, Cancel);

        Assert.Equal(RefusalReason.TooEarly, (await GiveBackAsync(card, days: 30)).Refusal?.Reason);
        Assert.Equal(4700, (await GiveBackAsync(card)).Account);

        Assert.Equal(0, await Book.BalanceAsync(AccountId.Suspense(card.Id, Issuer.Euro)));
        Assert.Equal(RefusalReason.NothingToDo, (await GiveBackAsync(card)).Refusal?.Reason);
        await Book.PayAsync(fresh, 4700);
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task What_is_cleared_later_is_paid_by_theBook_up_to_what_was_given_back_and_returned_to_it()
    {
        var card = await AllowedAsync(500);
        var (first, second) = (await PayOfflineAsync(card, 300), await PayOfflineAsync(card, 150));
        await Book.Treasury.RevokeAsync(card.Id, null, Cancel);
        await GiveBackAsync(card);

        Assert.True((await Book.Treasury.ClearAsync(second, Cancel)).IsNew);
        Assert.True((await Book.Treasury.ClearAsync(first, Cancel)).IsNew);
        Assert.False((await Book.Treasury.ClearAsync(first, Cancel)).IsNew);

        Assert.Equal((5000, 450, -450), await BooksAsync());
        Assert.Equal(
            RefusalReason.CardSuspect, (await Book.Treasury.ClearAsync(Forged(card, 51, 5), Cancel)).Refusal?.Reason);
        Assert.Empty(await Book.CheckAsync());

        await Book.Treasury.RefundAsync(card.Id, first.Movement.Number, "no gate", Cancel);
        Assert.Equal((5000, 150, -150), await BooksAsync());
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task An_order_that_nobody_proved_is_given_back_with_the_allowance_and_what_it_allowed_is_paid_later()
    {
        var card = await AllowedAsync(500);
        Want(2000);
        await SendAsync(card, (await IssueAsync(await ContactAsync(card))).Intent!);
        var receipt = await PayOfflineAsync(card, 1900);
        await Book.Treasury.RevokeAsync(card.Id, null, Cancel);
        Assert.Equal(2500, await Book.BalanceAsync(AccountId.Suspense(card.Id, Issuer.Euro)));

        Assert.Equal(
            RefusalReason.NothingToDo,
            (await Book.Treasury.DecideAsync(card.Id, FinalOutcome.Unpaid, 0, TimeSpan.Zero, Cancel)).Refusal?.Reason);
        Assert.Equal(5000, (await GiveBackAsync(card)).Account);
        Assert.True((await Book.Treasury.ClearAsync(receipt, Cancel)).IsNew);

        Assert.Equal((5000, 1900, -1900), await BooksAsync());
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task A_stolen_card_gives_up_its_allowance_before_it_is_deactivated()
    {
        var card = await AllowedAsync(2000);
        await PayOfflineAsync(card, 300);
        await Book.Treasury.ReportStolenAsync(card.Id, Cancel);
        await ProveAllAsync(card);

        Assert.Equal((MoveKind.Allow, 0u), ((await ContactAsync(card)).Order, (await ContactAsync(card)).OrderAmount));
        await ObeyAsync(card);
        Assert.Equal(4700, (await Book.ViewAsync()).Spendable);
        await Assert.ThrowsAsync<OfflineRefusedException>(() => PayOfflineAsync(card, 1));

        Assert.Equal(MoveKind.Deactivate, (await ContactAsync(card)).Order);
        await ObeyAsync(card);
        await Book.Treasury.RevokeAsync(card.Id, null, Cancel);
        Assert.Equal(0, await Book.BalanceAsync(AccountId.Suspense(card.Id, Issuer.Euro)));
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task At_the_counter_a_card_proves_what_nobody_handed_in_and_leaves_nothing_in_suspense_wherever_it_is_pulled()
    {
        for (var (commands, done) = (0, false); !done; commands++)
        {
            var card = await AllowedAsync(2000);
            await PayOfflineAsync(card, 300);
            await Book.Treasury.ReportStolenAsync(card.Id, Cancel);
            var counter = new CardCounter(Book.Treasury, TimeProvider.System);
            try
            {
                await counter.DeactivateAsync(new Pulled(card, commands), card.Registration, Cancel);
                done = true;
            }
            catch (ConnectionLostException)
            {
                card.Reset();
                await counter.DeactivateAsync(card, card.Registration, Cancel);
            }

            await Book.Treasury.RevokeAsync(card.Id, null, Cancel);
            Assert.Equal((4700, 300, 0), await BooksAsync());
            Assert.Equal(0, await Book.BalanceAsync(AccountId.Suspense(card.Id, Issuer.Euro)));
            Assert.Empty(await Book.CheckAsync());
            Assert.InRange(commands, 0, 8);
            if (!done) await Book.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("UPDATE purse_limits SET borne = borne - 1", LedgerRule.LateDebitsAreBorne)]
    [InlineData("UPDATE purse_limits SET given_back = 350", LedgerRule.AllowancesFollowMovements)]
    [InlineData("UPDATE purse_limits SET allowance = 1", LedgerRule.AllowancesFollowMovements)]
    public async Task The_book_tells_what_was_changed_behind_what_was_given_back(string sql, LedgerRule broken)
    {
        var card = await AllowedAsync(500);
        var receipt = await PayOfflineAsync(card, 300);
        await Book.Treasury.RevokeAsync(card.Id, null, Cancel);
        await GiveBackAsync(card);
        await Book.Treasury.ClearAsync(receipt, Cancel);
        Assert.Empty(await Book.CheckAsync());

        await Book.Database.WriteAsync("test", transaction => transaction.ExecuteAsync(sql, new { }), Cancel);

        Assert.Contains(await Book.CheckAsync(), fault => fault.Rule == broken);
    }

    private Task<Booked> GiveBackAsync(RealCard card, int days = 0) =>
        Book.Treasury.GiveBackAsync(card.Id, TimeSpan.FromDays(days), Cancel);

    /// <summary>What the holder, the acceptor and the issuer have.</summary>
    private async Task<(long, long, long)> BooksAsync() => (
        (await Book.ViewAsync()).Account, await Book.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)),
        await Book.BalanceAsync(AccountId.LateOffline(Issuer.Euro)));

    /// <summary>Pulled before the answer to a command came.</summary>
    private sealed class Pulled(ICardChannel card, int commands) : ICardChannel
    {
        private int _left = commands;

        public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
        {
            var answer = await card.TransmitAsync(command, cancel);
            return _left-- > 0 ? answer : throw new ConnectionLostException("The card was pulled.");
        }
    }
}
