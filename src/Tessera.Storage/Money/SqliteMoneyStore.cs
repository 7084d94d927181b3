using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Storage.Money;

/// <summary>The book of money in SQLite.</summary>
public sealed class SqliteMoneyStore(Database database) : IMoneyStore
{
    /// <summary>Nonces remembered for each card; an S1 over an older one has to be asked for again.</summary>
    public const int MaxNonces = 16;

    public Task OpenAsync(HolderId holder, ushort currency, CancellationToken cancel) => database.WriteAsync(
        "purse",
        async transaction =>
        {
            var account = AccountId.Purse(holder, currency).ToString();
            var opened = await transaction.ExecuteAsync(
                """
                INSERT INTO purses (holder_id, currency, version) VALUES (@holder, @currency, 0)
                ON CONFLICT DO NOTHING
                """,
                new { holder = holder.ToString(), currency = (long)currency });
            if (opened > 0)
                await transaction.ExecuteAsync(
                    "INSERT INTO accounts (account, balance) VALUES (@account, 0)", new { account });
        },
        cancel);

    public Task<HolderPurse?> FindAsync(HolderId holder, CancellationToken cancel) =>
        database.ReadAsync(transaction => PurseRows.FindAsync(transaction, holder.ToString()), cancel);

    public Task<HolderPurse?> FindAsync(CardId card, CancellationToken cancel) => database.ReadAsync(
        async transaction =>
            await transaction.FindAsync<string>(
                "SELECT holder_id FROM card_copies WHERE card_id = @card", new { card = card.ToString() }) is { } holder
                ? await PurseRows.FindAsync(transaction, holder)
                : null,
        cancel);

    public Task<bool> CommitAsync(Booking booking, CancellationToken cancel) => database.WriteAsync(
        "booking", transaction => new BookingRows(transaction, booking).WriteAsync(), cancel);

    public Task<Intent?> FindIntentAsync(IntentId intent, CancellationToken cancel) => database.ReadAsync(
        async transaction =>
            (await IntentRow.QueryAsync(transaction, "intent_id = @intent", new { intent = intent.ToString() }))
            .SingleOrDefault(),
        cancel);

    public Task<Intent?> FindIntentAsync(CardId card, Bytes script, CancellationToken cancel) => database.ReadAsync(
        async transaction =>
            await IntentRow.QueryAsync(
                transaction,
                "card_id = @card AND script = @script",
                new { card = card.ToString(), script = script.ToArray() }) is [.., var intent]
                ? intent
                : null,
        cancel);

    public Task<IReadOnlyList<Intent>> OpenIntentsAsync(SessionReference session, CancellationToken cancel) =>
        database.ReadAsync(
            transaction => IntentRow.QueryAsync(
                transaction,
                "session_id = @session AND state IN ('Authorised', 'Unknown')",
                new { session = session.ToString() }),
            cancel);

    public Task<IReadOnlyList<Intent>> UntoldAsync(CardId card, int count, CancellationToken cancel) => database.ReadAsync(
        transaction => IntentRow.QueryAsync(
            transaction,
            "untold = 1 AND holder_id = (SELECT holder_id FROM card_copies WHERE card_id = @card)",
            new { card = card.ToString(), count },
            "LIMIT @count"),
        cancel);

    public Task<BookedMovement?> FindMovementAsync(IntentId intent, CancellationToken cancel) => database.ReadAsync(
        async transaction => (await transaction.FindAsync<MovementRow>(
            $"SELECT {MovementRow.Columns} FROM movements m WHERE m.intent_id = @intent",
            new { intent = intent.ToString() }))?.ToMovement(),
        cancel);

    public Task<BookedMovement?> FindMovementAsync(CardId card, uint number, CancellationToken cancel) =>
        database.ReadAsync(
            async transaction => (await transaction.FindAsync<MovementRow>(
                $"SELECT {MovementRow.Columns} FROM movements m WHERE m.card_id = @card AND m.number = @number",
                new { card = card.ToString(), number = (long)number }))?.ToMovement(),
            cancel);

