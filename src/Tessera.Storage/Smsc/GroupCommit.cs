using System.Threading.Channels;

namespace Tessera.Storage.Smsc;

/// <summary>
/// Many small writes in one transaction: whoever comes while one transaction is being made durable shares the next.
/// </summary>
internal sealed class GroupCommit<T> : IAsyncDisposable
{
    /// <summary>Writes of one transaction.</summary>
    public const int MaxGroup = 1024;

    private const int MaxQueued = 4 * MaxGroup;

    private readonly Channel<Work> _work = Channel.CreateBounded<Work>(
        new BoundedChannelOptions(MaxQueued) { SingleReader = true });

    private readonly Func<IReadOnlyList<T>, Task> _write;
    private readonly Task _loop;

    /// <param name="write">Makes all of them durable, or throws and has written none.</param>
    public GroupCommit(Func<IReadOnlyList<T>, Task> write)
    {
        _write = write;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Returns when it is durable; throws what the transaction it shared threw.</summary>
    public async ValueTask AddAsync(T item, CancellationToken cancel)
    {
        var work = new Work(item);
        await _work.Writer.WriteAsync(work, cancel);
        await work.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _loop;
    }

    private async Task LoopAsync()
    {
        List<Work> group = [];
        while (await _work.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (group.Count < MaxGroup && _work.Reader.TryRead(out var work)) group.Add(work);
            try
            {
                await _write([.. group.Select(work => work.Item)]);
                foreach (var work in group) work.TrySetResult();
            }
            catch (Exception e)
            {
                foreach (var work in group) work.TrySetException(e);
            }

            group.Clear();
        }
    }

    private sealed class Work(T item) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public T Item => item;
    }
}
