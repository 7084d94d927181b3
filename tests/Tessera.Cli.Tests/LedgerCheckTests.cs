using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage;
using Tessera.Storage.Holders;
using Tessera.Storage.Keys;
using Tessera.Storage.Money;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
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
        using (await Vault.OpenAsync(_folder.Path, VaultSeal.None, TimeProvider.System, Cancel)) { }

        var run = await CheckAsync();

        Assert.Equal((0, "The books hold: 0 accounts, 0 entries, 0 cards.\n", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task A_book_with_a_payment_in_it_holds_while_it_is_open_elsewhere()
    {
        await using var database = await PaidAsync();

        var run = await CheckAsync("--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            """{"holds":true,"receiptsVerified":true,"accounts":3,"entries":2,"cards":1,"faults":[]}""" + "\n", run.Output);
    }

    [Fact]
    public async Task Every_rule_that_is_broken_is_a_line()
    {
        await using (await PaidAsync()) { }
        await ChangeAsync("UPDATE accounts SET balance = balance + 1 WHERE account LIKE 'purse:%'");

        var run = await CheckAsync();

        Assert.Equal((1, $"tessera: The books do not hold: {run.Lines.Count} faults.\n"), (run.ExitCode, run.Error));
        Assert.Contains(run.Lines, line =>
            line.StartsWith("BalanceIsSumOfPostings: purse:", StringComparison.Ordinal)
            && line.EndsWith(": is 3751, its postings sum to 3750", StringComparison.Ordinal));
        Assert.Contains("TotalIsZero: all accounts: sum to 1\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("CopiesFollowAccount: card 0123456789ABCDEF: 3750 + 0 pending", run.Output, StringComparison.Ordinal);

        var faults = JsonElement.Parse((await CheckAsync("--json")).Output).GetProperty("faults");
        Assert.Equal(run.Lines.Count, faults.GetArrayLength());
        Assert.Contains(faults.EnumerateArray(), fault => fault.GetProperty("rule").ValueEquals("totalIsZero"));
    }

    [Fact]
    public async Task A_receipt_that_no_card_gave_is_found_with_the_keys_of_the_folder_and_not_without()
    {
        await using (await PaidAsync()) { }
        await ChangeAsync("UPDATE movements SET digest = x'0000000000000000'");

        var run = await CheckAsync();
        Assert.Equal((1, "tessera: The books do not hold: 1 faults.\n"), (run.ExitCode, run.Error));
        Assert.Equal("EvidenceVerifies: card 0123456789ABCDEF number 1: Receipt does not verify\n", run.Output);

        Directory.Delete(_folder.File("keys"), recursive: true);
        var without = await CheckAsync();
        Assert.Equal((0, ""), (without.ExitCode, without.Error));
        Assert.Equal("Receipts were not verified: the folder has no keys.", without.Lines[^1]);
        Assert.False(Directory.Exists(_folder.File("keys")));
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

    /// <summary>What nobody but a thief or a broken disk does.</summary>
    private async Task ChangeAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        Assert.Equal(1, await connection.ExecuteAsync(sql));
    }

    /// <summary>One holder with one demonstration card, 50.00 loaded, 12.50 paid with the card.</summary>
    private async Task<Database> PaidAsync()
    {
        var database = await Database.OpenAsync(File, cancel: Cancel);
        var holders = new SqliteHolderStore(database);
        var holder = new Holder(HolderId.New(DateTimeOffset.UnixEpoch), "Ada", DateTimeOffset.UnixEpoch);
        await holders.AddAsync(holder, Cancel);
        using (await Vault.OpenAsync(_folder.Path, VaultSeal.None, TimeProvider.System, Cancel)) { }
        using var masters = DemonstrationKeys.Create();
        var registration = new CardRegistration(
            CardId.Parse("0123456789ABCDEF"), holder.Id, CardKind.Iso, [PurseCommands.Aid], masters.Version, 0x0978, 100_000,
            CardState.Active, DateTimeOffset.UnixEpoch);
        await holders.RegisterAsync(registration, Cancel);
        var treasury = new Treasury(new SqliteMoneyStore(database), new PurseKeyring(masters), TimeProvider.System);
        await treasury.OpenAsync(registration, Cancel);
        await treasury.FundAsync(holder.Id, 5000, "cash", "first", Cancel);
        await PayAsync(treasury, registration.Card, 1250);
        return database;
    }

    private static async Task PayAsync(Treasury treasury, CardId id, uint amount)
    {
        var digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");
        using var card = DemonstrationCard(id);
        Send(card, PurseCommands.Select);
        var nonce = await treasury.NonceAsync(id, Cancel);
        var s1 = Send(card, PurseCommands.Initialize(nonce)).Read<PurseState>();
        var contact = await treasury.ContactAsync(id, 0x0978, s1, nonce, Cancel);
        var authorised = await treasury.AuthoriseAsync(
            contact, [Alternative.Debit(amount, "shop", "bread", MoveTerms.WithoutPin)],
            SessionReference.New(DateTimeOffset.UnixEpoch), moves => moves[0].S2, Cancel);
        var move = authorised.Intent!.Moves[0];
        var command = PurseCommands.Move(MoveKind.Debit, MoveTerms.WithoutPin, move.Adjust, amount, move.S2);
        var s3 = Send(card, PurseCommands.Complete(command, null, digest)).Read<PurseReceipt>();
        await treasury.SettleAsync(authorised.Intent.Id, 0, amount, digest, s3, Cancel);
    }

    private static CardOs DemonstrationCard(CardId id)
    {
        var medium = new MemoryMedium();
        using (var personalisation = Personalisation.Demonstration(id)) CardImage.Create(medium, personalisation);
        var card = CardImage.Open(medium);
        card.Reset();
        return card;
    }

    private static Bytes Send(CardOs card, CommandApdu command) =>
        card.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>().EnsureSuccess(command).Data;
}
