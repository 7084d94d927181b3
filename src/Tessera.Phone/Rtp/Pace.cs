namespace Tessera.Phone.Rtp;

/// <summary>
/// Absolute deadlines: tick n is due n periods after the first, however late the ones before it were. What is late is
/// done at once and nothing is left out, unless all stood still for longer than anybody waits.
/// </summary>
/// <param name="patience">Further behind than this, the deadlines begin anew.</param>
public sealed class Pace(TimeProvider time, TimeSpan period, TimeSpan patience)
{
    private long _begun = time.GetTimestamp();
    private long _ticks;

    /// <summary>Until the next tick is due; zero or less when it is.</summary>
    public TimeSpan Left => (period * _ticks) - time.GetElapsedTime(_begun);

    /// <summary>A tick was done.</summary>
    public void Tick()
    {
        _ticks++;
        if (Left > -patience) return;
        _begun = time.GetTimestamp();
        _ticks = 0;
    }
}
