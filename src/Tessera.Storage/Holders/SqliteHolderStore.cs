using Tessera.Cards;
using Tessera.Platform.Holders;

namespace Tessera.Storage.Holders;

/// <summary>Holders and cards in SQLite.</summary>
public sealed class SqliteHolderStore(Database database) : IHolderStore
{
    public Task AddAsync(Holder holder, CancellationToken cancel) =>
        database.WriteAsync("holder", transaction => AddAsync(transaction, holder), cancel);

    public Task<Holder?> FindAsync(HolderId holder, CancellationToken cancel) => database.ReadAsync(
        async transaction =>
            await transaction.FindAsync<(string Name, long Since)?>(
                "SELECT name, since FROM holders WHERE holder_id = @holder", new { holder = holder.ToString() })
                is var (name, since)
                ? new Holder(holder, name, DateTimeOffset.FromUnixTimeMilliseconds(since))
                : null,
        cancel);

    public Task RegisterAsync(CardRegistration card, CancellationToken cancel) =>
        database.WriteAsync("card", transaction => RegisterAsync(transaction, card), cancel);

    public Task<CardRegistration?> FindCardAsync(CardId card, CancellationToken cancel) => database.ReadAsync(
        async transaction =>
            await transaction.FindAsync<CardRow>(
                $"SELECT {CardRow.Columns} FROM cards c WHERE c.card_id = @card", new { card = card.ToString() })
                is { } row
                ? row.ToCard(await CardRow.ApplicationsAsync(transaction, row.HolderId))
                : null,
        cancel);

    public Task<IReadOnlyList<CardRegistration>> CardsAsync(HolderId holder, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<CardRegistration>>(
            async transaction =>
            {
                var applications = await CardRow.ApplicationsAsync(transaction, holder.ToString());
                return
                [
                    .. (await transaction.QueryAsync<CardRow>(
                        $"""
                        SELECT {CardRow.Columns} FROM cards c
                        WHERE c.holder_id = @holder ORDER BY c.since, c.card_id
                        """,
                        new { holder = holder.ToString() })).Select(row => row.ToCard(applications)),
                ];
            },
            cancel);

    public Task<CardState?> StandAsync(
        CardId card, CardState state, IReadOnlyList<CardState> from, DateTimeOffset now, CancellationToken cancel) =>
        database.WriteAsync(
            "card standing",
            async transaction =>
            {
                var before = await CardRow.StateAsync(transaction, card.ToString());
                if (before is { } was && from.Contains(was))
                    await CardRow.StandAsync(transaction, card.ToString(), state, now.ToUnixTimeMilliseconds());
                return before;
            },
            cancel);

    public Task<int> CountTryAsync(CardId card, string key, CancellationToken cancel) => database.WriteAsync(
        "card try",
        async transaction =>
        {
            var values = new { card = card.ToString(), key };
            await transaction.ExecuteAsync(
                "UPDATE cards SET tries = MIN(tries + 1, 65535), tried = @key WHERE card_id = @card AND tried IS NOT @key",
                values);
            return (int)await transaction.FindAsync<long>("SELECT tries FROM cards WHERE card_id = @card", values);
        },
        cancel);

    public Task EndTryAsync(CardId card, string key, bool succeeded, CancellationToken cancel) => database.WriteAsync(
        "card try",
        transaction => transaction.ExecuteAsync(
            """
            UPDATE cards SET tries = CASE WHEN @succeeded THEN 0 ELSE tries - 1 END, tried = NULL
            WHERE card_id = @card AND tried = @key
            """,
            new { card = card.ToString(), key, succeeded }),
        cancel);

    internal static Task AddAsync(Transaction transaction, Holder holder) => transaction.ExecuteAsync(
        "INSERT INTO holders (holder_id, name, since) VALUES (@Id, @Name, @Since)",
        new { Id = holder.Id.ToString(), holder.Name, Since = holder.Since.ToUnixTimeMilliseconds() });

    internal static async Task RegisterAsync(Transaction transaction, CardRegistration card)
    {
        var id = card.Card.ToString();
        await transaction.ExecuteAsync(
            """
            INSERT INTO cards (card_id, holder_id, kind, key_version, currency, greatest_balance, state, since)
            VALUES (@id, @holder, @kind, @keyVersion, @currency, @greatest, @state, @since)
            """,
            new
            {
                id,
                holder = card.Holder.ToString(),
                kind = card.Kind.ToString(),
                keyVersion = (long)card.KeyVersion,
                currency = (long)card.Currency,
                greatest = (long)card.GreatestBalance,
                state = card.State.ToString(),
                since = card.Since.ToUnixTimeMilliseconds(),
            });
        await transaction.ExecuteAsync(
            "INSERT INTO card_applications (card_id, position, application) VALUES (@id, @position, @octets)",
            card.Applications.Select((application, position) => new { id, position, octets = application.ToArray() }));
    }
}
