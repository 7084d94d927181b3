using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Wire;

namespace Tessera.Storage.Sessions;

/// <summary>Sessions and their steps in SQLite.</summary>
public sealed class SqliteSessionStore(Database database) : ISessionStore
{
    public Task OpenAsync(SessionRecord session, CancellationToken cancel) => database.WriteAsync(
        "session",
        transaction => transaction.ExecuteAsync(
            """
            INSERT INTO sessions (session_id, application, terminal, insertion, opened)
            VALUES (@id, @Application, @terminal, @insertion, @opened)
            """,
            new
            {
                id = session.Id.ToString(),
                session.Application,
                terminal = session.At.Terminal.ToArray(),
                insertion = (long)session.At.Number,
                opened = session.Opened.ToUnixTimeMilliseconds(),
            }),
        cancel);

    public Task<IReadOnlyList<SessionRecord>> OpenAtAsync(Bytes terminal, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<SessionRecord>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<(string Id, string Application, long Insertion, long Opened)>(
                    """
                    SELECT session_id, application, insertion, opened FROM sessions
                    WHERE terminal = @terminal AND closed IS NULL ORDER BY opened, session_id
                    """,
                    new { terminal = terminal.ToArray() })).Select(row => new SessionRecord(
                        SessionReference.Parse(row.Id),
                        row.Application,
                        new Insertion(terminal, (ushort)row.Insertion),
                        DateTimeOffset.FromUnixTimeMilliseconds(row.Opened))),
            ],
            cancel);

    public Task<IReadOnlyList<SessionStep>> StepsAsync(SessionReference session, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<SessionStep>>(
            async transaction =>
            [
                .. (await transaction.QueryAsync<StepRow>(
                    $"SELECT {StepRow.Columns} FROM session_steps WHERE session_id = @id ORDER BY ordinal",
                    new { id = session.ToString() })).Select(row => row.ToStep()),
            ],
            cancel);

    public Task AddAsync(SessionReference session, SessionStep asked, CancellationToken cancel) => database.WriteAsync(
        asked.Script is null ? "session step" : "session script",
        async transaction =>
        {
            if (asked is { Script: { } script, Answer: null }) await TakeNumberAsync(transaction, script);
            var added = await transaction.ExecuteAsync(
                """
                INSERT INTO session_steps (session_id, ordinal, kind, asked, terminal, insertion, number, script, answer)
                VALUES (@id, @Ordinal, @kind, @asked, @terminal, @insertion, @number, @octets, @answer)
                ON CONFLICT DO NOTHING
                """,
                new
                {
                    id = session.ToString(),
                    asked.Ordinal,
                    kind = asked.Kind.ToString(),
                    asked = asked.Asked.ToArray(),
                    terminal = asked.Script?.At.Terminal.ToArray(),
                    insertion = (long?)asked.Script?.At.Number,
                    number = (long?)asked.Script?.Number,
                    octets = asked.Script?.Octets.ToArray(),
                    answer = asked.Answer?.ToArray(),
                });
            if (added == 0) throw new InvalidOperationException($"Session {session} has a step {asked.Ordinal}.");
        },
        cancel);

    public Task AnswerAsync(SessionReference session, int ordinal, Bytes answer, CancellationToken cancel) =>
        database.WriteAsync(
            "session answer",
            transaction => transaction.ExecuteAsync(
                "UPDATE session_steps SET answer = @answer WHERE session_id = @id AND ordinal = @ordinal",
                new { id = session.ToString(), ordinal, answer = answer.ToArray() }),
            cancel);

    public Task<byte> LastNumberAsync(Insertion insertion, CancellationToken cancel) => database.ReadAsync(
        async transaction => (byte)await transaction.FindAsync<long>(
            "SELECT last_number FROM insertions WHERE terminal = @terminal AND insertion = @number", Values(insertion)),
        cancel);

    public Task ContinueAsync(SessionReference session, Insertion insertion, CancellationToken cancel) => database.WriteAsync(
        "session insertion",
        transaction => transaction.ExecuteAsync(
            "UPDATE sessions SET terminal = @terminal, insertion = @number WHERE session_id = @id",
            new { id = session.ToString(), terminal = insertion.Terminal.ToArray(), number = (long)insertion.Number }),
        cancel);

    public Task CloseAsync(SessionReference session, SessionEnd how, DateTimeOffset now, CancellationToken cancel) =>
        database.WriteAsync(
            "session end",
            transaction => transaction.ExecuteAsync(
                "UPDATE sessions SET ended = @how, closed = @now WHERE session_id = @id AND closed IS NULL",
                new { id = session.ToString(), how = how.ToString(), now = now.ToUnixTimeMilliseconds() }),
            cancel);

    /// <summary>The first number of an insertion ends those before it.</summary>
    private static async Task TakeNumberAsync(Transaction transaction, SentScript script)
    {
        var values = new
        {
            terminal = script.At.Terminal.ToArray(),
            insertion = (long)script.At.Number,
            number = (long)script.Number,
        };
        if (script.Number == 1)
            await transaction.ExecuteAsync(
                "DELETE FROM insertions WHERE terminal = @terminal AND insertion <> @insertion", values);
        var taken = await transaction.ExecuteAsync(
            """
            INSERT INTO insertions (terminal, insertion, last_number) VALUES (@terminal, @insertion, @number)
            ON CONFLICT (terminal, insertion) DO UPDATE SET last_number = @number WHERE insertions.last_number < @number
            """,
            values);
        if (taken == 0) throw new InvalidOperationException($"Insertion {script.At} has had script {script.Number}.");
    }

    private static object Values(Insertion insertion) =>
        new { terminal = insertion.Terminal.ToArray(), number = (long)insertion.Number };

    /// <summary>A row of <c>session_steps</c>.</summary>
    private sealed class StepRow
    {
        public const string Columns =
            "ordinal AS Ordinal, kind AS Kind, asked AS Asked, terminal AS Terminal, insertion AS Insertion, " +
            "number AS Number, script AS Script, answer AS Answer";

        public required long Ordinal { get; init; }

        public required string Kind { get; init; }

        public required byte[] Asked { get; init; }

        public byte[]? Terminal { get; init; }

        public long? Insertion { get; init; }

        public long? Number { get; init; }

        public byte[]? Script { get; init; }

        public byte[]? Answer { get; init; }

        public SessionStep ToStep() => new(
            (int)Ordinal,
            Enum.Parse<StepKind>(Kind),
            new Bytes(Asked),
            Script is null ? null : new SentScript(
                new Insertion(new Bytes(Terminal), (ushort)Insertion!.Value), (byte)Number!.Value, new Bytes(Script)),
            Answer is null ? null : new Bytes(Answer));
    }
}
