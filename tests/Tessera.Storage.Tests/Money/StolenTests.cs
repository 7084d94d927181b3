using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Xunit;

namespace Tessera.Storage.Tests.Money;

/// <summary>Reports of stolen cards are durable, whoever reads the card, and their orders move nothing in the book.</summary>
public class StolenTests
{
    private static readonly SessionReference Session = SessionReference.New(DateTimeOffset.UnixEpoch);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_report_survives_and_the_orders_take_numbers_and_no_money()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        await issuer.PayAsync(card, 100);
        await issuer.FundAsync(50);

        await issuer.Holders.CountTryAsync(card.Id, "a", Cancel);

        Assert.Null(await issuer.Treasury.ReportStolenAsync(card.Id, Cancel));
        await issuer.StartAsync();
        Assert.Equal(1, await issuer.Holders.CountTryAsync(card.Id, "a", Cancel));
        Assert.Equal(CardState.Stolen, (await issuer.Holders.FindCardAsync(card.Id, Cancel))!.State);
        Assert.Equal(CardState.Stolen, (await issuer.Holders.CardsAsync(issuer.Holder, Cancel))[0].State);

        Assert.Equal(RefusalReason.CardStolen, (await issuer.GreetAsync(card)).Refusal?.Reason);
        var deactivated = await OrderAsync(issuer, card, PurseCondition.None);
        Assert.Equal((IntentState.Done, MoveKind.Deactivate), (deactivated.State, deactivated.Move!.Kind));
        Assert.Null((await issuer.ContactAsync(card, PurseCondition.Deactivated)).Order);
        Assert.Null(await issuer.Treasury.ReactivateAsync(card.Id, Cancel));
        await issuer.StartAsync();
        Assert.Equal(CardState.Found, (await issuer.Holders.FindCardAsync(card.Id, Cancel))!.State);
        await OrderAsync(issuer, card, PurseCondition.Deactivated);

        Assert.Equal(CardState.Active, (await issuer.Holders.FindCardAsync(card.Id, Cancel))!.State);
        var view = await issuer.ViewAsync(card);
        Assert.Equal((950, 950, 900u, 3u, 50), (
            view.Account, view.Spendable, view.Copy!.Balance, view.Copy.Number, view.Copy.Pending));
        Assert.Empty(await issuer.CheckAsync());
        Assert.Equal(IntentState.Done, (await issuer.PayAsync(card, 10)).State);
        Assert.Equal(940u, card.Balance);
        Assert.Empty(await issuer.CheckAsync());
    }

    [Fact]
    public async Task Who_is_reported_again_meanwhile_stays_reported()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.Treasury.ReportStolenAsync(card.Id, Cancel);
        await issuer.Treasury.ReactivateAsync(card.Id, Cancel);
        var contact = await issuer.ContactAsync(card, PurseCondition.Deactivated);
        var intent = (await IssueAsync(issuer, contact)).Intent!;

        await issuer.Treasury.ReportStolenAsync(card.Id, Cancel);
        await issuer.SettleAsync(intent, 0, 0, card.Move(intent.Moves[0], 0, Issuer.Digest)!);

        Assert.Equal(CardState.Stolen, (await issuer.Holders.FindCardAsync(card.Id, Cancel))!.State);
        Assert.Equal(MoveKind.Deactivate, (await issuer.ContactAsync(card)).Order);
        Assert.Equal(RefusalReason.NothingToDo, (await IssueAsync(issuer, contact)).Refusal?.Reason);
    }

    [Fact]
    public async Task A_revoked_card_is_gone_for_good_and_gets_no_order()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.Treasury.ReportStolenAsync(card.Id, Cancel);

        await issuer.Treasury.RevokeAsync(card.Id, null, Cancel);

        Assert.Equal(CardState.Revoked, (await issuer.Holders.FindCardAsync(card.Id, Cancel))!.State);
        Assert.Equal(RefusalReason.CardRevoked, (await issuer.GreetAsync(card)).Refusal?.Reason);
        Assert.Null((await issuer.GreetAsync(card)).Order);
        await Assert.ThrowsAsync<ArgumentException>(async () => await IssueAsync(issuer, await issuer.GreetAsync(card)));
    }

    private static async Task<Settlement> OrderAsync(Issuer issuer, ModelCard card, PurseCondition flags)
    {
        var contact = await issuer.ContactAsync(card, flags);
        var intent = (await IssueAsync(issuer, contact)).Intent!;
        Assert.True(intent.Moves[0] is { Adjust: 0, Amount: 0 });
        return await issuer.SettleAsync(intent, 0, 0, card.Move(intent.Moves[0], 0, Issuer.Digest)!);
    }

    private static Task<Authorisation> IssueAsync(Issuer issuer, Contact contact) =>
        issuer.Treasury.OrderAsync(contact, Session, moves => moves[0].S2, Cancel);
}
