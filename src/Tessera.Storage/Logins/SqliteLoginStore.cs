using Tessera.Cards;
using Tessera.Platform.Logins;
using Tessera.Wire;

namespace Tessera.Storage.Logins;

/// <summary>Temporary logins in SQLite.</summary>
public sealed class SqliteLoginStore(Database database) : ILoginStore
{
    private const string Columns =
        """
        login_id AS LoginId, card_id AS CardId, call AS Call, application AS Application, digest AS Digest,
        dispatched AS Dispatched, until AS Until, used_by AS UsedBy
        """;

    public Task<int> CountAsync(LoginCount count, string whose, DateOnly day, int by, CancellationToken cancel) =>
        database.WriteAsync(
            "login count",
            async transaction => (int)await transaction.FindAsync<long>(
                """
                INSERT INTO login_counts (kind, of, day, count) VALUES (@kind, @of, @day, @by)
                ON CONFLICT (kind, of, day) DO UPDATE SET count = count + @by RETURNING count
                """,
                new { kind = count.ToString(), of = whose, day = (long)day.DayNumber, by = (long)by }),
            cancel);

    public Task AddAsync(TemporaryLogin login, CancellationToken cancel) => database.WriteAsync(
        "login",
        async transaction =>
        {
            var values = new
            {
                id = login.Id.ToString("N"),
                card = login.Card.ToString(),
                call = login.Call,
                application = login.Application,
                digest = login.Digest.ToArray(),
                dispatched = login.Dispatched.ToUnixTimeMilliseconds(),
                until = login.Until.ToUnixTimeMilliseconds(),
                usedBy = (long?)login.UsedBy,
            };
            await transaction.ExecuteAsync(
                "UPDATE logins SET until = @dispatched WHERE card_id = @card AND until > @dispatched", values);
            await transaction.ExecuteAsync(
                """
                INSERT INTO logins (login_id, card_id, call, application, digest, dispatched, until, used_by)
                VALUES (@id, @card, @call, @application, @digest, @dispatched, @until, @usedBy)
                """,
                values);
        },
        cancel);

    public Task<TemporaryLogin?> NewestAsync(CardId card, CancellationToken cancel) => FindAsync(
        "card_id = @card ORDER BY dispatched DESC, login_id DESC LIMIT 1", new { card = card.ToString() }, cancel);

    public Task<TemporaryLogin?> FindAsync(CardId card, Bytes digest, CancellationToken cancel) => FindAsync(
        "card_id = @card AND digest = @digest ORDER BY dispatched DESC, login_id DESC LIMIT 1",
        new { card = card.ToString(), digest = digest.ToArray() }, cancel);

    public Task EndAsync(Guid login, DateTimeOffset until, CancellationToken cancel) => database.WriteAsync(
        "login end",
        transaction => transaction.ExecuteAsync(
            "UPDATE logins SET until = @until WHERE login_id = @id AND until > @until",
            new { id = login.ToString("N"), until = until.ToUnixTimeMilliseconds() }),
        cancel);

    public Task<bool> UseAsync(Guid login, ushort session, DateTimeOffset now, CancellationToken cancel) =>
        database.WriteAsync(
            "login use",
            async transaction => await transaction.ExecuteAsync(
                """
                UPDATE logins SET used_by = @session
                WHERE login_id = @id AND (used_by = @session OR used_by IS NULL AND until > @now)
                """,
                new { id = login.ToString("N"), session = (long)session, now = now.ToUnixTimeMilliseconds() }) == 1,
            cancel);

    public Task PruneAsync(DateTimeOffset before, CancellationToken cancel) => database.WriteAsync(
        "login prune",
        async transaction =>
        {
            await transaction.ExecuteAsync(
                "DELETE FROM logins WHERE until < @before", new { before = before.ToUnixTimeMilliseconds() });
            await transaction.ExecuteAsync(
                "DELETE FROM login_counts WHERE day < @day",
                new { day = (long)DateOnly.FromDateTime(before.UtcDateTime).DayNumber });
        },
        cancel);

    private Task<TemporaryLogin?> FindAsync(string where, object values, CancellationToken cancel) =>
        database.ReadAsync(
            async transaction => (await transaction.FindAsync<LoginRow>(
                $"SELECT {Columns} FROM logins WHERE {where}", values))?.ToLogin(),
            cancel);

    private sealed record LoginRow(
        string LoginId, string CardId, string Call, string? Application, byte[] Digest, long Dispatched, long Until,
        long? UsedBy)
    {
        public TemporaryLogin ToLogin() => new(
            Guid.ParseExact(LoginId, "N"), Cards.CardId.Parse(CardId), Call, Application, new Bytes(Digest),
            DateTimeOffset.FromUnixTimeMilliseconds(Dispatched), DateTimeOffset.FromUnixTimeMilliseconds(Until),
            (ushort?)UsedBy);
    }
}
