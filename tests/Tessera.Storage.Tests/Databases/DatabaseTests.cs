using Dapper;
using Microsoft.Data.Sqlite;
using Tessera.Platform.Holders;
using Tessera.Storage.Holders;
using Tessera.Storage.Tests.Money;
using Xunit;

namespace Tessera.Storage.Tests.Databases;

public class DatabaseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_ahead_and_holds_foreign_keys()
    {
        await using var issuer = await Issuer.OpenAsync();

        await using var connection = new SqliteConnection($"Data Source={issuer.File};Pooling=False");
        Assert.Equal("wal", await connection.ExecuteScalarAsync<string>("PRAGMA journal_mode"));
        var orphan = new Holder(HolderId.New(DateTimeOffset.UnixEpoch), "Nobody", DateTimeOffset.UnixEpoch);
        await Assert.ThrowsAsync<SqliteException>(() => issuer.RegisterAsync(orphan.Id));
    }

    [Fact]
    public async Task A_second_start_finds_everything()
    {
        await using var issuer = await Issuer.OpenAsync();
        var card = await issuer.IssueAsync();
        await issuer.FundAsync(1000);
        await issuer.PayAsync(card, 300);
        var before = await issuer.ViewAsync(card);

        await issuer.StartAsync();

        var after = await issuer.ViewAsync(card);
        Assert.Equal((before.Account, before.Spendable), (after.Account, after.Spendable));
        Assert.Equal(before.History, after.History);
        Assert.Equal("Ada", (await issuer.Holders.FindAsync(issuer.Holder, Cancel))?.Name);
        var found = Assert.Single(await issuer.Holders.CardsAsync(issuer.Holder, Cancel));
        Assert.Equal(card.Registration with { Applications = [] }, found with { Applications = [] });
        Assert.Equal(card.Registration.Applications, found.Applications);
    }

    [Fact]
    public async Task A_holder_or_card_that_is_not_there_is_not_found()
    {
        await using var issuer = await Issuer.OpenAsync();

        Assert.Null(await issuer.Holders.FindAsync(new HolderId(Guid.Empty), Cancel));
        Assert.Null(await issuer.Holders.FindCardAsync(new Cards.CardId(1), Cancel));
        Assert.Empty(await issuer.Holders.CardsAsync(issuer.Holder, Cancel));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_left_alone()
    {
        await using var issuer = await Issuer.OpenAsync();
        await using (var connection = new SqliteConnection($"Data Source={issuer.File};Pooling=False"))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO schema_version (number, name) VALUES (999, 'later')", cancellationToken: Cancel));
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => Database.OpenAsync(issuer.File, cancel: Cancel));
    }

    [Fact]
    public async Task What_throws_before_its_commit_has_written_nothing()
    {
        await using var issuer = await Issuer.OpenAsync();
        var holder = new Holder(HolderId.New(DateTimeOffset.UnixEpoch), "Eve", DateTimeOffset.UnixEpoch);

        issuer.CrashAt(1);
        await Assert.ThrowsAsync<CrashException>(() => issuer.Holders.AddAsync(holder, Cancel));
        Assert.Null(await issuer.Holders.FindAsync(holder.Id, Cancel));
        issuer.CrashAt(2);
        await Assert.ThrowsAsync<CrashException>(() => issuer.Holders.AddAsync(holder, Cancel));
        Assert.NotNull(await issuer.Holders.FindAsync(holder.Id, Cancel));
    }

    [Fact]
    public async Task A_cancelled_write_writes_nothing()
    {
        await using var issuer = await Issuer.OpenAsync();
        var holder = new Holder(HolderId.New(DateTimeOffset.UnixEpoch), "Eve", DateTimeOffset.UnixEpoch);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new SqliteHolderStore(issuer.Database).AddAsync(holder, new CancellationToken(canceled: true)));

        Assert.Null(await issuer.Holders.FindAsync(holder.Id, Cancel));
    }
}
