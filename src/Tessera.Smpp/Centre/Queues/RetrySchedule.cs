namespace Tessera.Smpp.Centre;

/// <summary>
/// How long the centre waits after a failed attempt; the last delay repeats until the message expires.
/// </summary>
public sealed record RetrySchedule
{
    private readonly TimeSpan[] _delays;

    /// <exception cref="ArgumentException">There is no delay, or one is not positive.</exception>
    public RetrySchedule(params ReadOnlySpan<TimeSpan> delays)
    {
        _delays = delays.ToArray();
        if (_delays is [] || _delays.Any(delay => delay <= TimeSpan.Zero))
            throw new ArgumentException("A schedule is one or more positive delays.", nameof(delays));
    }

    /// <summary>15 s, 1 min, 5 min, 15 min, 1 h.</summary>
    public static RetrySchedule Usual { get; } = new(
        TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1));

    /// <param name="failures">How many attempts in a row have failed, from 1.</param>
    public TimeSpan After(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        return _delays[Math.Min(failures, _delays.Length) - 1];
    }
}
