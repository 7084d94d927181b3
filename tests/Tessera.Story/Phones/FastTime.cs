using System.Diagnostics;

namespace Tessera.Story.Phones;

/// <summary>Time that runs faster than ours, so that minutes of waiting on the air do not take minutes.</summary>
internal sealed class FastTime(int factor) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<FastTimer> _timers = [];
    private readonly long _begun = Stopwatch.GetTimestamp();
    private TimeSpan _leapt;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(57) + Now;

    public override long GetTimestamp() => Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var never = Timeout.InfiniteTimeSpan;
        var timer = new FastTimer(System.CreateTimer(callback, state, never, never), this);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>That much time is over at once, for every timer too.</summary>
    public void Leap(TimeSpan by)
    {
        FastTimer[] timers;
        lock (_gate)
        {
            _leapt += by;
            timers = [.. _timers];
        }

        foreach (var timer in timers) timer.Leap(by);
    }

    private TimeSpan Now
    {
        get
        {
            lock (_gate) return (Stopwatch.GetElapsedTime(_begun) * factor) + _leapt;
        }
    }

    private TimeSpan Shorter(TimeSpan time) => time > TimeSpan.Zero ? time / factor : time;

    private sealed class FastTimer(ITimer timer, FastTime time) : ITimer
    {
        private readonly Lock _gate = new();
        private TimeSpan? _due;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var runs = dueTime >= TimeSpan.Zero;
            lock (_gate) (_due, _period) = (runs ? time.Now + dueTime : null, period);
            lock (time._gate)
            {
                if (runs) time._timers.Add(this);
                else time._timers.Remove(this);
            }

            return timer.Change(time.Shorter(dueTime), time.Shorter(period));
        }

        public void Leap(TimeSpan by)
        {
            lock (_gate)
            {
                // One that has fired already fires no more.
                if (_due is not { } due || (_period <= TimeSpan.Zero && due + by < time.Now)) return;
                var left = due - time.Now;
                timer.Change(time.Shorter(left > TimeSpan.Zero ? left : TimeSpan.Zero), time.Shorter(_period));
            }
        }

        public void Dispose()
        {
            lock (time._gate) time._timers.Remove(this);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            lock (time._gate) time._timers.Remove(this);
            return timer.DisposeAsync();
        }
    }
}
