using System.Runtime.CompilerServices;
using Tessera.Cards;
using Tessera.Platform.Money;
using Tessera.Storage.Holders;
using Tessera.Wire;

namespace Tessera.Storage.Money;

/// <summary>The whole book as of one moment, from one read transaction.</summary>
internal sealed class SqliteLedgerView(Database.Snapshot snapshot) : ILedgerView
{
    private readonly Transaction _transaction = snapshot.Transaction;

    public async IAsyncEnumerable<(EntryId Entry, Posting Posting)> PostingsAsync(
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var rows = _transaction.StreamAsync<(string Entry, string Account, long Amount)>(
            "SELECT entry_id, account, amount FROM postings ORDER BY entry_id, position");
        await foreach (var (entry, account, amount) in rows.WithCancellation(cancel))
            yield return (EntryId.Parse(entry), new Posting(AccountId.Parse(account), amount));
    }

    public async IAsyncEnumerable<(AccountId Account, long Balance)> AccountsAsync(
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var rows = _transaction.StreamAsync<(string Account, long Balance)>("SELECT account, balance FROM accounts");
        await foreach (var (account, balance) in rows.WithCancellation(cancel))
            yield return (AccountId.Parse(account), balance);
    }

    public async IAsyncEnumerable<HolderPurse> PursesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var holder in _transaction
            .StreamAsync<string>("SELECT holder_id FROM purses").WithCancellation(cancel))
        {
            yield return (await PurseRows.FindAsync(_transaction, holder))!;
        }
    }

    public async IAsyncEnumerable<Intent> IntentsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var row in _transaction.StreamAsync<IntentRow>(IntentRow.Select).WithCancellation(cancel))
            yield return await row.ToIntentAsync(_transaction);
    }

    public async IAsyncEnumerable<ProvenMovement> MovementsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var rows = _transaction.StreamAsync<MovementRow>(
            $"SELECT {MovementRow.Columns} FROM movements m ORDER BY m.card_id, m.number");
        await foreach (var row in rows.WithCancellation(cancel)) yield return await ProvenAsync(row);
    }

    public async IAsyncEnumerable<RaisedAlarm> AlarmsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var rows = _transaction.StreamAsync<(string Card, string What, byte[] Evidence, long At)>(
            "SELECT card_id, what, evidence, at FROM card_alarms ORDER BY position");
        await foreach (var (card, what, evidence, at) in rows.WithCancellation(cancel))
        {
            yield return new RaisedAlarm(
                new CardAlarm(CardId.Parse(card), what, new Bytes(evidence)),
                DateTimeOffset.FromUnixTimeMilliseconds(at));
        }
    }

    public ValueTask DisposeAsync() => snapshot.DisposeAsync();

    private async Task<ProvenMovement> ProvenAsync(MovementRow row)
    {
        var card = await _transaction.FindAsync<CardRow>(
            $"SELECT {CardRow.Columns} FROM cards c WHERE c.card_id = @CardId", new { row.CardId });
        var applications = await CardRow.ApplicationsAsync(_transaction, card!.HolderId);
        var intents = row.IntentId is null
            ? []
            : await IntentRow.QueryAsync(_transaction, "intent_id = @IntentId", new { row.IntentId });
        var paid = row.EntryId is null
            ? 0
            : await _transaction.FindAsync<long>(
                """
                SELECT COALESCE(SUM(amount), 0) FROM postings
                WHERE entry_id = @EntryId AND amount > 0 AND account NOT LIKE 'purse:%'
                """,
                new { row.EntryId });
        return new ProvenMovement(row.ToMovement(), card.ToCard(applications), intents.SingleOrDefault(), paid);
    }
}
