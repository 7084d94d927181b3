using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Money;
using Tessera.Storage.Tests.Money;
using Xunit;

namespace Tessera.Storage.Tests.Purses;

/// <summary>Offline debits in the book: a hold until they are proven, each number once, whoever comes first.</summary>
public sealed class OfflineBookTests : OfflineBook
{
    [Fact]
    public async Task An_allowance_is_held_from_its_order_on_and_only_where_it_is_wanted()
    {
        var card = await CardAsync(allowance: 0);
        await Book.FundAsync(5000);
        Assert.Null((await ContactAsync(card)).Order);

        Want(2000);
        var contact = await ContactAsync(card);
        Assert.Equal((MoveKind.Allow, 2000u), (contact.Order, contact.OrderAmount));
        var intent = (await IssueAsync(contact)).Intent!;

        Assert.Equal(3000, (await Book.ViewAsync()).Spendable);
        await RunAsync(card, intent);
        Assert.Equal((5000, 3000), ((await Book.ViewAsync()).Account, (await Book.ViewAsync()).Spendable));
        Assert.True((await ContactAsync(card)).IsSettled);

        Want(0);
        await ObeyAsync(card);
        Assert.Equal(5000, (await Book.ViewAsync()).Spendable);
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task Never_more_than_half_of_what_is_spendable_and_not_again_before_half_is_used()
    {
        var card = await CardAsync(2000);
        await Book.FundAsync(3000);
        Assert.Equal(1500u, (await ContactAsync(card)).OrderAmount);
        await ObeyAsync(card);
        await RunAsync(card, (await Book.AuthoriseAsync(await ContactAsync(card), [Alternative.Adjust("all")])).Intent!);

        await Book.FundAsync(9000);
        Assert.Null((await ContactAsync(card)).Order);
        await PayOfflineAsync(card, 600);
        await ProveAllAsync(card);
        Assert.Equal((MoveKind.Allow, 2000u), ((await ContactAsync(card)).Order, (await ContactAsync(card)).OrderAmount));
    }

    [Fact]
    public async Task Receipts_in_any_order_pay_once_and_the_hold_shrinks()
    {
        var (card, other) = (await AllowedAsync(2000), await Book.IssueAsync());
        var first = await PayOfflineAsync(card, 300);
        var second = await PayOfflineAsync(card, 50);
        var third = await PayOfflineAsync(card, 7);

        Assert.True((await Book.Treasury.ClearAsync(third, Cancel)).IsNew);
        Assert.True((await Book.Treasury.ClearAsync(first, Cancel)).IsNew);
        Assert.Empty(await Book.CheckAsync());
        Assert.Equal(307, await Book.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
        Assert.Equal((4693, 3000), ((await Book.ViewAsync()).Account, (await Book.ViewAsync()).Spendable));
        Assert.False((await Book.Treasury.ClearAsync(third, Cancel)).IsNew);

        Assert.Equal(4693, (await Book.ViewAsync(other)).Copy!.Pending);
        Assert.Equal([4u], (await ContactAsync(card)).Missing);
        await ProveAllAsync(card);
        Assert.False((await Book.Treasury.ClearAsync(second, Cancel)).IsNew);
        Assert.Equal(357, await Book.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
        Assert.Equal(4643, (await Book.ViewAsync(other)).Copy!.Pending);
        Assert.True((await ContactAsync(card)).IsSettled);
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task An_offline_debit_that_took_the_number_of_a_payment_closes_it_as_not_done()
    {
        var card = await AllowedAsync(2000);
        var contact = await ContactAsync(card);
        var intent = (await Book.AuthoriseAsync(contact, 400)).Intent!;
        await Book.Treasury.UnknownAsync(intent.Id, Cancel);

        var receipt = await PayOfflineAsync(card, 90);
        Assert.Equal(intent.Number, receipt.Movement.Number);
        await ProveAllAsync(card);

        Assert.Equal(IntentState.NotDone, (await Book.Treasury.OutcomeAsync(intent.Id, Cancel)).State);
        Assert.Equal((4910, 3000), ((await Book.ViewAsync()).Account, (await Book.ViewAsync()).Spendable));
        Assert.Contains((await ContactAsync(card)).Settlements, told => told.Intent == intent.Id);
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task A_payment_whose_receipt_was_lost_is_found_among_what_came_after_it()
    {
        var card = await AllowedAsync(2000);
        var intent = (await Book.AuthoriseAsync(
            await ContactAsync(card), [Alternative.Debit(400, Issuer.Shop, "bread", MoveTerms.WithoutPin)])).Intent!;
        await SendAsync(card, intent);
        for (var i = 0; i < 19; i++) await PayOfflineAsync(card, 1);
        await Assert.ThrowsAsync<CardStatusException>(() => PayOfflineAsync(card, 1));

        var contact = await ContactAsync(card);
        Assert.Equal(20, contact.Missing.Count);
        await ProveAllAsync(card);

        Assert.Equal(IntentState.Done, (await Book.Treasury.OutcomeAsync(intent.Id, Cancel)).State);
        Assert.Equal((400, 19), (await Book.SoldAsync(), await Book.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro))));
        Assert.Equal(MoveKind.Allow, (await ContactAsync(card)).Order);
        await ObeyAsync(card);
        await PayOfflineAsync(card, 1);
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task A_receipt_above_what_is_proven_waits_for_the_order_that_allowed_it()
    {
        var card = await AllowedAsync(500);
        Want(2000);
        var order = (await IssueAsync(await ContactAsync(card))).Intent!;
        await SendAsync(card, order);
        var receipt = await PayOfflineAsync(card, 900);

        Assert.Equal(RefusalReason.OpenIntent, (await Book.Treasury.ClearAsync(receipt, Cancel)).Refusal?.Reason);
        Assert.Equal(2500, (await Book.ViewAsync()).Spendable);
        await ProveAllAsync(card);

        Assert.Equal(900, await Book.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
        Assert.Equal(3000, (await Book.ViewAsync()).Spendable);
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task A_revoked_cards_allowance_waits_in_suspense_for_its_receipts()
    {
        var card = await AllowedAsync(2000);
        var (known, late) = (await PayOfflineAsync(card, 300), await PayOfflineAsync(card, 40));
        await Book.Treasury.ClearAsync(known, Cancel);
        var fresh = await Book.RegisterAsync();

        await Book.Treasury.RevokeAsync(card.Id, fresh.Registration, Cancel);
        Assert.Equal(3000, (await Book.ViewAsync()).Account);
        Assert.Equal(1700, await Book.BalanceAsync(AccountId.Suspense(card.Id, Issuer.Euro)));
        Assert.True((await Book.Treasury.ClearAsync(late, Cancel)).IsNew);

        Assert.Equal(1660, await Book.BalanceAsync(AccountId.Suspense(card.Id, Issuer.Euro)));
        Assert.Equal(340, await Book.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
        Assert.Equal(3000, (await Book.ViewAsync()).Account);
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task An_offline_debit_is_given_back_once()
    {
        var card = await AllowedAsync(2000);
        var receipt = await PayOfflineAsync(card, 300);
        Assert.Equal(
            RefusalReason.NothingToDo,
            (await Book.Treasury.RefundAsync(card.Id, receipt.Movement.Number, "no gate", Cancel)).Refusal?.Reason);
        await Book.Treasury.ClearAsync(receipt, Cancel);

        var back = await Book.Treasury.RefundAsync(card.Id, receipt.Movement.Number, "no gate", Cancel);
        Assert.Equal(back.Entry, (await Book.Treasury.RefundAsync(card.Id, receipt.Movement.Number, "no gate", Cancel)).Entry);

        Assert.Equal(5000, (await Book.ViewAsync()).Account);
        Assert.Equal(0, await Book.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
        Assert.Empty(await Book.CheckAsync());
    }

    [Fact]
    public async Task Whoever_spends_what_nobody_allowed_is_suspect()
    {
        var card = await AllowedAsync(500);
        var forged = Forged(card, 501, 3);

        Assert.Equal(RefusalReason.CardSuspect, (await Book.Treasury.ClearAsync(forged, Cancel)).Refusal?.Reason);

        Assert.Equal(RefusalReason.CardSuspect, (await ContactAsync(card)).Refusal?.Reason);
        Assert.Equal(0, await Book.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
    }

    [Theory]
    [InlineData("UPDATE purse_limits SET allowance = allowance - 1", LedgerRule.AllowancesFollowMovements)]
    [InlineData("UPDATE purse_limits SET allowance = 4901", LedgerRule.NoNegativeSpendable)]
    [InlineData("DELETE FROM movements WHERE number = 3", LedgerRule.NumbersAreGapless)]
    [InlineData("UPDATE movements SET evidence_octets = zeroblob(50) WHERE number = 3", LedgerRule.EvidenceVerifies)]
    public async Task The_book_tells_what_was_changed(string sql, LedgerRule broken)
    {
        var card = await AllowedAsync(2000);
        await Book.Treasury.ClearAsync(await PayOfflineAsync(card, 100), Cancel);
        Assert.Empty(await Book.CheckAsync());

        await Book.Database.WriteAsync("test", transaction => transaction.ExecuteAsync(sql, new { }), Cancel);

        Assert.Contains(await Book.CheckAsync(), fault => fault.Rule == broken);
    }
}
