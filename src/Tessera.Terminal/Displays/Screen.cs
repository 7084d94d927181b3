namespace Tessera.Terminal.Displays;

/// <summary>
/// What every screen is beside its size: one request at a time, a number that tells sights apart, a signal for whoever
/// watches.
/// </summary>
public abstract class Screen : IScreen
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<ScreenAnswer>? _answer;
    private TaskCompletionSource _changed = NewSignal();
    private long _number;

    /// <summary>Grows with every change of what is shown.</summary>
    public long Number
    {
        get
        {
            lock (_gate) return _number;
        }
    }

    /// <summary>What the holder can ask of the terminal while nothing is asked of them; null for nothing.</summary>
    public ScreenMenu? Menu { get; set; }

    protected IdleState Resting { get; private set; } = new("", Card: false, Connected: false, "", "", "");

    protected Lock Gate => _gate;

    public async Task<ScreenAnswer> AskAsync(ScreenRequest request, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<ScreenAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_answer is not null) throw new InvalidOperationException("The screen shows a request already.");
            Show(request);
            Signal();
            if (request is TextShown { Waits: false }) return new Acknowledged();
            _answer = answer;
        }

        try
        {
            return await answer.Task.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            // What was typed in the same moment is wanted by nobody.
            if (!answer.TrySetCanceled(cancel)) (await answer.Task as Entry)?.Dispose();
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _answer = null;
                Show(null);
                Signal();
            }
        }
    }

    public void Idle(IdleState state)
    {
        lock (_gate)
        {
            if (Resting == state) return;
            // What was told last is not taken from the holder because a link comes or goes.
            var isTold = Resting with { Connected = state.Connected } == state;
            Resting = state;
            if (_answer is null && !isTold) Show(null);
            Signal();
        }
    }

    /// <summary>Completes when the number is another than <paramref name="seen"/>.</summary>
    public Task ChangedAsync(long seen, CancellationToken cancel)
    {
        lock (_gate) return _number == seen ? _changed.Task.WaitAsync(cancel) : Task.CompletedTask;
    }

    /// <summary>A new request, or none, takes the place of what is shown; called under the gate.</summary>
    protected abstract void Show(ScreenRequest? request);

    /// <summary>Something was pressed, under the gate: an answer ends the request.</summary>
    protected void Settle(ScreenAnswer? answer)
    {
        if (answer is not null && _answer?.TrySetResult(answer) != true) (answer as Entry)?.Dispose();
        Signal();
    }

    protected bool IsAsking => _answer is { Task.IsCompleted: false };

    private void Signal()
    {
        _number++;
        var woken = _changed;
        _changed = NewSignal();
        woken.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The one entry of a menu that stands beside a resting display.</summary>
/// <param name="Entry">What it says now; null while it is not there.</param>
/// <param name="Press">The holder took it; must return at once.</param>
public sealed record ScreenMenu(Func<string?> Entry, Action Press);
