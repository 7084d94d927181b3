namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>Time that passes when a test says so.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(1);
    private Action? _waiting;

    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>Runs <paramref name="then"/> as soon as somebody waits for time to pass.</summary>
    public void WhenWaiting(Action then) => _waiting = then;

    public void Advance(TimeSpan by)
    {
        _now += by;
        foreach (var timer in _timers.ToList()) timer.Tick(_now);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state), _now + dueTime);
        _timers.Add(timer);
        var waiting = Interlocked.Exchange(ref _waiting, null);
        if (waiting is not null) _ = Task.Run(waiting, CancellationToken.None);
        return timer;
    }

    private sealed class ManualTimer(Action callback, DateTimeOffset due) : ITimer
    {
        private int _done;

        public void Tick(DateTimeOffset now)
        {
            if (now >= due && Interlocked.Exchange(ref _done, 1) == 0) callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _done = 1;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
