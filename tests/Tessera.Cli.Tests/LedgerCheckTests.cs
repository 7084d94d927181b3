using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary><c>tessera ledger check</c> over real databases, whole and damaged.</summary>
public sealed class LedgerCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string File => _folder.File("tessera.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_fresh_book_holds()
    {
        await using (await Database.OpenAsync(File, cancel: Cancel)) { }

        var run = await CheckAsync();

        Assert.Equal((0, "The books hold: 0 accounts, 0 entries, 0 cards.\n", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task A_book_with_money_in_it_holds_while_it_is_open_elsewhere()
    {
        await using var database = await FundedAsync();

        var run = await CheckAsync("--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var json = JsonElement.Parse(run.Output);
        Assert.True(json.GetProperty("holds").GetBoolean());
        Assert.Equal(2, json.GetProperty("accounts").GetInt32());
        Assert.Equal(1, json.GetProperty("entries").GetInt32());
        Assert.Equal(1, json.GetProperty("cards").GetInt32());
        Assert.Equal(0, json.GetProperty("faults").GetArrayLength());
    }

    [Fact]
    public async Task Every_rule_that_is_broken_is_a_line()
    {
        await using (await FundedAsync()) { }
        await using (var connection = new SqliteConnection($"Data Source={File};Pooling=false"))
            await connection.ExecuteAsync("UPDATE accounts SET balance = balance + 1 WHERE account LIKE 'purse:%'");

        var run = await CheckAsync();

        Assert.Equal((1, $"tessera: The books do not hold: {run.Lines.Count} faults.\n"), (run.ExitCode, run.Error));
        Assert.Contains(run.Lines, line =>
            line.StartsWith("BalanceIsSumOfPostings: purse:", StringComparison.Ordinal)
            && line.EndsWith(": is 5001, its postings sum to 5000", StringComparison.Ordinal));
        Assert.Contains("TotalIsZero: all accounts: sum to 1", run.Output, StringComparison.Ordinal);
        Assert.Contains(run.Lines, line => line.StartsWith("CopiesFollowAccount: card ", StringComparison.Ordinal));

        var faults = JsonElement.Parse((await CheckAsync("--json")).Output).GetProperty("faults");
        Assert.Equal(run.Lines.Count, faults.GetArrayLength());
        Assert.Contains(faults.EnumerateArray(), fault => fault.GetProperty("rule").ValueEquals("totalIsZero"));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_in_one_line()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5000), Cancel);

        var run = await CheckAsync();

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("tessera: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("file is not a database", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_folder_without_a_database_stays_without_one()
    {
        var run = await CheckAsync();

        Assert.Equal((1, "", $"tessera: {File}: there is no database of a server.\n"), (run.ExitCode, run.Output, run.Error));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private Task<ToolRun> CheckAsync(params string[] more) =>
        ToolProcess.RunAsync(["ledger", "check", "--data", _folder.Path, .. more], Cancel);

    /// <summary>One holder, one card, 50.00 loaded and not on the card yet.</summary>
    private async Task<Database> FundedAsync()
    {
        var database = await Database.OpenAsync(File, cancel: Cancel);
        var holders = new SqliteHolderStore(database);
        var holder = new Holder(HolderId.New(DateTimeOffset.UnixEpoch), "Ada", DateTimeOffset.UnixEpoch);
        await holders.AddAsync(holder, Cancel);
        var card = new CardRegistration(
            new CardId(0x0123456789ABCDEF), holder.Id, CardKind.Iso, [PurseCommands.Aid], 1, 0x0978, 100_000,
            CardState.Active, DateTimeOffset.UnixEpoch);
        await holders.RegisterAsync(card, Cancel);
        using var master = SecretKey.Generate();
        var keys = new PurseKeyring(new Dictionary<byte, SecretKey> { [1] = master });
        var treasury = new Treasury(new SqliteMoneyStore(database), keys, TimeProvider.System);
        await treasury.OpenAsync(card, Cancel);
        await treasury.FundAsync(holder.Id, 5000, "cash", "first", Cancel);
        return database;
    }
}