    public Task<IReadOnlyList<BookedMovement>> OwedAsync(HolderId holder, int count, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<BookedMovement>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<MovementRow>(
                    $"""
                    SELECT {MovementRow.Columns} FROM movements m JOIN card_copies c USING (card_id)
                    WHERE c.holder_id = @holder AND m.late = 'Owed' ORDER BY m.at, m.rowid LIMIT @count
                    """,
                    new { holder = holder.ToString(), count })).Select(row => row.ToMovement()),
            ],
            cancel);

    public Task<LedgerEntry?> FindEntryAsync(string key, CancellationToken cancel) => database.ReadAsync(
        async transaction =>
        {
            var entry = await transaction.FindAsync<(string Id, string Kind, string What, string? Intent, long At)?>(
                "SELECT entry_id, kind, what, intent_id, at FROM entries WHERE key = @key", new { key });
            if (entry is not var (id, kind, what, intent, at)) return null;
            var postings = await transaction.QueryAsync<(string Account, long Amount)>(
                "SELECT account, amount FROM postings WHERE entry_id = @id ORDER BY position", new { id });
            return new LedgerEntry(
                EntryId.Parse(id),
                Enum.Parse<EntryKind>(kind),
                what,
                DateTimeOffset.FromUnixTimeMilliseconds(at),
                [.. postings.Select(posting => new Posting(AccountId.Parse(posting.Account), posting.Amount))],
                intent is null ? null : IntentId.Parse(intent),
                key);
        },
        cancel);

    public Task<DateTimeOffset?> SuspendedAsync(AccountId account, CancellationToken cancel) =>
        database.ReadAsync<DateTimeOffset?>(
            async transaction => await transaction.FindAsync<long?>(
                """
                SELECT MIN(e.at) FROM postings p JOIN entries e USING (entry_id)
                WHERE p.account = @account AND p.amount > 0
                """,
                new { account = account.ToString() }) is { } at
                ? DateTimeOffset.FromUnixTimeMilliseconds(at)
                : null,
            cancel);

    public Task IssueNonceAsync(CardId card, Bytes nonce, DateTimeOffset now, CancellationToken cancel) =>
        database.WriteAsync(
            "nonce",
            async transaction =>
            {
                var values = new
                {
                    card = card.ToString(),
                    nonce = nonce.ToArray(),
                    now = now.ToUnixTimeMilliseconds(),
                    kept = MaxNonces,
                };
                await transaction.ExecuteAsync(
                    """
                    INSERT INTO nonces (card_id, nonce, intent_id, number, at)
                    VALUES (@card, @nonce,
                            (SELECT intent_id FROM intents
                             WHERE card_id = @card AND state IN ('Authorised', 'Unknown')),
                            COALESCE((SELECT MAX(number) FROM movements WHERE card_id = @card), 0), @now)
                    """,
                    values);
                await transaction.ExecuteAsync(
                    """
                    DELETE FROM nonces WHERE card_id = @card AND position <=
                      (SELECT position FROM nonces WHERE card_id = @card ORDER BY position DESC LIMIT 1 OFFSET @kept)
                    """,
                    values);
            },
            cancel);

    public Task<IssuedNonce?> FindNonceAsync(CardId card, Bytes nonce, CancellationToken cancel) => database.ReadAsync(
        async transaction =>
            await transaction.FindAsync<(string? Intent, long Number)?>(
                "SELECT intent_id, number FROM nonces WHERE card_id = @card AND nonce = @nonce",
                new { card = card.ToString(), nonce = nonce.ToArray() }) is var (intent, number)
                ? new IssuedNonce(nonce, intent is null ? null : IntentId.Parse(intent), (uint)number)
                : null,
        cancel);

    public Task<IReadOnlyList<HistoryLine>> HistoryAsync(
        AccountId account, long before, int count, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<HistoryLine>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<HistoryRow>(
                    """
                    SELECT p.position AS Position, p.entry_id AS EntryId, e.kind AS Kind, e.what AS What,
                           p.amount AS Amount, p.balance AS Balance, m.card_id AS CardId, e.at AS At
                    FROM postings p JOIN entries e USING (entry_id) LEFT JOIN movements m USING (entry_id)
                    WHERE p.account = @account AND p.position < @before ORDER BY p.position DESC LIMIT @count
                    """,
                    new { account = account.ToString(), before, count })).Select(row => row.ToLine()),
            ],
            cancel);

    public async Task<ILedgerView> ViewAsync(CancellationToken cancel) =>
        new SqliteLedgerView(await database.SnapshotAsync(cancel));

    private sealed class HistoryRow
    {
        public required long Position { get; init; }

        public required string EntryId { get; init; }

        public required string Kind { get; init; }

        public required string What { get; init; }

        public required long Amount { get; init; }

        public required long Balance { get; init; }

        public required string? CardId { get; init; }

        public required long At { get; init; }

        public HistoryLine ToLine() => new(
            Position,
            Platform.Money.EntryId.Parse(EntryId),
            Enum.Parse<EntryKind>(Kind),
            What,
            Amount,
            Balance,
            CardId is null ? null : Cards.CardId.Parse(CardId),
            DateTimeOffset.FromUnixTimeMilliseconds(At));
    }
}
