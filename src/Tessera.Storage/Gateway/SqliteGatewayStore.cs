using Tessera.Cards;
using Tessera.Gateway;
using Tessera.Wire;

namespace Tessera.Storage.Gateway;

/// <summary>Subscribers, counters, inbox and outbox of the short message road in SQLite.</summary>
public sealed partial class SqliteGatewayStore(Database database) : IGatewayStore
{
    /// <summary>Cards that one number may have: each costs a check of its keys when a message comes.</summary>
    public const int MaxCardsOfNumber = 4;

    private const ulong MaxCounter = 0xFFFFFFFFFF;

    private const string SubscriberColumns =
        "card_id AS CardId, msisdn AS Number, key_version AS KeyVersion, profile AS Profile";

    public Task RegisterAsync(Subscriber subscriber, CancellationToken cancel) => database.WriteAsync(
        "subscriber",
        async transaction =>
        {
            var values = new
            {
                card = subscriber.Card.ToString(),
                number = subscriber.Number,
                keyVersion = (long)subscriber.KeyVersion,
                profile = subscriber.Profile.ToArray(),
            };
            var others = await transaction.FindAsync<long>(
                "SELECT count(*) FROM subscribers WHERE msisdn = @number AND card_id <> @card", values);
            if (others >= MaxCardsOfNumber)
                throw new InvalidOperationException($"A number has at most {MaxCardsOfNumber} cards.");
            await transaction.ExecuteAsync(
                """
                INSERT INTO subscribers (card_id, msisdn, key_version, profile)
                VALUES (@card, @number, @keyVersion, @profile)
                ON CONFLICT (card_id) DO UPDATE SET msisdn = @number, key_version = @keyVersion,
                  profile = CASE WHEN length(@profile) > 0 THEN @profile ELSE profile END
                """,
                values);
        },
        cancel);

    public Task<Subscriber?> FindAsync(CardId card, CancellationToken cancel) => database.ReadAsync(
        async transaction => (await transaction.FindAsync<SubscriberRow>(
            $"SELECT {SubscriberColumns} FROM subscribers WHERE card_id = @card",
            new { card = card.ToString() }))?.ToSubscriber(),
        cancel);

    public Task<IReadOnlyList<Subscriber>> FindAsync(string number, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<Subscriber>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<SubscriberRow>(
                    $"SELECT {SubscriberColumns} FROM subscribers WHERE msisdn = @number ORDER BY rowid DESC",
                    new { number })).Select(row => row.ToSubscriber()),
            ],
            cancel);

    public Task<ulong> ReserveAsync(CardId card, int count, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return database.WriteAsync(
            "counters",
            async transaction =>
            {
                var taken = await transaction.ExecuteAsync(
                    """
                    UPDATE subscribers SET down_reserved = down_reserved + @count
                    WHERE card_id = @card AND down_reserved + @count < @max
                    """,
                    new { card = card.ToString(), count, max = (long)MaxCounter });
                if (taken == 0)
                    throw new InvalidOperationException($"Card {card} is not reached by short messages any more.");
                var last = await transaction.FindAsync<long>(
                    "SELECT down_reserved FROM subscribers WHERE card_id = @card", new { card = card.ToString() });
                return (ulong)(last - count + 1);
            },
            cancel);
    }

    public Task PruneAsync(
        DateTimeOffset closed, DateTimeOffset received, CancellationToken cancel) => database.WriteAsync(
        "gateway pruning",
        async transaction =>
        {
            var values = new { closed = Milliseconds(closed), received = Milliseconds(received) };
            await transaction.ExecuteAsync(
                """
                DELETE FROM sms_sessions WHERE closed < @closed AND NOT EXISTS (
                  SELECT 1 FROM sms_scripts c
                  WHERE c.card_id = sms_sessions.card_id AND c.session = sms_sessions.session AND c.late IS NOT NULL)
                """,
                values);
            await transaction.ExecuteAsync("DELETE FROM inbox WHERE received < @received", values);
            await transaction.ExecuteAsync("DELETE FROM early_receipts WHERE at < @received", values);
        },
        cancel);

    private static DateTimeOffset Moment(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static long Milliseconds(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds();

    private sealed class SubscriberRow
    {
        public required string CardId { get; init; }

        public required string Number { get; init; }

        public required long KeyVersion { get; init; }

        public required byte[] Profile { get; init; }

        public Subscriber ToSubscriber() =>
            new(Cards.CardId.Parse(CardId), Number, (byte)KeyVersion, new Bytes(Profile));
    }
}
