namespace Tessera.Terminal.Serial.Ends;

/// <summary>How long to wait for an answer (RFC 6298).</summary>
/// <param name="least">
/// The shortest time: an answer may stand behind a frame that the other side has begun to send.
/// </param>
internal sealed class ReplyTime(TimeSpan least)
{
    private const int MaxDoublings = 3;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    private TimeSpan? _smoothed;
    private TimeSpan _variation;
    private int _doublings;

    /// <summary>From the last octet of a frame to the moment it counts as lost.</summary>
    public TimeSpan Timeout
    {
        get
        {
            var timeout = _smoothed is { } smoothed ? smoothed + (4 * _variation) : First;
            return (timeout > least ? timeout : least) * (1 << _doublings);
        }
    }

    /// <summary>A frame that was sent once has been answered.</summary>
    public void Observe(TimeSpan time)
    {
        if (_smoothed is { } smoothed)
        {
            _variation = (0.75 * _variation) + (0.25 * (smoothed - time).Duration());
            _smoothed = (0.875 * smoothed) + (0.125 * time);
        }
        else
        {
            (_smoothed, _variation) = (time, time / 2);
        }

        _doublings = 0;
    }

    /// <summary>Nothing came in that time.</summary>
    public void Expire() => _doublings = Math.Min(_doublings + 1, MaxDoublings);
}
