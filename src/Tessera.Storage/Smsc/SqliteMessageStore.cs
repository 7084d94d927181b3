using Tessera.Smpp.Centre;

namespace Tessera.Storage.Smsc;

/// <summary>
/// The messages of a short message service centre in SQLite; writes that come together share a commit.
/// </summary>
public sealed class SqliteMessageStore : IMessageStore, IAsyncDisposable
{
    /// <summary>Ends forgotten in one transaction.</summary>
    private const int ForgottenAtOnce = 10_000;

    private readonly Database _database;
    private readonly GroupCommit<Entry> _commits;

    public SqliteMessageStore(Database database)
    {
        _database = database;
        _commits = new GroupCommit<Entry>(WriteAsync);
    }

    public Task<HeldMessages> LoadAsync(CancellationToken cancel) => _database.ReadAsync(
        async transaction => new HeldMessages(
            await transaction.FindAsync<long>("SELECT last_id FROM smsc_last_id"),
            [
                .. (await transaction.QueryAsync<MessageRow>(
                    $"SELECT {MessageRow.Columns} FROM smsc_messages ORDER BY message_id"))
                    .Select(row => row.ToMessage()),
            ]),
        cancel);

    public ValueTask AddAsync(HeldMessage message, CancellationToken cancel) =>
        _commits.AddAsync(new Entry(End: null, message), cancel);

    public ValueTask EndAsync(MessageEnd ending, HeldMessage? receipt, CancellationToken cancel) =>
        _commits.AddAsync(new Entry(ending, receipt), cancel);

    public async ValueTask<MessageEnd?> FindEndAsync(long id, CancellationToken cancel) =>
        (await _database.ReadAsync(
            transaction => transaction.FindAsync<EndRow>(
                $"SELECT {EndRow.Columns} FROM smsc_ends WHERE message_id = @id", new { id }),
            cancel))?.ToEnd();

    public async Task ForgetAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var values = new { before = before.ToUnixTimeMilliseconds(), ForgottenAtOnce };
        var forgotten = ForgottenAtOnce;
        while (forgotten == ForgottenAtOnce)
        {
            forgotten = await _database.WriteAsync(
                "smsc forgets",
                transaction => transaction.ExecuteAsync(
                    """
                    DELETE FROM smsc_ends WHERE message_id IN
                      (SELECT message_id FROM smsc_ends WHERE done < @before ORDER BY done LIMIT @ForgottenAtOnce)
                    """,
                    values),
                cancel);
        }
    }

    /// <summary>Finishes what has been begun; the database is its owner's.</summary>
    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private Task WriteAsync(IReadOnlyList<Entry> group) => _database.WriteAsync(
        "smsc messages",
        async transaction =>
        {
            var added = group.Where(entry => entry.Message is not null)
                .Select(entry => new MessageRow(entry.Message!)).ToList();
            var ended = group.Where(entry => entry.End is not null).Select(entry => new EndRow(entry.End!)).ToList();
            if (added.Count > 0)
            {
                await transaction.ExecuteAsync(MessageRow.Insert, added);
                await transaction.ExecuteAsync(
                    "UPDATE smsc_last_id SET last_id = MAX(last_id, @last)",
                    new { last = added.Max(row => row.MessageId) });
            }

            if (ended.Count == 0) return;
            await transaction.ExecuteAsync("DELETE FROM smsc_messages WHERE message_id = @MessageId", ended);
            await transaction.ExecuteAsync(EndRow.Insert, ended);
        },
        CancellationToken.None);

    /// <summary>A message to add, the end of one, or both.</summary>
    private sealed record Entry(MessageEnd? End, HeldMessage? Message);
}
