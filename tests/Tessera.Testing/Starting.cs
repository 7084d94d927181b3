namespace Tessera.Testing;

/// <summary>What has been started is ended where the rest of its start fails.</summary>
public static class Starting
{
    /// <summary>
    /// Does the rest of a start. A test whose InitializeAsync fails is never disposed by the runner, so it gives itself here,
    /// and a DisposeAsync that bears with what is not there yet.
    /// </summary>
    public static async Task<T> OrEndAsync<T>(this T started, Func<Task> rest) where T : IAsyncDisposable
    {
        try
        {
            await rest();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }
}
