using System.Diagnostics;

namespace Tessera.Story.Phones;

/// <summary>Time that runs faster than ours, so that minutes of waiting on the air do not take minutes.</summary>
internal sealed class FastTime(int factor) : TimeProvider
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(57) + new TimeSpan(Elapsed.Ticks * factor);

    public override long GetTimestamp() => (Stopwatch.GetTimestamp() - _begun) * factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period)), this);

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    private TimeSpan Shorter(TimeSpan time) => time > TimeSpan.Zero ? time / factor : time;

    private sealed class FastTimer(ITimer timer, FastTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Shorter(dueTime), time.Shorter(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
