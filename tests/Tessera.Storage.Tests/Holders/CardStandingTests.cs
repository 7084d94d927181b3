using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Storage.Holders;
using Tessera.Testing;
using Xunit;

namespace Tessera.Storage.Tests.Holders;

/// <summary>How a card without a purse stands, and what failed in a row at any card, outlive the program.</summary>
public sealed class CardStandingTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 0, 0, TimeSpan.Zero);
    private static readonly CardId Card = CardId.Parse("0102030405060708");
    private static readonly CardId Other = CardId.Parse("0102030405060709");

    private readonly TempFolder _folder = new();
    private Database _database = null!;
    private SqliteHolderStore _holders = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await OpenAsync();
        var ada = new Holder(HolderId.New(Now), "Ada", Now);
        await _holders.AddAsync(ada, Cancel);
        foreach (var card in (CardId[])[Card, Other])
            await _holders.RegisterAsync(KnownKey.Registration(card, ada.Id, Now), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_stands_as_it_was_told_to_where_that_could_be()
    {
        Assert.Equal(CardState.Active, await StandAsync(CardState.Disabled, CardState.Active));
        await ReopenAsync();
        Assert.Equal((CardState.Disabled, CardState.Active), (await StateAsync(Card), await StateAsync(Other)));

        Assert.Equal(CardState.Disabled, await StandAsync(CardState.Stolen, CardState.Active));
        Assert.Equal(CardState.Disabled, await StateAsync(Card));
        Assert.Equal(CardState.Disabled, await StandAsync(CardState.Active, CardState.Stolen, CardState.Disabled));
        Assert.Equal(CardState.Active, await StateAsync(Card));
        Assert.Null(await _holders.StandAsync(CardId.Parse("0000000000000001"), CardState.Disabled, [], Now, Cancel));
    }

    [Fact]
    public async Task Each_try_counts_once_until_one_succeeds_and_that_of_another_card_is_its_own()
    {
        Assert.Equal((1, 1, 2), (await TryAsync("a"), await TryAsync("a"), await TryAsync("b")));
        await ReopenAsync();
        Assert.Equal((3, 1), (await TryAsync("c"), await _holders.CountTryAsync(Other, "c", Cancel)));

        await _holders.EndTryAsync(Card, "b", succeeded: true, Cancel);
        Assert.Equal(3, await TryAsync("c"));
        for (var again = 0; again < 2; again++) await _holders.EndTryAsync(Card, "c", succeeded: false, Cancel);
        Assert.Equal(3, await TryAsync("d"));
        await _holders.EndTryAsync(Card, "d", succeeded: true, Cancel);
        Assert.Equal((1, 1), (await TryAsync("e"), await _holders.CountTryAsync(Other, "c", Cancel)));
    }

    [Fact]
    public async Task With_another_standing_the_count_begins_anew()
    {
        await TryAsync("a");
        await StandAsync(CardState.Disabled, CardState.Active);

        Assert.Equal(1, await TryAsync("a"));
    }

    private Task<CardState?> StandAsync(CardState state, params CardState[] from) =>
        _holders.StandAsync(Card, state, from, Now, Cancel);

    private Task<int> TryAsync(string key) => _holders.CountTryAsync(Card, key, Cancel);

    private async Task<CardState> StateAsync(CardId card) => (await _holders.FindCardAsync(card, Cancel))!.State;

    private async Task ReopenAsync()
    {
        await _database.DisposeAsync();
        await OpenAsync();
    }

    private async Task OpenAsync()
    {
        _database = await Database.OpenAsync(_folder.File("tessera.db"), cancel: Cancel);
        _holders = new SqliteHolderStore(_database);
    }
}
