namespace Tessera.Server.Browsers;

/// <summary>Wakes everybody who waits, each time it is raised.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = New();

    public void Raise() => Interlocked.Exchange(ref _next, New()).SetResult();

    public Task WaitAsync(CancellationToken cancel) => Volatile.Read(ref _next).Task.WaitAsync(cancel);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
