using System.Data.Common;
using Dapper;

namespace Tessera.Storage;

/// <summary>One database transaction with its cancellation, through which the stores speak SQL.</summary>
internal sealed class Transaction(DbTransaction transaction, CancellationToken cancel)
{
    public CancellationToken Cancelled => cancel;

    /// <returns>How many rows were written.</returns>
    public Task<int> ExecuteAsync(string sql, object? values = null) => Connection.ExecuteAsync(Command(sql, values));

    public Task<IEnumerable<T>> QueryAsync<T>(string sql, object? values = null) =>
        Connection.QueryAsync<T>(Command(sql, values));

    public Task<T?> FindAsync<T>(string sql, object? values = null) =>
        Connection.QuerySingleOrDefaultAsync<T>(Command(sql, values));

    /// <summary>Row by row, for what does not fit in memory.</summary>
    public IAsyncEnumerable<T> StreamAsync<T>(string sql) =>
        Connection.QueryUnbufferedAsync<T>(sql, transaction: transaction);

    private DbConnection Connection => transaction.Connection!;

    private CommandDefinition Command(string sql, object? values) =>
        new(sql, values, transaction, cancellationToken: cancel);
}
