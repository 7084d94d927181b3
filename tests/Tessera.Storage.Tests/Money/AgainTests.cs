using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Money;

/// <summary>A crash can fall between a booking and the record that it was made: the same is asked again.</summary>
public class AgainTests
{
    private static readonly Alternative[] Bread = [Alternative.Debit(300, Issuer.Shop, "bread")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_authorisation_again_gives_the_same_intent()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var session = SessionReference.New(DateTimeOffset.UnixEpoch);
        var contact = await issuer.ContactAsync(card);
        var intent = (await issuer.AuthoriseAsync(contact, Bread, session)).Intent!;
        await issuer.StartAsync();

        var again = (await issuer.AuthoriseAsync(contact, Bread, session)).Intent!;

        Assert.Equal((intent.Id, intent.Script), (again.Id, again.Script));
        Assert.Equal(intent.Moves, again.Moves);
        await issuer.SettleAsync(again, 0, 300, card.Move(again.Moves[0], 300, Issuer.Digest)!);
        Assert.Equal(700u, card.Balance);
        Assert.Empty(await issuer.CheckAsync());
    }

    [Fact]
    public async Task Another_session_contact_script_or_movement_is_not_the_same()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var session = SessionReference.New(DateTimeOffset.UnixEpoch);
        var contact = await issuer.ContactAsync(card);
        await issuer.AuthoriseAsync(contact, Bread, session);

        var later = SessionReference.New(DateTimeOffset.UnixEpoch);
        Alternative[] cake = [Alternative.Debit(400, Issuer.Shop, "cake")];
        Authorisation[] others =
        [
            await issuer.AuthoriseAsync(contact, Bread, later),
            await issuer.AuthoriseAsync(contact, cake, session),
            await issuer.Treasury.AuthoriseAsync(contact, Bread, session, _ => Bytes.FromHex("01"), Cancel),
            await issuer.AuthoriseAsync(contact with { Nonce = Bytes.FromHex("0102030405060708") }, Bread, session),
        ];

        Assert.All(others, other => Assert.Equal(RefusalReason.OpenIntent, other.Refusal?.Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_became_of_a_payment_is_kept_until_the_holder_was_told(bool moves)
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var intent = await issuer.IntendAsync(card, 300);
        if (moves) card.Move(intent.Moves[0], 300, Issuer.Digest);
        await issuer.ContactAsync(card);
        await issuer.StartAsync();

        var untold = Assert.Single((await issuer.ContactAsync(card)).Settlements);
        Assert.Equal(
            (intent.Id, moves ? IntentState.Done : IntentState.NotDone, moves ? 300u : 0u, moves ? 700L : 1000L, "bread"),
            (untold.Intent, untold.State, untold.Amount, untold.Account, untold.What));

        Assert.True(await issuer.Treasury.ToldAsync(intent.Id, told: true, Cancel));
        await issuer.StartAsync();
        Assert.Empty((await issuer.ContactAsync(card)).Settlements);

        await issuer.Treasury.ToldAsync(intent.Id, told: false, Cancel);
        Assert.Equal(intent.Id, Assert.Single((await issuer.ContactAsync(card)).Settlements).Intent);
    }

    [Fact]
    public async Task Receipts_and_deliveries_are_no_news_but_what_is_owed_is()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        await issuer.PayAsync(card, 100);
        var intent = (await issuer.AuthoriseAsync(await issuer.ContactAsync(card), [Alternative.Adjust("all")])).Intent!;
        card.Move(intent.Moves[0], 0, Issuer.Digest);
        Assert.Empty((await issuer.ContactAsync(card)).Settlements);

        var owed = await issuer.PayAsync(card, 200);
        await issuer.Treasury.OweAsync(owed.Intent, Cancel);

        Assert.Equal(owed.Intent, Assert.Single((await issuer.ContactAsync(card)).Settlements).Intent);
    }

    [Fact]
    public async Task Nobody_is_told_of_what_is_still_open()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        var intent = await issuer.IntendAsync(card, 300);

        Assert.False(await issuer.Treasury.ToldAsync(intent.Id, told: true, Cancel));
        Assert.Single((await issuer.ContactAsync(card)).Settlements);
    }
}
