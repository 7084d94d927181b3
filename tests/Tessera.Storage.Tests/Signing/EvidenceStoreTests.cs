using Tessera.Cards;
using Tessera.Platform.Signing;
using Tessera.Storage.Signing;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Signing;

public sealed class EvidenceStoreTests : IAsyncLifetime
{
    private static readonly CardId Card = CardId.Parse("0102030405060708");

    private readonly TempFolder _folder = new();
    private Database _database = null!;
    private SqliteEvidenceStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Evidence_is_there_after_a_restart_by_its_id_and_by_its_step()
    {
        var filed = Of(1);
        await _store.AddAsync(filed, Cancel);
        await _database.DisposeAsync();
        await OpenAsync();

        Assert.Equal(filed, await _store.FindAsync(filed.Id, Cancel));
        Assert.Equal(filed, await _store.OfStepAsync(filed.Step, Cancel));
        Assert.Null(await _store.FindAsync(Of(2).Id, Cancel));
        Assert.Null(await _store.OfStepAsync("other", Cancel));
    }

    [Fact]
    public async Task A_step_is_filed_once()
    {
        var first = Of(1);
        await _store.AddAsync(first, Cancel);

        Assert.Equal(first, await _store.AddAsync(Of(2) with { Step = first.Step }, Cancel));
        Assert.Single(await _store.RecentAsync(null, 10, Cancel));
    }

    [Fact]
    public async Task The_newest_comes_first_and_one_reads_on_behind_any()
    {
        for (byte i = 1; i <= 5; i++) await _store.AddAsync(Of(i), Cancel);

        var newest = await _store.RecentAsync(null, 2, Cancel);
        Assert.Equal([Of(5).Id, Of(4).Id], newest.Select(one => one.Id));
        Assert.All(newest, one => Assert.Equal(Bytes.Empty, one.File));
        Assert.Equal([Of(3).Id, Of(2).Id], (await _store.RecentAsync(newest[1].Id, 2, Cancel)).Select(one => one.Id));
    }

    [Fact]
    public async Task The_certificates_of_a_card_are_kept_replaced_and_forgotten()
    {
        Assert.Null(await _store.SignerAsync(Card, Cancel));
        await _store.KeepAsync(Card, new CardSigner(Bytes.FromHex("3001"), null), Cancel);
        await _store.KeepAsync(Card, new CardSigner(Bytes.FromHex("3002"), Bytes.FromHex("3003")), Cancel);
        Assert.Equal(new CardSigner(Bytes.FromHex("3002"), Bytes.FromHex("3003")), await _store.SignerAsync(Card, Cancel));
        await _store.KeepAsync(Card, null, Cancel);
        Assert.Null(await _store.SignerAsync(Card, Cancel));
    }

    private static FiledEvidence Of(byte number) => new(
        new Bytes(new byte[] { number, 2, 3, 4, 5, 6, 7, 8 }), $"step {number}", DateTimeOffset.UnixEpoch.AddDays(number), "orders",
        number == 3 ? null : Card, "CN=Ada", $"Order {number}", Bytes.FromHex("7B7D"));

    private async Task OpenAsync()
    {
        _database = await Database.OpenAsync(Path.Combine(_folder.Path, "tessera.db"), cancel: Cancel);
        _store = new SqliteEvidenceStore(_database);
    }
}
