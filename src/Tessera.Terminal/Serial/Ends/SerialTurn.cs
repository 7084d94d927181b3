namespace Tessera.Terminal.Serial.Ends;

/// <summary>
/// Whose turn it is to speak, where only one side can (docs/protocols/serial.md §6); on any other line always one's own.
/// </summary>
/// <param name="patience">How long this side waits for its turn before it takes it.</param>
internal sealed class SerialTurn(bool isHalfDuplex, TimeSpan patience)
{
    /// <summary>How long a side that has nothing to say keeps its turn.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private TimeSpan _since;
    private bool _hasSpoken;

    /// <summary>Whether this side may speak.</summary>
    public bool IsOurs { get; private set; } = !isHalfDuplex;

    /// <summary>Whether all is said in a turn of this side, which goes over now.</summary>
    public bool IsOver(TimeSpan now) => isHalfDuplex && (_hasSpoken || now - _since >= Rest);

    /// <summary>When something happens without a word of the other side.</summary>
    public TimeSpan? Due => !isHalfDuplex ? null : IsOurs ? _since + Rest : _since + patience;

    /// <summary>Something was said that did not give the turn away.</summary>
    public void Speak() => _hasSpoken = true;

    /// <summary>The turn was given away; the last octet of that leaves then.</summary>
    public void Give(TimeSpan at)
    {
        if (isHalfDuplex) (IsOurs, _since, _hasSpoken) = (false, at, false);
    }

    /// <summary>The other side speaks: it has not lost the turn.</summary>
    public void Hear(TimeSpan now)
    {
        if (!IsOurs && now > _since) _since = now;
    }

    /// <summary>The other side gave the turn away, or this side begins.</summary>
    public void Take(TimeSpan now)
    {
        if (isHalfDuplex) (IsOurs, _since, _hasSpoken) = (true, now, false);
    }

    /// <summary>Takes the turn when the other side seems to have lost it.</summary>
    /// <returns>Whether it did.</returns>
    public bool TakeLost(TimeSpan now)
    {
        if (IsOurs || now - _since < patience) return false;
        Take(now);
        return true;
    }
}
