namespace Tessera.Server.ShortMessages;

/// <summary>How many lines about strangers are written: a few in a minute, the rest is only counted.</summary>
internal sealed class LineLimit(TimeProvider time)
{
    public const int MostInAMinute = 20;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private DateTimeOffset _since = DateTimeOffset.MinValue;
    private int _written;
    private int _left;

    /// <summary>Whether one more line may be written.</summary>
    /// <param name="left">How many were not, before this one.</param>
    public bool TryPass(out int left)
    {
        var now = time.GetUtcNow();
        if (now - _since >= Minute) (_since, _written) = (now, 0);
        left = _left;
        if (_written == MostInAMinute)
        {
            _left++;
            return false;
        }

        _written++;
        _left = 0;
        return true;
    }
}
