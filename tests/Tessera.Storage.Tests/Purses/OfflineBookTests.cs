using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage.Tests.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Purses;

/// <summary>Offline debits in the book: a hold until they are proven, each number once, whoever comes first.</summary>
public sealed class OfflineBookTests : IAsyncDisposable
{
    private const uint Gate = 7;

    private readonly List<RealCard> _cards = [];
    private Issuer _issuer = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _cards.ForEach(card => card.Dispose());
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task An_allowance_is_held_from_its_order_on_and_only_where_it_is_wanted()
    {
        var card = await CardAsync(allowance: 0);
        await _issuer.FundAsync(5000);
        Assert.Null((await ContactAsync(card)).Order);

        Want(2000);
        var contact = await ContactAsync(card);
        Assert.Equal((MoveKind.Allow, 2000u), (contact.Order, contact.OrderAmount));
        var intent = (await IssueAsync(contact)).Intent!;

        Assert.Equal(3000, (await _issuer.ViewAsync()).Spendable);
        await RunAsync(card, intent);
        Assert.Equal((5000, 3000), ((await _issuer.ViewAsync()).Account, (await _issuer.ViewAsync()).Spendable));
        Assert.True((await ContactAsync(card)).IsSettled);

        Want(0);
        await ObeyAsync(card);
        Assert.Equal(5000, (await _issuer.ViewAsync()).Spendable);
        Assert.Empty(await _issuer.CheckAsync());
    }

    [Fact]
    public async Task Never_more_than_half_of_what_is_spendable_and_not_again_before_half_is_used()
    {
        var card = await CardAsync(2000);
        await _issuer.FundAsync(3000);
        Assert.Equal(1500u, (await ContactAsync(card)).OrderAmount);
        await ObeyAsync(card);
        await RunAsync(card, (await _issuer.AuthoriseAsync(await ContactAsync(card), [Alternative.Adjust("all")])).Intent!);

        await _issuer.FundAsync(9000);
        Assert.Null((await ContactAsync(card)).Order);
        await PayOfflineAsync(card, 600);
        await ProveAllAsync(card);
        Assert.Equal((MoveKind.Allow, 2000u), ((await ContactAsync(card)).Order, (await ContactAsync(card)).OrderAmount));
    }

    [Fact]
    public async Task Receipts_in_any_order_pay_once_and_the_hold_shrinks()
    {
        var (card, other) = (await AllowedAsync(2000), await _issuer.IssueAsync());
        var first = await PayOfflineAsync(card, 300);
        var second = await PayOfflineAsync(card, 50);
        var third = await PayOfflineAsync(card, 7);

        Assert.True((await _issuer.Treasury.ClearAsync(third, Cancel)).IsNew);
        Assert.True((await _issuer.Treasury.ClearAsync(first, Cancel)).IsNew);
        Assert.Empty(await _issuer.CheckAsync());
        Assert.Equal(307, await _issuer.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
        Assert.Equal((4693, 3000), ((await _issuer.ViewAsync()).Account, (await _issuer.ViewAsync()).Spendable));
        Assert.False((await _issuer.Treasury.ClearAsync(third, Cancel)).IsNew);

        Assert.Equal(4693, (await _issuer.ViewAsync(other)).Copy!.Pending);
        Assert.Equal([4u], (await ContactAsync(card)).Missing);
        await ProveAllAsync(card);
        Assert.False((await _issuer.Treasury.ClearAsync(second, Cancel)).IsNew);
        Assert.Equal(357, await _issuer.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
        Assert.Equal(4643, (await _issuer.ViewAsync(other)).Copy!.Pending);
        Assert.True((await ContactAsync(card)).IsSettled);
        Assert.Empty(await _issuer.CheckAsync());
    }

    [Fact]
    public async Task An_offline_debit_that_took_the_number_of_a_payment_closes_it_as_not_done()
    {
        var card = await AllowedAsync(2000);
        var contact = await ContactAsync(card);
        var intent = (await _issuer.AuthoriseAsync(contact, 400)).Intent!;
        await _issuer.Treasury.UnknownAsync(intent.Id, Cancel);

        var receipt = await PayOfflineAsync(card, 90);
        Assert.Equal(intent.Number, receipt.Movement.Number);
        await ProveAllAsync(card);

        Assert.Equal(IntentState.NotDone, (await _issuer.Treasury.OutcomeAsync(intent.Id, Cancel)).State);
        Assert.Equal((4910, 3000), ((await _issuer.ViewAsync()).Account, (await _issuer.ViewAsync()).Spendable));
        Assert.Contains((await ContactAsync(card)).Settlements, told => told.Intent == intent.Id);
        Assert.Empty(await _issuer.CheckAsync());
    }

    [Fact]
    public async Task A_payment_whose_receipt_was_lost_is_found_among_what_came_after_it()
    {
        var card = await AllowedAsync(2000);
        var intent = (await _issuer.AuthoriseAsync(
            await ContactAsync(card), [Alternative.Debit(400, Issuer.Shop, "bread", MoveTerms.WithoutPin)])).Intent!;
        await SendAsync(card, intent);
        for (var i = 0; i < 19; i++) await PayOfflineAsync(card, 1);
        await Assert.ThrowsAsync<CardStatusException>(() => PayOfflineAsync(card, 1));

        var contact = await ContactAsync(card);
        Assert.Equal(20, contact.Missing.Count);
        await ProveAllAsync(card);

        Assert.Equal(IntentState.Done, (await _issuer.Treasury.OutcomeAsync(intent.Id, Cancel)).State);
        Assert.Equal((400, 19), (await _issuer.SoldAsync(), await _issuer.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro))));
        Assert.Equal(MoveKind.Allow, (await ContactAsync(card)).Order);
        await ObeyAsync(card);
        await PayOfflineAsync(card, 1);
        Assert.Empty(await _issuer.CheckAsync());
    }

