namespace Tessera.Smpp.Centre;

/// <summary>
/// One who messages wait for, and the loop that offers them: in order, when they are due, as many at once as may be in
/// flight.
/// </summary>
internal abstract class Recipient(Party party, MessageRegister register, int maxQueued, int window)
{
    /// <summary>Timers are set again after this at the latest.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly DeliveryQueue _queue = new(register.Retry, maxQueued, window);
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _asleepUntil = DateTimeOffset.MaxValue;
    private Task _loop = Task.CompletedTask;
    private bool _running;

    public Party Party => party;

    /// <summary>Guards the queue and who is there.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Somebody is there to take a message. Called under the gate.</summary>
    protected abstract bool IsPresent { get; }

    protected MessageRegister Register => register;

    /// <summary>Queues a message that is not yet stored, under the next id.</summary>
    /// <param name="bounded">Whether it is refused where too many wait.</param>
    /// <returns>Null where too many wait.</returns>
    public QueuedMessage? TryAdd(HeldMessage draft, bool bounded)
    {
        lock (Gate)
        {
            return bounded && _queue.IsFull ? null : _queue.Add(draft with { Id = register.NextId() });
        }
    }

    /// <summary>Queues a message found in the store.</summary>
    public void Restore(HeldMessage message)
    {
        lock (Gate) _queue.Stored(_queue.Add(message));
    }

    /// <summary>The message is stored and may leave.</summary>
    public void Stored(QueuedMessage message)
    {
        lock (Gate)
        {
            _queue.Stored(message);
            if (IsReady || message.Message.Expires < _asleepUntil) Look();
        }
    }

    /// <summary>Takes out a message that could not be stored, or that its sender takes back.</summary>
    /// <returns>False if it is in flight or gone.</returns>
    public bool Withdraw(long id)
    {
        lock (Gate) return _queue.Withdraw(id);
    }

    /// <summary>Too many wait.</summary>
    public bool IsFull
    {
        get
        {
            lock (Gate) return _queue.IsFull;
        }
    }

    /// <summary>True if one waits for which <paramref name="same"/> holds.</summary>
    public bool Holds(Predicate<HeldMessage> same)
    {
        lock (Gate) return _queue.Any(same);
    }

    /// <summary>Begins to serve what was restored.</summary>
    public void Start()
    {
        lock (Gate) Look();
    }

    /// <summary>Completes when nothing is under way any more, after the register was closed.</summary>
    public Task StopAsync()
    {
        lock (Gate)
        {
            _signal.TrySetResult();
            return _loop;
        }
    }

    /// <summary>The recipient is there, or has room: what waits is due at once. Called under the gate.</summary>
    protected void Wake()
    {
        _queue.Wake();
        Look();
    }

    /// <summary>Offers a message; cancelled only when the centre stops.</summary>
    protected abstract Task<Attempt> OfferAsync(QueuedMessage message, CancellationToken cancel);

    private bool IsReady => !_running || (IsPresent && _queue.IsReady(register.Time.GetUtcNow()));

    /// <summary>Makes the loop look at the queue. Called under the gate.</summary>
    private void Look()
    {
        if (_running)
        {
            _signal.TrySetResult();
        }
        else if (!register.Closed.IsCancellationRequested)
        {
            _running = true;
            _loop = Task.Run(GuardAsync, CancellationToken.None);
        }
    }

    private async Task GuardAsync()
    {
        try
        {
            await LoopAsync();
        }
        catch (OperationCanceledException) when (register.Closed.IsCancellationRequested)
        {
            // What was in flight is offered again at the next start.
        }
        catch (Exception e)
        {
            register.Fail(e);
        }
    }

    private async Task LoopAsync()
    {
        await using var timer = register.Time.CreateTimer(
            _ => Expired(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        List<Task> offering = [];
        while (true)
        {
            IReadOnlyList<QueuedMessage> expired;
            QueuedMessage? next;
            Task signal;
            lock (Gate)
            {
                if (register.Closed.IsCancellationRequested) break;
                var now = register.Time.GetUtcNow();
                expired = _queue.Expire(now);
                next = IsPresent ? _queue.Take(now) : null;
                signal = (_signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                if (next is null && expired.Count == 0)
                {
                    if (_queue.Count == 0)
                    {
                        (_running, _asleepUntil) = (false, DateTimeOffset.MaxValue);
                        return;
                    }

                    Sleep(timer, now);
                }
            }

            foreach (var message in expired) await register.EndAsync(message.Message, MessageState.Expired, error: 0);
            if (next is not null) offering.Add(OfferOneAsync(next));
            else if (expired.Count == 0) await signal.WaitAsync(CancellationToken.None);
            offering.RemoveAll(task => task.IsCompletedSuccessfully);
            if (offering.Find(task => task.IsFaulted) is { } faulted) await faulted;
        }

        await Task.WhenAll(offering);
    }

    private void Sleep(ITimer timer, DateTimeOffset now)
    {
        var due = _queue.Due(IsPresent) ?? DateTimeOffset.MaxValue;
        _asleepUntil = due;
        if (due == DateTimeOffset.MaxValue) return;

        var wait = due - now;
        timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private void Expired()
    {
        lock (Gate) _signal.TrySetResult();
    }

    private async Task OfferOneAsync(QueuedMessage queued)
    {
        try
        {
            var attempt = await OfferAsync(queued, register.Closed);
            if (attempt.Result != AttemptResult.Later)
                await register.EndAsync(queued.Message, attempt.State, attempt.Error);
            lock (Gate) Conclude(queued, attempt);
        }
        finally
        {
            // The loop also has to hear of what was thrown.
            lock (Gate) _signal.TrySetResult();
        }
    }

    private void Conclude(QueuedMessage queued, Attempt attempt)
    {
        if (attempt.Result == AttemptResult.Later)
            register.Postponed(queued, attempt.Reason, _queue.Return(queued, register.Time.GetUtcNow()));
        else
            _queue.Settle();
    }
}
