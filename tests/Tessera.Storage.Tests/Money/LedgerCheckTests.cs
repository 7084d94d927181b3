using Dapper;
using Microsoft.Data.Sqlite;
using Tessera.Platform.Money;
using Xunit;

namespace Tessera.Storage.Tests.Money;

/// <summary>Every rule is seen to fail on a book that was tampered with behind the treasury's back.</summary>
public class LedgerCheckTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LedgerRule.EntriesSumToZero, "UPDATE postings SET amount = amount + 1 WHERE position = 3")]
    [InlineData(LedgerRule.EntriesSumToZero, "DELETE FROM postings WHERE position = 2")]
    [InlineData(LedgerRule.TotalIsZero, "UPDATE accounts SET balance = balance + 1 WHERE account LIKE 'merchant:%'")]
    [InlineData(LedgerRule.TotalIsZero, "DELETE FROM accounts WHERE account LIKE 'merchant:%'")]
    [InlineData(LedgerRule.BalanceIsSumOfPostings, "UPDATE postings SET amount = amount - 1 WHERE position = 1")]
    [InlineData(LedgerRule.BalanceIsSumOfPostings, "DELETE FROM accounts WHERE account LIKE 'funding:%'")]
    [InlineData(LedgerRule.CopiesFollowAccount, "UPDATE card_copies SET balance = balance + 1")]
    [InlineData(LedgerRule.CopiesFollowAccount, "DELETE FROM deliveries WHERE state = 'Pending'")]
    [InlineData(LedgerRule.CopiesFollowAccount, "UPDATE deliveries SET amount = amount - 1 WHERE state = 'InFlight'")]
    [InlineData(LedgerRule.CopiesFollowAccount, "UPDATE deliveries SET state = 'Downloaded', carrier = NULL")]
    [InlineData(LedgerRule.InFlightHasIntent, "UPDATE intents SET state = 'NotDone'")]
    [InlineData(LedgerRule.OneOpenIntent, "DROP INDEX one_open_intent; UPDATE intents SET state = 'Unknown'")]
    [InlineData(LedgerRule.HoldIsLargestDebit, "UPDATE intents SET hold = hold - 1 WHERE state = 'Authorised'")]
    [InlineData(LedgerRule.HoldIsLargestDebit, "UPDATE intent_moves SET amount = amount + 1")]
    [InlineData(LedgerRule.NumbersAreGapless, "DELETE FROM movements WHERE number = 1")]
    [InlineData(LedgerRule.NumbersAreGapless, "DELETE FROM movements WHERE number = 2")]
    [InlineData(LedgerRule.NumbersAreGapless, "UPDATE card_copies SET number = number + 1 WHERE number > 0")]
    [InlineData(LedgerRule.NumbersAreGapless, "UPDATE movements SET balance = balance + 1 WHERE number = 1")]
    [InlineData(LedgerRule.DebitsAreBooked, "UPDATE postings SET amount = amount + 1 WHERE account LIKE 'merchant:%'")]
    [InlineData(LedgerRule.DebitsAreBooked, "UPDATE movements SET entry_id = NULL WHERE number = 1")]
    [InlineData(LedgerRule.EvidenceVerifies, "UPDATE movements SET digest = x'0000000000000000' WHERE number = 1")]
    [InlineData(LedgerRule.EvidenceVerifies, "UPDATE movements SET digest = x'0000000000000000' WHERE number = 2")]
    [InlineData(LedgerRule.EvidenceVerifies, "UPDATE movements SET evidence_octets = x'00'")]
    [InlineData(LedgerRule.EvidenceVerifies, "UPDATE movements SET evidence_nonce = x'01' WHERE number = 2")]
    [InlineData(LedgerRule.EvidenceVerifies, "UPDATE movements SET evidence_nonce = x'01' WHERE number = 3")]
    [InlineData(LedgerRule.EvidenceVerifies, "UPDATE cards SET key_version = 9")]
    [InlineData(LedgerRule.NoNegativeAccount, "UPDATE accounts SET balance = -1 WHERE account LIKE 'purse:%'")]
    [InlineData(LedgerRule.NoNegativeSpendable, "UPDATE intents SET hold = 100000 WHERE state = 'Authorised'")]
    public async Task Finds(LedgerRule rule, string tampering)
    {
        await using var issuer = await LivedAsync();

        await using (var connection = new SqliteConnection($"Data Source={issuer.File};Pooling=False"))
        {
            var changed = await connection.ExecuteAsync(new CommandDefinition(
                $"PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {tampering}",
                cancellationToken: Cancel));
            Assert.NotEqual(0, changed);
        }

        var faults = await issuer.CheckAsync();

        Assert.Contains(faults, fault => fault.Rule == rule && fault.Where.Length > 0 && fault.What.Length > 0);
    }

    [Fact]
    public async Task Tells_where_and_what()
    {
        await using var issuer = await LivedAsync();
        await using (var connection = new SqliteConnection($"Data Source={issuer.File};Pooling=False"))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE accounts SET balance = balance + 5 WHERE account LIKE 'merchant:%'",
                cancellationToken: Cancel));
        }

        Assert.Equal(
            [
                new LedgerFault(
                    LedgerRule.BalanceIsSumOfPostings, "merchant:shop:0978", "is 45, its postings sum to 40"),
                new LedgerFault(LedgerRule.TotalIsZero, "all accounts", "sum to 5"),
            ],
            await issuer.CheckAsync());
    }

    /// <summary>A book with a receipt, a proof and a state as evidence, pending adds and adds in flight.</summary>
    private static async Task<Issuer> LivedAsync()
    {
        var issuer = await Issuer.OpenAsync();
        var (first, second) = (await issuer.IssueAsync(), await issuer.IssueAsync());
        await issuer.FundAsync(1000);
        await issuer.PayAsync(first, 10);
        var proven = await issuer.IntendAsync(first, 10);
        first.Move(proven.Moves[0], 10, Issuer.Digest);
        var nonce = await issuer.Treasury.NonceAsync(first.Id, Cancel);
        await issuer.Treasury.ProveAsync(proven.Id, first.Prove(nonce, proven.Number)!, nonce, Cancel);
        var seen = await issuer.IntendAsync(first, 10);
        first.Move(seen.Moves[0], 10, Issuer.Digest);
        await issuer.ContactAsync(first);
        await issuer.PayAsync(second, 10);
        await issuer.FundAsync(100);
        await issuer.IntendAsync(first, 10);
        Assert.Empty(await issuer.CheckAsync());
        return issuer;
    }
}
