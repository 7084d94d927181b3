using Tessera.Platform.Money;
using Xunit;

namespace Tessera.Storage.Tests.Money;

public class CrashTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crash_before_or_after_any_commit_loses_and_makes_nothing()
    {
        var crashes = 0;
        while (await DieAndRecoverAsync(crashes + 1)) crashes++;

        Assert.InRange(crashes, 20, 100);
    }

    /// <summary>A short life with the crash at one durable step, and then the same intentions again.</summary>
    /// <returns>False if life was over before that step.</returns>
    private static async Task<bool> DieAndRecoverAsync(int step)
    {
        await using var issuer = await Issuer.OpenAsync();
        var (first, second) = (await issuer.RegisterAsync(), await issuer.RegisterAsync());
        issuer.CrashAt(step);
        var died = false;
        try
        {
            await LiveAsync(issuer, first, second);
        }
        catch (CrashException)
        {
            died = true;
            await issuer.StartAsync();
        }

        issuer.CrashAt(0);
        Assert.Empty(await issuer.CheckAsync());
        await RecoverAsync(issuer, first, second);
        return died;
    }

    private static async Task LiveAsync(Issuer issuer, ModelCard first, ModelCard second)
    {
        await OpenAndFundAsync(issuer, first, second);
        await issuer.PayAsync(first, 100);
        var intent = await issuer.IntendAsync(second, 200);
        second.Move(intent.Moves[0], 200, Issuer.Digest);
        await issuer.Treasury.UnknownAsync(intent.Id, Cancel);
        await issuer.ContactAsync(second);
        await issuer.IntendAsync(second, 300);
        await issuer.ContactAsync(second);
        await issuer.IntendAsync(first, 400);
        await issuer.Treasury.RevokeAsync(first.Id, null, Cancel);
    }

    private static async Task OpenAndFundAsync(Issuer issuer, ModelCard first, ModelCard second)
    {
        await issuer.Treasury.OpenAsync(first.Registration, Cancel);
        await issuer.Treasury.OpenAsync(second.Registration, Cancel);
        await issuer.FundAsync(1000, "salary");
    }

    private static async Task RecoverAsync(Issuer issuer, ModelCard first, ModelCard second)
    {
        var registered = (await issuer.Holders.FindCardAsync(first.Id, Cancel))!;
        if (registered.State != Platform.Holders.CardState.Revoked) await OpenAndFundAsync(issuer, first, second);
        await issuer.ContactAsync(first);
        await issuer.ContactAsync(second);
        await issuer.PayAsync(second, 50);

        Assert.Empty(await issuer.CheckAsync());
        var spent = first.Spent + second.Spent;
        Assert.Equal(spent, await issuer.SoldAsync());
        Assert.Equal((1000 - spent, 1000 - spent), ((await issuer.ViewAsync()).Spendable, second.Balance));
    }

    [Fact]
    public async Task A_booking_decided_on_an_older_version_is_not_taken()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        var purse = (await issuer.Store.FindAsync(card.Id, Cancel))!;
        await issuer.FundAsync(10);

        var booking = new Booking(purse, DateTimeOffset.UnixEpoch) { Revoked = card.Id };

        Assert.False(await issuer.Store.CommitAsync(booking, Cancel));
        Assert.True((await issuer.ContactAsync(card)).IsSettled);
    }

    [Fact]
    public async Task Many_at_once_book_as_if_one_after_another()
    {
        await using var issuer = await Issuer.OpenAsync();
        ModelCard[] cards = [await issuer.IssueAsync(), await issuer.IssueAsync(), await issuer.IssueAsync()];
        await issuer.FundAsync(1000);

        await Task.WhenAll(cards.Select(card => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++) await issuer.PayAsync(card, 7);
        }, Cancel)).Append(Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++) await issuer.FundAsync(5, $"key {i}");
        }, Cancel)));

        Assert.Equal((840L, 210L), ((await issuer.ViewAsync()).Account, await issuer.SoldAsync()));
        Assert.Empty(await issuer.CheckAsync());
    }

    [Fact]
    public async Task The_oldest_of_many_nonces_is_forgotten()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        var first = await issuer.Treasury.NonceAsync(card.Id, Cancel);
        var second = await issuer.Treasury.NonceAsync(card.Id, Cancel);
        for (var i = 1; i < Storage.Money.SqliteMoneyStore.MaxNonces; i++)
            await issuer.Treasury.NonceAsync(card.Id, Cancel);

        Assert.Null(await issuer.Store.FindNonceAsync(card.Id, first, Cancel));
        Assert.NotNull(await issuer.Store.FindNonceAsync(card.Id, second, Cancel));
    }
}
