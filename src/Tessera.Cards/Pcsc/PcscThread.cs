using System.Collections.Concurrent;

namespace Tessera.Cards.Pcsc;

/// <summary>
/// A thread with a PC/SC context of its own: its calls block for as long as a card takes, and no pool thread with them.
/// </summary>
internal sealed class PcscThread : IAsyncDisposable
{
    private static readonly TimeSpan CancelInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<Action> _calls = new(boundedCapacity: 2);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NativeContext? _context;
    private int _closed;

    private PcscThread(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <exception cref="PcscException">There is no service.</exception>
    public static async Task<PcscThread> StartAsync(string name, CancellationToken cancel)
    {
        var thread = new PcscThread(name);
        try
        {
            await thread.PostAsync(() => thread._context = NativeContext.Establish(), cancel);
            return thread;
        }
        catch
        {
            await thread.DisposeAsync();
            throw;
        }
    }

    public bool IsClosed => _closed != 0;

    /// <summary>Runs one call after the other. Cancelled, it leaves a call that has begun to end by itself.</summary>
    public Task<T> RunAsync<T>(Func<NativeContext, T> call, CancellationToken cancel) =>
        PostAsync(() => call(_context!), cancel);

    /// <summary>Runs a wait for a change, which ends at once when cancelled.</summary>
    public async Task<T> WaitAsync<T>(Func<NativeContext, T> wait, CancellationToken cancel)
    {
        var waiting = RunAsync(wait, CancellationToken.None);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancel.UnsafeRegister(_ => cancelled.TrySetResult(), null))
        {
            await Task.WhenAny(waiting, cancelled.Task);
        }

        // SCardCancel does nothing to a wait that has not begun yet, so it is said until the wait has heard it.
        for (var spent = TimeSpan.Zero; !waiting.IsCompleted && spent < Grace; spent += CancelInterval)
        {
            _context!.Cancel();
            await Task.WhenAny(waiting, Task.Delay(CancelInterval, CancellationToken.None));
        }

        cancel.ThrowIfCancellationRequested();
        return await waiting;
    }

    /// <summary>Ends the thread after the call it is in; one that hangs ends it later.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0) _calls.CompleteAdding();
        await Task.WhenAny(_ended.Task, Task.Delay(Grace, CancellationToken.None));
    }

    /// <summary>
    /// One turn at a time: what waits for its turn is not in the queue, so nothing that was given up runs later.
    /// </summary>
    private async Task<T> PostAsync<T>(Func<T> call, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        await _turn.WaitAsync(cancel);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        var task = new Task<T>(call, TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Add(() => Execute(task), CancellationToken.None);
        return await task.WaitAsync(cancel);
    }

    private void Execute(Task task)
    {
        task.RunSynchronously(TaskScheduler.Default);
        _turn.Release();
    }

    private void Run()
    {
        foreach (var call in _calls.GetConsumingEnumerable()) call();
        _context?.Dispose();
        _turn.Dispose();
        _calls.Dispose();
        _ended.SetResult();
    }
}
