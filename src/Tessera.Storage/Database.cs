using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Tessera.Storage;

/// <summary>
/// A SQLite database in write-ahead mode: one writer at a time, any number of readers, everything durable when a
/// transaction returns.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private const int BusySeconds = 30;

    private readonly string _connection;
    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Action<string>? _onDurable;

    private Database(string connection, Action<string>? onDurable)
    {
        _connection = connection;
        _writer = new SqliteConnection(connection);
        _onDurable = onDurable;
    }

    /// <summary>Opens the file, making it if need be, and brings its schema up to date.</summary>
    /// <param name="onDurable">
    /// Told <c>before</c> and <c>after</c> each commit, with its name; what it throws ends the operation there, as a
    /// crash would.
    /// </param>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public static async Task<Database> OpenAsync(
        string path, Action<string>? onDurable = null, CancellationToken cancel = default)
    {
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            DefaultTimeout = BusySeconds,
        };
        var database = new Database(connection.ToString(), onDurable);
        try
        {
            await database._writer.OpenAsync(cancel);
            await database._writer.ExecuteAsync(new CommandDefinition(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", cancellationToken: cancel));
            await Schema.ApplyAsync(database, cancel);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes in one transaction; throws with nothing written, or returns with all of it durable.</summary>
    /// <param name="name">For the probe.</param>
    internal async Task<T> WriteAsync<T>(string name, Func<Transaction, Task<T>> work, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            await using var transaction = _writer.BeginTransaction(deferred: false);
            var outcome = await work(new Transaction(transaction, cancel));
            _onDurable?.Invoke($"before {name}");
            await transaction.CommitAsync(CancellationToken.None);
            _onDurable?.Invoke($"after {name}");
            return outcome;
        }
        finally
        {
            _writing.Release();
        }
    }

    internal Task WriteAsync(string name, Func<Transaction, Task> work, CancellationToken cancel) =>
        WriteAsync(
            name,
            async transaction =>
            {
                await work(transaction);
                return true;
            },
            cancel);

    /// <summary>Reads as of one moment.</summary>
    internal async Task<T> ReadAsync<T>(Func<Transaction, Task<T>> work, CancellationToken cancel)
    {
        await using var snapshot = await SnapshotAsync(cancel);
        return await work(snapshot.Transaction);
    }

    /// <summary>A moment to read from as long as it is held.</summary>
    internal async Task<Snapshot> SnapshotAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync(cancel);
            return new Snapshot(
                connection, connection.BeginTransaction(IsolationLevel.Serializable, deferred: true), cancel);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        SqliteConnection.ClearPool(_writer);
        _writing.Dispose();
    }

    /// <summary>A read transaction with the connection it lives on.</summary>
    internal sealed class Snapshot(SqliteConnection connection, SqliteTransaction transaction, CancellationToken cancel)
        : IAsyncDisposable
    {
        public Transaction Transaction { get; } = new(transaction, cancel);

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
