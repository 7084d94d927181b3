namespace Tessera.Phone.Data;

/// <summary>
/// When a server asks whether a faster modem passes again: at once behind a silence that may have been short, then
/// rarer and rarer, until the fast modem has been good for a while.
/// </summary>
internal sealed class LineProbe(long start)
{
    /// <summary>From one probe to the next: 2 s at first, 32 s at most.</summary>
    private const long First = 16000;
    private const long Most = 256000;

    /// <summary>A fall so long after the last rise has a reason of its own: 30 s.</summary>
    private const long Trust = 240000;

    private long _next = start + First;
    private long _gap = First;
    private long? _rose;

    public bool IsDue(long now) => now >= _next;

    public void Said(long now)
    {
        _next = now + _gap;
        _gap = Math.Min(2 * _gap, Most);
    }

    /// <summary>The end speaks by a faster modem.</summary>
    public void Rise(long now) => _rose = now;

    /// <summary>The end speaks by a slower modem.</summary>
    /// <param name="heard">Frames were heard until then: it was no short silence that broke the fast modem.</param>
    public void Fall(long now, bool heard)
    {
        var isNew = _rose is not { } rose || now - rose > Trust;
        if (isNew) _gap = First;
        _next = isNew && !heard ? now : now + _gap;
    }
}
