using System.Threading.Channels;

namespace Tessera.Server.Calls;

/// <summary>
/// One at a time. It needs no disposal, unlike a semaphore: a session may still have its turn when its call is over.
/// </summary>
internal sealed class CallTurn
{
    private readonly Channel<bool> _free = Channel.CreateBounded<bool>(1);

    public CallTurn() => _free.Writer.TryWrite(true);

    /// <summary>Does something once all before it is done.</summary>
    public async Task<T> TakeAsync<T>(Func<Task<T>> act, CancellationToken cancel)
    {
        await _free.Reader.ReadAsync(cancel);
        try
        {
            return await act();
        }
        finally
        {
            _free.Writer.TryWrite(true);
        }
    }
}