    [Fact]
    public async Task A_receipt_above_what_is_proven_waits_for_the_order_that_allowed_it()
    {
        var card = await AllowedAsync(500);
        Want(2000);
        var order = (await IssueAsync(await ContactAsync(card))).Intent!;
        await SendAsync(card, order);
        var receipt = await PayOfflineAsync(card, 900);

        Assert.Equal(RefusalReason.OpenIntent, (await _issuer.Treasury.ClearAsync(receipt, Cancel)).Refusal?.Reason);
        Assert.Equal(2500, (await _issuer.ViewAsync()).Spendable);
        await ProveAllAsync(card);

        Assert.Equal(900, await _issuer.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
        Assert.Equal(3000, (await _issuer.ViewAsync()).Spendable);
        Assert.Empty(await _issuer.CheckAsync());
    }

    [Fact]
    public async Task A_revoked_cards_allowance_waits_in_suspense_for_its_receipts()
    {
        var card = await AllowedAsync(2000);
        var (known, late) = (await PayOfflineAsync(card, 300), await PayOfflineAsync(card, 40));
        await _issuer.Treasury.ClearAsync(known, Cancel);
        var fresh = await _issuer.RegisterAsync();

        await _issuer.Treasury.RevokeAsync(card.Id, fresh.Registration, Cancel);
        Assert.Equal(3000, (await _issuer.ViewAsync()).Account);
        Assert.Equal(1700, await _issuer.BalanceAsync(AccountId.Suspense(card.Id, Issuer.Euro)));
        Assert.True((await _issuer.Treasury.ClearAsync(late, Cancel)).IsNew);

        Assert.Equal(1660, await _issuer.BalanceAsync(AccountId.Suspense(card.Id, Issuer.Euro)));
        Assert.Equal(340, await _issuer.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
        Assert.Equal(3000, (await _issuer.ViewAsync()).Account);
        Assert.Empty(await _issuer.CheckAsync());
    }

    [Fact]
    public async Task An_offline_debit_is_given_back_once()
    {
        var card = await AllowedAsync(2000);
        var receipt = await PayOfflineAsync(card, 300);
        Assert.Equal(
            RefusalReason.NothingToDo,
            (await _issuer.Treasury.RefundAsync(card.Id, receipt.Movement.Number, "no gate", Cancel)).Refusal?.Reason);
        await _issuer.Treasury.ClearAsync(receipt, Cancel);

        var back = await _issuer.Treasury.RefundAsync(card.Id, receipt.Movement.Number, "no gate", Cancel);
        Assert.Equal(back.Entry, (await _issuer.Treasury.RefundAsync(card.Id, receipt.Movement.Number, "no gate", Cancel)).Entry);

        Assert.Equal(5000, (await _issuer.ViewAsync()).Account);
        Assert.Equal(0, await _issuer.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
        Assert.Empty(await _issuer.CheckAsync());
    }

    [Fact]
    public async Task Whoever_spends_what_nobody_allowed_is_suspect()
    {
        var card = await AllowedAsync(500);
        using var key = CardKeys.Of(_issuer.Masters, card.Id).Purse;
        var movement = new Movement(MoveKind.OfflineDebit, MoveTerms.WithoutPin, 0, 501, Bytes.FromHex("0102030405060708"));
        var made = new LoggedMovement(movement, new Acceptance(Gate, 1).ToDigest(), 4499, 3);
        using var mac = PurseMac.ForReceipt(key, card.Id, 3);
        var forged = new OfflineReceipt(card.Id, 1, made, mac.Receipt(made));

        Assert.Equal(RefusalReason.CardSuspect, (await _issuer.Treasury.ClearAsync(forged, Cancel)).Refusal?.Reason);

        Assert.Equal(RefusalReason.CardSuspect, (await ContactAsync(card)).Refusal?.Reason);
        Assert.Equal(0, await _issuer.BalanceAsync(AccountId.Acceptor(Gate, Issuer.Euro)));
    }

    [Theory]
    [InlineData("UPDATE purse_limits SET allowance = allowance - 1", LedgerRule.AllowancesFollowMovements)]
    [InlineData("UPDATE purse_limits SET allowance = 4901", LedgerRule.NoNegativeSpendable)]
    [InlineData("DELETE FROM movements WHERE number = 3", LedgerRule.NumbersAreGapless)]
    [InlineData("UPDATE movements SET evidence_octets = zeroblob(50) WHERE number = 3", LedgerRule.EvidenceVerifies)]
    public async Task The_book_tells_what_was_changed(string sql, LedgerRule broken)
    {
        var card = await AllowedAsync(2000);
        await _issuer.Treasury.ClearAsync(await PayOfflineAsync(card, 100), Cancel);
        Assert.Empty(await _issuer.CheckAsync());

        await _issuer.Database.WriteAsync("test", transaction => transaction.ExecuteAsync(sql, new { }), Cancel);

        Assert.Contains(await _issuer.CheckAsync(), fault => fault.Rule == broken);
    }

    private async Task<RealCard> CardAsync(uint allowance)
    {
        _issuer = await Issuer.OpenAsync();
        Want(allowance);
        var registration = (await _issuer.RegisterAsync()).Registration;
        var card = new RealCard(registration, _issuer.Masters);
        _cards.Add(card);
        await _issuer.Treasury.OpenAsync(registration, Cancel);
        return card;
    }

    /// <summary>A card with 50.00, all of it on the card, and an allowance; the next number is 3.</summary>
    private async Task<RealCard> AllowedAsync(uint allowance)
    {
        var card = await CardAsync(0);
        await _issuer.FundAsync(5000);
        var authorised = await _issuer.AuthoriseAsync(await ContactAsync(card), [Alternative.Load(5000, "load")]);
        await RunAsync(card, authorised.Intent!);
        Want(allowance);
        await ObeyAsync(card);
        return card;
    }

    private void Want(uint allowance) => _issuer.Want(new PursePolicy { OfflineAllowance = allowance });

    private async Task<Contact> ContactAsync(RealCard card)
    {
        var nonce = await _issuer.Treasury.NonceAsync(card.Id, Cancel);
        var answer = await card.TransmitAsync(PurseCommands.Initialize(nonce), Cancel);
        return await _issuer.Treasury.ContactAsync(card.Id, Issuer.Euro, answer.Data.Read<PurseState>(), nonce, Cancel);
    }

    private Task<Authorisation> IssueAsync(Contact contact) => _issuer.Treasury.OrderAsync(
        contact, SessionReference.New(DateTimeOffset.UnixEpoch), Issuer.ScriptOf, Cancel);

    private async Task ObeyAsync(RealCard card) => await RunAsync(card, (await IssueAsync(await ContactAsync(card))).Intent!);

    private static async Task<PurseReceipt> SendAsync(RealCard card, Intent intent)
    {
        var move = intent.Moves[0];
        var command = PurseCommands.Complete(
            PurseCommands.Move(move.Kind, move.Terms, move.Adjust, move.Amount, move.S2), null, Issuer.Digest);
        return (await card.TransmitAsync(command, Cancel)).EnsureSuccess(command).Data.Read<PurseReceipt>();
    }

    private async Task RunAsync(RealCard card, Intent intent)
    {
        var s3 = await SendAsync(card, intent);
        Assert.Equal(IntentState.Done, (await _issuer.SettleAsync(intent, 0, intent.Moves[0].Amount, s3)).State);
    }

    private async Task ProveAllAsync(RealCard card)
    {
        var contact = await ContactAsync(card);
        var nonce = await _issuer.Treasury.NonceAsync(card.Id, Cancel);
        foreach (var number in contact.Missing)
        {
            var proof = (await card.TransmitAsync(PurseCommands.Prove(nonce, number), Cancel)).Data.Read<PurseProof>();
            Assert.Null(await _issuer.Treasury.ProveAsync(contact, proof, nonce, Cancel));
        }
    }

    private async Task<OfflineReceipt> PayOfflineAsync(RealCard card, uint amount)
    {
        using var master = CardKeys.OfflineMaster(_issuer.Masters.Purse);
        var acceptor = new PurseAcceptor(master, _issuer.Masters.Version, Gate);
        var purse = (await PurseClient.SelectAsync(card, Cancel))!;
        return await acceptor.TakeAsync(purse, await acceptor.AuthoriseAsync(purse, amount, 1, false, Cancel), Cancel);
    }
}
