namespace Tessera.Storage.Issuing;

/// <summary>What somebody did with keys or cards: never a secret.</summary>
/// <param name="Operator">Who.</param>
/// <param name="What">A word such as <c>vault.rotate</c>.</param>
/// <param name="Subject">On what: a card, a key version.</param>
/// <param name="Detail">Check values, holders, files.</param>
public sealed record Act(string Operator, string What, string Subject, string Detail);

/// <summary>An act with its time.</summary>
public sealed record LoggedAct(DateTimeOffset Time, Act Act);

/// <summary>The log of acts in a server's database: written before each is done, never changed.</summary>
public sealed class ActLog(Database database, TimeProvider time)
{
    /// <summary>Most acts of one page.</summary>
    public const int MaxPage = 1000;

    private const int MaxText = 1000;

    /// <exception cref="ArgumentException">Nobody did it, or it is longer than an act is.</exception>
    public Task AddAsync(Act act, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(act.Operator)) throw new ArgumentException("Somebody does it.", nameof(act));
        if (act.Operator.Length + act.What.Length + act.Subject.Length + act.Detail.Length > MaxText)
            throw new ArgumentException($"An act has {MaxText} characters at most.", nameof(act));
        return database.WriteAsync(
            "act",
            transaction => transaction.ExecuteAsync(
                """
                INSERT INTO acts (at, operator, act, subject, detail) VALUES (@at, @Operator, @What, @Subject, @Detail)
                """,
                new { at = time.GetUtcNow().ToUnixTimeMilliseconds(), act.Operator, act.What, act.Subject, act.Detail }),
            cancel);
    }

    /// <summary>The newest first.</summary>
    /// <param name="subject">Null for all.</param>
    /// <param name="count">1 to <see cref="MaxPage"/>.</param>
    public Task<IReadOnlyList<LoggedAct>> ReadAsync(string? subject, int count, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<LoggedAct>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<(long At, string Operator, string What, string Subject, string Detail)>(
                    """
                    SELECT at, operator, act, subject, detail FROM acts
                    WHERE @subject IS NULL OR subject = @subject ORDER BY position DESC LIMIT @count
                    """,
                    new { subject, count = Math.Clamp(count, 1, MaxPage) })).Select(row => new LoggedAct(
                        DateTimeOffset.FromUnixTimeMilliseconds(row.At),
                        new Act(row.Operator, row.What, row.Subject, row.Detail))),
            ],
            cancel);
}
