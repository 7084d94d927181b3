using Tessera.Platform.Objects;
using Tessera.Wire;

namespace Tessera.Storage.Objects;

/// <summary>Numbers of signed objects and redemptions of coupons in SQLite.</summary>
public sealed class SqliteObjectBook(Database database) : IObjectBook
{
    private const string Columns = "card_id AS CardId, number AS Number, object AS Object, mark AS Mark, at AS At";

    public async Task<uint> TakeNumbersAsync(int count, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var next = await database.WriteAsync(
            "object numbers",
            transaction => transaction.FindAsync<long>(
                "UPDATE object_numbers SET next = next + @count RETURNING next", new { count }),
            cancel);
        return (uint)(next - count);
    }

    public Task<Redemption> RecordAsync(Redemption redemption, CancellationToken cancel) => database.WriteAsync(
        "redemption",
        async transaction =>
        {
            await transaction.ExecuteAsync(
                """
                INSERT INTO redemptions (number, card_id, object, mark, at) VALUES (@number, @card, @content, @mark, @at)
                ON CONFLICT (number) DO NOTHING
                """,
                new
                {
                    number = (long)redemption.Number,
                    card = redemption.Card.ToString(),
                    content = redemption.Object.ToArray(),
                    mark = redemption.Mark.ToArray(),
                    at = redemption.Time.ToUnixTimeMilliseconds(),
                });
            return (await FindAsync(transaction, redemption.Number))!;
        },
        cancel);

    public Task<Redemption?> FindAsync(uint number, CancellationToken cancel) =>
        database.ReadAsync(transaction => FindAsync(transaction, number), cancel);

    private static async Task<Redemption?> FindAsync(Transaction transaction, uint number) =>
        (await transaction.FindAsync<Row>(
            $"SELECT {Columns} FROM redemptions WHERE number = @number", new { number = (long)number }))?.ToRedemption();

    private sealed class Row
    {
        public required string CardId { get; init; }

        public required long Number { get; init; }

        public required byte[] Object { get; init; }

        public required byte[] Mark { get; init; }

        public required long At { get; init; }

        public Redemption ToRedemption() => new(
            Cards.CardId.Parse(CardId), (uint)Number, new Bytes(Object), new Bytes(Mark),
            DateTimeOffset.FromUnixTimeMilliseconds(At));
    }
}
