namespace Tessera.Lab.Phones;

/// <summary>What the phone has to do at a later time; rung by one timer, done by the phone's own loop.</summary>
/// <param name="ring">Wakes the loop, from any thread.</param>
internal sealed class Alarms(TimeProvider time, Action ring) : IDisposable
{
    private readonly List<Alarm> _set = [];
    private ITimer? _timer;

    public Alarm Set(TimeSpan after, Func<Task> act)
    {
        var alarm = new Alarm(time.GetTimestamp(), after, act);
        _set.Add(alarm);
        Wind();
        return alarm;
    }

    public void Cancel(Alarm? alarm)
    {
        if (alarm is not null) _set.Remove(alarm);
    }

    public void Clear() => _set.Clear();

    public TimeSpan Elapsed(Alarm alarm) => time.GetElapsedTime(alarm.Start);

    public TimeSpan Left(Alarm alarm) => alarm.After - Elapsed(alarm);

    /// <summary>Does what is due, the earliest first.</summary>
    public async Task RunDueAsync()
    {
        while (_set.MinBy(Left) is { } next && Left(next) <= TimeSpan.Zero)
        {
            _set.Remove(next);
            await next.Act();
        }

        Wind();
    }

    public void Dispose() => _timer?.Dispose();

    private void Wind()
    {
        _timer ??= time.CreateTimer(_ => ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (_set.Count == 0) return;
        var left = _set.Min(Left);
        _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}

/// <summary>One of them.</summary>
/// <param name="Start">Time stamp of when it was set.</param>
internal sealed record Alarm(long Start, TimeSpan After, Func<Task> Act);
