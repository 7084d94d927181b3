namespace Tessera.Smpp.Centre;

/// <summary>So many in a second, and as many at once after a second of silence. Time is an argument.</summary>
internal sealed class Throttle(int perSecond)
{
    private readonly Lock _gate = new();
    private double _room = perSecond;
    private DateTimeOffset _filled = DateTimeOffset.MinValue;

    /// <returns>False if it is one too many.</returns>
    public bool TryPass(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now > _filled)
            {
                var gained = Math.Min((now - _filled).TotalSeconds, 1) * perSecond;
                (_room, _filled) = (Math.Min(_room + gained, perSecond), now);
            }

            if (_room < 1) return false;
            _room--;
            return true;
        }
    }
}
