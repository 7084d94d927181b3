using Tessera.Platform.Holders;
using Tessera.Platform.Logins;
using Tessera.Storage.Logins;
using Tessera.Storage.Tests.Money;
using Tessera.Testing;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Logins;

public sealed class TemporaryLoginTests : IAsyncLifetime
{
    private const string Number = "33639980001";

    private readonly ManualTime _time = new();
    private readonly SecretKey _key = SecretKey.Generate();
    private Issuer _issuer = null!;
    private TemporaryLogins _logins = null!;
    private CardRegistration _card = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _issuer = await Issuer.OpenAsync();
        _card = (await _issuer.RegisterAsync()).Registration;
        _logins = Start(new LoginOptions());
    }

    public async ValueTask DisposeAsync()
    {
        _logins.Dispose();
        _key.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_pair_opens_one_session_of_its_card()
    {
        var issued = await IssueAsync();
        var other = (await _issuer.RegisterAsync()).Registration;

        Assert.Equal(LoginVerdict.Wrong, (await _logins.UseAsync(other, 1, issued.Pair, Number, Cancel)).Verdict);
        var use = await UseAsync(issued.Pair, session: 7);
        Assert.Equal((LoginVerdict.Accepted, "call 1", "purse"), (use.Verdict, use.Login!.Call, use.Login.Application));
        Assert.Equal(LoginVerdict.Accepted, (await UseAsync(issued.Pair, session: 7)).Verdict);
        Assert.Equal(LoginVerdict.Used, (await UseAsync(issued.Pair, session: 8)).Verdict);
    }

    [Fact]
    public async Task A_pair_that_is_over_is_told_apart_from_a_wrong_one()
    {
        var issued = await IssueAsync();
        await _logins.DeliveredAsync(issued.Login.Id, Cancel);

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(LoginVerdict.Expired, (await UseAsync(issued.Pair)).Verdict);
        Assert.Equal(LoginVerdict.Wrong, (await UseAsync(Other(issued.Pair))).Verdict);
    }

    [Theory]
    [InlineData(0, 59)]
    [InlineData(100, 59)]
    [InlineData(170, 9)]
    public async Task Its_life_is_a_minute_from_delivery_and_three_from_dispatch(int deliveredAfter, int seconds)
    {
        var issued = await IssueAsync();
        _time.Advance(TimeSpan.FromSeconds(deliveredAfter));
        await _logins.DeliveredAsync(issued.Login.Id, Cancel);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _logins.DeliveredAsync(issued.Login.Id, Cancel);

        _time.Advance(TimeSpan.FromSeconds(seconds - 2));
        Assert.Equal(issued.Pair, (await IssueAsync()).Pair);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.NotEqual(issued.Pair, (await IssueAsync()).Pair);
        Assert.Equal(LoginVerdict.Expired, (await UseAsync(issued.Pair)).Verdict);
    }

    [Fact]
    public async Task Nobody_guesses_for_long()
    {
        var issued = await IssueAsync();
        for (var i = 0; i < new LoginOptions().FailedADay; i++)
            Assert.Equal(LoginVerdict.Wrong, (await UseAsync(Other(issued.Pair))).Verdict);

        Assert.Equal(LoginVerdict.TooMany, (await UseAsync(issued.Pair)).Verdict);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(LoginVerdict.Accepted, (await UseAsync((await IssueAsync()).Pair)).Verdict);
    }

    [Fact]
    public async Task A_number_has_a_budget_of_its_own()
    {
        using var logins = Start(new LoginOptions { FailedFromADay = 1, FailedADay = 100 });
        var pair = (await IssueAsync()).Pair;
        Assert.Equal(LoginVerdict.Wrong, (await logins.UseAsync(_card, 1, Other(pair), Number, Cancel)).Verdict);

        Assert.Equal(LoginVerdict.TooMany, (await logins.UseAsync(_card, 1, pair, Number, Cancel)).Verdict);
        Assert.Equal(LoginVerdict.Accepted, (await logins.UseAsync(_card, 1, pair, "33639980002", Cancel)).Verdict);
    }

    [Fact]
    public async Task A_forged_number_cannot_use_up_what_the_card_itself_asks_for()
    {
        using var logins = Start(new LoginOptions { ClaimedADay = 1 });
        Assert.NotNull(await logins.IssueAsync(_card, "call 1", null, isProven: false, Cancel));
        Assert.Null(await logins.IssueAsync(_card, "call 2", null, isProven: false, Cancel));

        Assert.NotNull(await logins.IssueAsync(_card, "call 3", null, isProven: true, Cancel));
    }

    [Fact]
    public async Task A_pair_outlives_the_server_but_is_never_told_again_by_another()
    {
        var issued = await IssueAsync();
        using var restarted = Start(new LoginOptions());
        Assert.Equal(LoginVerdict.Accepted, (await restarted.UseAsync(_card, 1, issued.Pair, Number, Cancel)).Verdict);

        issued = await IssueAsync();
        var again = await restarted.IssueAsync(_card, "call 2", null, isProven: false, Cancel);

        Assert.NotEqual(issued.Login.Id, again!.Login.Id);
        Assert.NotEqual(LoginVerdict.Accepted, (await UseAsync(issued.Pair)).Verdict);
    }

    [Fact]
    public async Task Only_one_of_many_sessions_gets_in()
    {
        var pair = (await IssueAsync()).Pair;
        using var logins = Start(new LoginOptions { FailedADay = 100, FailedFromADay = 100 });

        var uses = await Task.WhenAll(Enumerable.Range(1, 20).Select(session =>
            logins.UseAsync(_card, (ushort)session, pair, Number, Cancel)));

        Assert.Single(uses, use => use.Verdict == LoginVerdict.Accepted);
    }

    [Fact]
    public async Task What_is_long_over_is_forgotten()
    {
        var issued = await IssueAsync();
        _time.Advance(TimeSpan.FromDays(2));
        await _logins.PruneAsync(Cancel);

        Assert.Equal(LoginVerdict.Wrong, (await UseAsync(issued.Pair)).Verdict);
    }

    [Fact]
    public async Task The_digits_are_on_no_record()
    {
        var issued = await IssueAsync();
        var (login, password) = (issued.Pair.Login, issued.Pair.Password);

        var row = $"{await new SqliteLoginStore(_issuer.Database).NewestAsync(_card.Card, Cancel)}";

        Assert.DoesNotContain($"{login}{password}", row, StringComparison.Ordinal);
        Assert.Equal("****", $"{issued.Pair}");
    }

    private static LoginPair Other(LoginPair pair) =>
        LoginPair.Of(pair.Login, pair.Password[..3] + (pair.Password[3] == '0' ? '1' : '0'))!;

    private TemporaryLogins Start(LoginOptions options) =>
        new(new SqliteLoginStore(_issuer.Database), _key, options, _time);

    private async Task<IssuedLogin> IssueAsync() =>
        (await _logins.IssueAsync(_card, "call 1", "purse", isProven: false, Cancel))!;

    private Task<LoginUse> UseAsync(LoginPair pair, ushort session = 1) =>
        _logins.UseAsync(_card, session, pair, Number, Cancel);
}
