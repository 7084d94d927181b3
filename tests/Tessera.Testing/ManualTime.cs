using System.Diagnostics;
using System.Threading.Channels;
using Xunit;

namespace Tessera.Testing;

/// <summary>A clock that a test moves; timers fire inside <see cref="Advance"/>, in the order they are due.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly Channel<TimeSpan> _set = Channel.CreateUnbounded<TimeSpan>();
    private DateTimeOffset _now = start;

    public ManualTime() : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes once a timer of that delay was set, now or before; each setting counts once.</summary>
    public async Task TimerAsync(TimeSpan delay, CancellationToken cancel)
    {
        while (await _set.Reader.ReadAsync(cancel) != delay) { }
    }

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (TakeDue(end) is { } timer) timer.Fire();
        lock (_gate) _now = end;
    }

    /// <summary>
    /// Lets time pass in steps until something is done that others have a part in, for half a minute of real time at most.
    /// This clock runs fast, but not so fast that nobody gets anything done between two steps.
    /// </summary>
    public async Task AdvanceUntilAsync(Task done, TimeSpan step)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!done.IsCompleted)
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience) throw new TimeoutException($"Not done at {GetUtcNow():u}.");
            Advance(step);
            await Task.WhenAny(done, Task.Delay(StepTime, TestContext.Current.CancellationToken));
        }

        await done;
    }

    private ManualTimer? TakeDue(DateTimeOffset end)
    {
        lock (_gate)
        {
            if (_timers.MinBy(timer => timer.Due) is not { } next || next.Due > end) return null;
            _now = next.Due > _now ? next.Due : _now;
            if (next.Period > TimeSpan.Zero) next.Due += next.Period;
            else _timers.Remove(next);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._now + dueTime;
                Period = period;
                time._timers.Add(this);
                time._set.Writer.TryWrite(dueTime);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
