namespace Tessera.Phone.Data;

/// <summary>How long to wait for an answer (RFC 6298), counted in samples.</summary>
internal sealed class RoundTrip
{
    private const long First = 4800;
    private const long Least = 1600;
    private const long Most = 32000;
    private const long Margin = 480;
    private const int MaxDoublings = 3;

    private double _smoothed;
    private double _variation;
    private int _doublings;

    /// <summary>From the end of a frame to the moment it counts as lost: 600 ms at first, 200 ms to 4 s.</summary>
    public long Timeout
    {
        get
        {
            var timeout = _smoothed == 0 ? First : (long)(_smoothed + Math.Max(Margin, 4 * _variation));
            return Math.Clamp(timeout << _doublings, Least, Most);
        }
    }

    /// <summary>A frame that was sent once has been answered after so many samples.</summary>
    public void Observe(long samples)
    {
        if (_smoothed == 0)
        {
            (_smoothed, _variation) = (Math.Max(1, samples), samples / 2d);
        }
        else
        {
            _variation = (0.75 * _variation) + (0.25 * Math.Abs(_smoothed - samples));
            _smoothed = (0.875 * _smoothed) + (0.125 * samples);
        }

        _doublings = 0;
    }

    /// <summary>Nothing came in that time.</summary>
    public void Expire() => _doublings = Math.Min(_doublings + 1, MaxDoublings);
}
