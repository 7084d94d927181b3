using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Money;

/// <summary>What may be concluded about an intent whose answer never came (docs/protocols/purse.md §5).</summary>
public class OutcomeTests
{
    private static readonly Bytes ForeignS2 = Bytes.FromHex("EEEEEEEEEEEEEEEE");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_state_with_its_S2_closes_an_unknown_intent_as_done_and_late()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (card, other) = (await issuer.IssueAsync(), await issuer.IssueAsync());
        await issuer.FundAsync(1000);
        var intent = await issuer.IntendAsync(card, 250);
        card.Move(intent.Moves[0], 250, Issuer.Digest);
        await issuer.Treasury.UnknownAsync(intent.Id, Cancel);

        var settlement = Assert.Single((await issuer.GreetAsync(card)).Settlements);

        Assert.Equal(
            (intent.Id, IntentState.Done, 250u, true, "bread"),
            (settlement.Intent, settlement.State, settlement.Amount, settlement.Late, settlement.What));
        Assert.Equal(750u, card.Balance);
        Assert.Equal(750, (await issuer.ViewAsync(other)).Copy!.Pending);
        Assert.Empty(await issuer.CheckAsync());
    }

    [Fact]
    public async Task Only_a_state_over_a_younger_nonce_of_ours_closes_an_intent_as_not_done()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var early = await issuer.Treasury.NonceAsync(card.Id, Cancel);
        var intent = await issuer.IntendAsync(card, 250);
        await issuer.Treasury.UnknownAsync(intent.Id, Cancel);

        Assert.Equal(intent.Id, (await issuer.GreetAsync(card)).Open);
        Assert.Equal(intent.Id, (await issuer.TakeAsync(card, card.Initialize(early), early)).Open);
        Assert.Equal(intent.Id, (await issuer.TakeAsync(card, intent.S1, intent.Nonce)).Open);
        Assert.Equal(750, (await issuer.ViewAsync()).Spendable);
        Assert.Equal(1000, (await issuer.ViewAsync(card)).Copy!.InFlight);

        var contact = await issuer.ContactAsync(card);

        Assert.True(contact.IsSettled);
        Assert.Equal(IntentState.NotDone, Assert.Single(contact.Settlements).State);
        Assert.Equal(1000, (await issuer.ViewAsync()).Spendable);
        var copy = (await issuer.ViewAsync(card)).Copy!;
        Assert.Equal((1000L, 0L), (copy.Pending, copy.InFlight));
        Assert.True((await issuer.AuthoriseAsync(contact, 300)).IsGranted);
    }

    [Fact]
    public async Task A_nonce_issued_after_one_intent_does_not_close_the_next()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        await issuer.IntendAsync(card, 250);
        var nonce = await issuer.Treasury.NonceAsync(card.Id, Cancel);
        var s1 = card.Initialize(nonce);
        var contact = await issuer.TakeAsync(card, s1, nonce);
        var second = (await issuer.AuthoriseAsync(contact, 300)).Intent!;

        Assert.Equal(second.Id, (await issuer.TakeAsync(card, s1, nonce)).Open);

        var s3 = card.Move(second.Moves[0], 300, Issuer.Digest)!;
        Assert.Equal(IntentState.Done, (await issuer.SettleAsync(second, 0, 300, s3)).State);
    }

    [Fact]
    public async Task A_late_receipt_is_booked_and_owed_until_fulfilled_or_refunded()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        List<Intent> intents = [];
        for (var amount = 100u; amount <= 200; amount += 100)
        {
            var intent = await issuer.IntendAsync(card, amount);
            var s3 = card.Move(intent.Moves[0], amount, Issuer.Digest)!;
            await issuer.Treasury.UnknownAsync(intent.Id, Cancel);
            Assert.True((await issuer.SettleAsync(intent, 0, amount, s3)).Late);
            intents.Add(intent);
        }

        Assert.Equal(
            intents.Select(intent => intent.Id),
            (await issuer.Treasury.OwedAsync(issuer.Holder, Cancel)).Select(owed => owed.Intent));
        Assert.Null(await issuer.Treasury.FulfilAsync(intents[0].Id, Cancel));
        var refund = await issuer.Treasury.RefundAsync(intents[1].Id, "No bus", Cancel);
        Assert.Equal(refund, await issuer.Treasury.RefundAsync(intents[1].Id, "No bus", Cancel));

        Assert.Empty(await issuer.Treasury.OwedAsync(issuer.Holder, Cancel));
        Assert.Equal((900L, 100L), (refund.Account, await issuer.SoldAsync()));
        Assert.Equal(
            RefusalReason.NothingToDo, (await issuer.Treasury.RefundAsync(intents[0].Id, "", Cancel)).Refusal?.Reason);
        Assert.Equal(RefusalReason.NothingToDo, (await issuer.Treasury.FulfilAsync(intents[1].Id, Cancel))?.Reason);
        Assert.Empty(await issuer.CheckAsync());
        await issuer.PayAsync(card, 1);
        Assert.Equal(899u, card.Balance);
    }

    [Fact]
    public async Task A_proof_closes_an_intent_as_done_and_brings_its_digest()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var intent = await issuer.IntendAsync(card, 250);
        var s3 = card.Move(intent.Moves[0], 250, Issuer.Digest)!;
        await issuer.Treasury.UnknownAsync(intent.Id, Cancel);
        var nonce = await issuer.Treasury.NonceAsync(card.Id, Cancel);
        var proof = card.Prove(nonce, intent.Number)!;

        var forged = await issuer.Treasury.ProveAsync(intent.Id, proof with { Balance = 751 }, nonce, Cancel);
        Assert.Equal((IntentState.Unknown, RefusalReason.AuthenticationFailed), (forged.State, forged.Refusal!.Reason));
        var settlement = await issuer.Treasury.ProveAsync(intent.Id, proof, nonce, Cancel);

        Assert.Equal((IntentState.Done, 250u, true), (settlement.State, settlement.Amount, settlement.Late));
        Assert.Equal(settlement, await issuer.SettleAsync(intent, 0, 250, s3));
        Assert.Equal(Issuer.Digest, (await issuer.Store.FindMovementAsync(intent.Id, Cancel))!.Digest);
        Assert.Empty(await issuer.CheckAsync());
    }

    [Theory]
    [InlineData(MoveKind.Debit, 0, 400, 600, 0)]
    [InlineData(MoveKind.Debit, -100, 900, 100, 0)]
    [InlineData(MoveKind.Debit, 500, 1500, 0, 500)]
    [InlineData(MoveKind.Load, 0, 70, 1000, 0)]
    public async Task A_proof_of_another_movement_books_it_and_makes_the_card_suspect(
        MoveKind kind, int adjust, uint amount, long account, long loss)
    {
        await using var issuer = await Issuer.OpenAsync();
        var (card, other) = (await issuer.IssueAsync(), await issuer.IssueAsync());
        await issuer.FundAsync(2000);
        await issuer.PayAsync(card, 1000);
        var intent = await issuer.IntendAsync(card, 250);
        card.Commit(new Movement(kind, MoveTerms.WithoutPin, adjust, amount, ForeignS2), Issuer.Digest);
        var nonce = await issuer.Treasury.NonceAsync(card.Id, Cancel);

        var settlement = await issuer.Treasury.ProveAsync(intent.Id, card.Prove(nonce, intent.Number)!, nonce, Cancel);

        Assert.Equal((IntentState.NotDone, account), (settlement.State, settlement.Account));
        Assert.Equal(-loss, await issuer.BalanceAsync(AccountId.Loss(Issuer.Euro)));
        Assert.Empty(await issuer.CheckAsync());
        Assert.Equal(RefusalReason.CardSuspect, (await issuer.ContactAsync(card)).Refusal?.Reason);
        Assert.True((await issuer.ContactAsync(other)).IsSettled);
    }

    [Fact]
    public async Task A_number_moved_by_something_unknown_makes_the_card_suspect()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var contact = await issuer.ContactAsync(card);
        await issuer.PayAsync(card, 100);
        card.Commit(new Movement(MoveKind.Load, MoveTerms.WithoutPin, 0, 5, ForeignS2), Issuer.Digest);

        var suspect = await issuer.GreetAsync(card);

        Assert.Equal(RefusalReason.CardSuspect, suspect.Refusal?.Reason);
        Assert.Equal(RefusalReason.CardSuspect, (await issuer.AuthoriseAsync(suspect, 1)).Refusal?.Reason);
        Assert.Equal(RefusalReason.CardSuspect, (await issuer.AuthoriseAsync(contact, 1)).Refusal?.Reason);
        Assert.Equal(CardState.Suspect, (await issuer.Holders.FindCardAsync(card.Id, Cancel))!.State);
        var alarm = Assert.Single(await AlarmsAsync(issuer));
        Assert.Equal(
            (card.Id, Bytes.Of(suspect.S1), suspect.Refusal!.Detail), (alarm.Card, alarm.Evidence, alarm.What));
        Assert.Equal(900, (await issuer.ViewAsync()).Account);
    }

    [Theory]
    [InlineData(601, 399)]
    [InlineData(600, 399)]
    public async Task A_receipt_for_what_was_not_allowed_makes_the_card_suspect_and_moves_nothing(
        uint amount, uint balance)
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var ceiling = Alternative.Debit(600, Issuer.Shop, "call", MoveTerms.Ceiling);
        var intent = (await issuer.AuthoriseAsync(await issuer.ContactAsync(card), [ceiling])).Intent!;
        using var key = issuer.Keys.Find(card.Id, 1)!;
        using var mac = PurseMac.ForSession(key, card.Id, 0, intent.S1.Random, intent.Nonce);
        var s3 = mac.S3(intent.Moves[0].With(amount), Issuer.Digest, balance, 1);

        var settlement = await issuer.SettleAsync(intent, 0, amount, new PurseReceipt(balance, 1, s3));

        Assert.Equal(
            (IntentState.Authorised, RefusalReason.CardSuspect), (settlement.State, settlement.Refusal!.Reason));
        Assert.Equal((1000L, 400L), ((await issuer.ViewAsync()).Account, (await issuer.ViewAsync()).Spendable));
        Assert.Single(await AlarmsAsync(issuer));
    }

    private static async Task<List<CardAlarm>> AlarmsAsync(Issuer issuer)
    {
        List<CardAlarm> alarms = [];
        await using var view = await issuer.Store.ViewAsync(Cancel);
        await foreach (var raised in view.AlarmsAsync(Cancel)) alarms.Add(raised.Alarm);
        return alarms;
    }

    [Fact]
    public async Task A_state_replayed_from_before_is_stale_and_harms_nobody()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var own = new Bytes(new byte[8]);
        var ours = await issuer.Treasury.NonceAsync(card.Id, Cancel);
        var (oldOwn, oldOurs) = (card.Initialize(own), card.Initialize(ours));
        await issuer.PayAsync(card, 100);

        Assert.Equal(RefusalReason.Stale, (await issuer.TakeAsync(card, oldOwn, own)).Refusal?.Reason);
        Assert.Equal(RefusalReason.Stale, (await issuer.TakeAsync(card, oldOurs, ours)).Refusal?.Reason);
        Assert.True((await issuer.ContactAsync(card)).IsSettled);
    }

    [Fact]
    public async Task A_card_that_goes_back_behind_a_fresh_nonce_is_a_copy_and_suspect()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        var copy = new ModelCard(card.Registration, issuer.Keys.Find(card.Id, 1)!, issuer.Random);
        await issuer.FundAsync(1000);
        await issuer.PayAsync(card, 100);

        Assert.Equal(RefusalReason.CardSuspect, (await issuer.ContactAsync(copy)).Refusal?.Reason);
    }

    [Fact]
    public async Task A_revoked_card_leaves_its_hold_in_suspense_and_its_value_to_the_new_card()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (lost, other, fresh) = (await issuer.IssueAsync(), await issuer.IssueAsync(), await issuer.RegisterAsync());
        await issuer.FundAsync(1000);
        await issuer.PayAsync(lost, 100);
        Alternative[] alternatives =
            [Alternative.Debit(250, Issuer.Shop, "bread"), Alternative.Debit(300, Issuer.Shop, "cake")];
        var intent = (await issuer.AuthoriseAsync(await issuer.ContactAsync(lost), alternatives)).Intent!;
        var s3 = lost.Move(intent.Moves[0], 250, Issuer.Digest)!;

        var revoked = await issuer.Treasury.RevokeAsync(lost.Id, fresh.Registration, Cancel);

        Assert.Equal(600, revoked.Account);
        Assert.Equal(300, await issuer.BalanceAsync(AccountId.Suspense(lost.Id, Issuer.Euro)));
        Assert.Empty(await issuer.CheckAsync());
        await issuer.PayAsync(fresh, 50);
        Assert.Equal(550u, fresh.Balance);

        var late = await issuer.SettleAsync(intent, 0, 250, s3);

        Assert.Equal((IntentState.Done, 250u, true, 600L), (late.State, late.Amount, late.Late, late.Account));
        Assert.Equal(0, await issuer.BalanceAsync(AccountId.Suspense(lost.Id, Issuer.Euro)));
        Assert.Equal(RefusalReason.CardRevoked, (await issuer.ContactAsync(lost)).Refusal?.Reason);
        Assert.Empty(await issuer.CheckAsync());
        await issuer.PayAsync(other, 600);
        Assert.Equal((0u, 1000L), (other.Balance, await issuer.SoldAsync()));
    }

    [Fact]
    public async Task A_revoked_card_that_proves_it_did_not_pay_gives_its_hold_back()
    {
        await using var issuer = await Issuer.OpenAsync();
        var (lost, other) = (await issuer.IssueAsync(), await issuer.IssueAsync());
        await issuer.FundAsync(1000);
        await issuer.IntendAsync(lost, 300);
        await issuer.Treasury.RevokeAsync(lost.Id, null, Cancel);
        Assert.Equal(700, (await issuer.ViewAsync()).Spendable);

        var contact = await issuer.ContactAsync(lost);

        Assert.Equal(RefusalReason.CardRevoked, contact.Refusal?.Reason);
        Assert.Equal(IntentState.NotDone, Assert.Single(contact.Settlements).State);
        var view = await issuer.ViewAsync(other);
        Assert.Equal((1000L, 1000L), (view.Spendable, view.Copy!.Pending));
        Assert.Empty(await issuer.CheckAsync());
    }
}
