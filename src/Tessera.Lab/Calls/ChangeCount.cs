namespace Tessera.Lab.Calls;

/// <summary>Counts changes, and wakes who waits for the next one. Any thread may do either.</summary>
internal sealed class ChangeCount
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _number;

    /// <summary>Grows with every change.</summary>
    public long Number
    {
        get
        {
            lock (_gate) return _number;
        }
    }

    public void Raise()
    {
        TaskCompletionSource woken;
        lock (_gate)
        {
            _number++;
            (woken, _changed) = (_changed, NewSignal());
        }

        woken.SetResult();
    }

    /// <summary>Completes when <see cref="Number"/> is another than <paramref name="seen"/>.</summary>
    public Task ChangedAsync(long seen, CancellationToken cancel)
    {
        lock (_gate) return _number == seen ? _changed.Task.WaitAsync(cancel) : Task.CompletedTask;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
