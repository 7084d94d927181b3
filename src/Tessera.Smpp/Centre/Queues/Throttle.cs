namespace Tessera.Smpp.Centre;

/// <summary>So many in a second, and as many at once after a second of silence. Time is an argument.</summary>
internal sealed class Throttle(int perSecond)
{
    private const long Cost = TimeSpan.TicksPerSecond;

    private readonly Lock _gate = new();
    private long _room = perSecond * Cost;
    private DateTimeOffset _filled = DateTimeOffset.MinValue;

    /// <returns>False if it is one too many.</returns>
    public bool TryPass(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now > _filled)
            {
                var gained = Math.Min((now - _filled).Ticks, TimeSpan.TicksPerSecond) * perSecond;
                (_room, _filled) = (Math.Min(_room + gained, perSecond * Cost), now);
            }

            if (_room < Cost) return false;
            _room -= Cost;
            return true;
        }
    }
}
