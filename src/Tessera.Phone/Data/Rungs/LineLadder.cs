using Tessera.Phone.Modems;

namespace Tessera.Phone.Data;

/// <summary>
/// Chooses the rung that an end speaks on: up by what the other end measures of it, down by that and by frames that
/// were lost; from modem to modem by what is heard.
/// </summary>
internal sealed class LineLadder
{
    private const double Hysteresis = 3;
    private const int Patience = 8;
    private const int MaxPatience = 128;

    /// <summary>Frames of a fast modem that are still heard so long after it failed count for nothing: 1.5 s.</summary>
    private const long Stale = 12000;

    /// <summary>A modem that takes longer than this to be tried is not tried in silence: 3 s.</summary>
    private const long MostTrial = 24000;

    /// <summary>What an end and the line take to answer beside the time of frames: 600 ms.</summary>
    private const long Answer = 4800;

    private readonly LineRung[] _rungs;
    private int _at;
    private int _top;
    private int _failures;
    private int _patience = Patience;
    private int _sinceLoss = Patience;
    private int _sinceFall;
    private int _probes;
    private long _noRise;

    /// <param name="rungs">Those that both ends have, from the most robust to the fastest.</param>
    public LineLadder(IEnumerable<LineRung> rungs, LineRung start)
    {
        _rungs = [.. rungs];
        _at = Math.Max(0, Array.IndexOf(_rungs, start));
        _top = _rungs.Length - 1;
    }

    public LineRung Current => _rungs[_at];

    /// <summary>The time until which a rise to a faster modem may not be answered yet.</summary>
    public long Settled { get; private set; }

    /// <summary>How the other end hears this one, in dB; 0 when it does not.</summary>
    public void Report(double quality)
    {
        if (quality <= 0)
        {
            while (IsSameModem(_at - 1)) _at--;
            return;
        }

        while (_at > 0 && quality < Current.Quality - Hysteresis) _at--;
        while (_at < _top && IsSameModem(_at + 1) && IsGood(_rungs[_at + 1], quality)) _at++;
    }

    /// <summary>Frames of data have arrived.</summary>
    public void Arrive(int frames)
    {
        if (frames == 0) return;

        _failures = 0;
        _sinceLoss += frames;
        _sinceFall += frames;
        if (_sinceFall < _patience) return;

        // What was too fast is tried again, and after each fall later.
        _sinceFall = 0;
        _top = Math.Min(_top + 1, _rungs.Length - 1);
    }

    /// <summary>Frames of data were lost.</summary>
    public void Lose(int frames, long now)
    {
        for (; frames > 0; frames--)
        {
            _sinceLoss = 0;
            if (++_failures < Current.Failures) continue;
            _failures = 0;
            if (_at == 0) continue;
            if (!IsSameModem(_at - 1)) _noRise = now + Stale;
            _top = --_at;
            _sinceFall = 0;
            _patience = Math.Min(2 * _patience, MaxPatience);
        }
    }

    /// <summary>Nothing is heard: a slower modem is tried, if there is one that is quick enough to be tried.</summary>
    /// <returns>Whether there is.</returns>
    public bool Fall()
    {
        var below = _at;
        while (IsSameModem(below)) below--;
        if (below < 0 || _rungs[below].Trial > MostTrial) return false;
        (_at, _top, _sinceFall, Settled) = (below, _rungs.Length - 1, 0, 0);
        return true;
    }

    /// <summary>
    /// The other end was heard by that modem. Who speaks by a faster one goes down to it, who speaks by a slower one up:
    /// a modem is good for both ends or for none.
    /// </summary>
    /// <param name="quality">How it was heard, in dB.</param>
    /// <param name="hears">Whether the other end hears this one.</param>
    /// <returns>The fastest rung that it may have spoken on.</returns>
    public LineRung? Hear(ModemMode modem, double quality, bool hears, long now)
    {
        var highest = Array.FindLastIndex(_rungs, rung => rung.Modem == modem);
        if (highest < 0) return null;

        var lowest = Array.FindIndex(_rungs, rung => rung.Modem == modem);
        if (highest < _at && (now >= Settled || !hears))
        {
            (_at, _sinceFall) = (highest, 0);
        }
        else if (lowest > _at && now >= _noRise && quality >= _rungs[lowest].Quality)
        {
            // The other end rises when it hears this one: what it says until then by the slow modem is no answer.
            Settled = now + Answer + (2 * Current.TimeOf(Current.LongestFrame));
            (_at, _top, _failures) = (lowest, _rungs.Length - 1, 0);
        }

        return _rungs[highest];
    }

    /// <summary>The rung on which to ask whether a faster modem passes, each modem in its turn; null on the fastest.</summary>
    public LineRung? NextProbe()
    {
        var faster = _rungs.Where((rung, at) => at > _at && rung.Modem != Current.Modem && IsFirst(at)).ToArray();
        return faster.Length == 0 ? null : faster[^(1 + (_probes++ % faster.Length))];
    }

    public bool HasFaster => _rungs[^1].Modem != Current.Modem;

    private bool IsFirst(int at) => at == 0 || _rungs[at - 1].Modem != _rungs[at].Modem;

    private bool IsSameModem(int at) =>
        at >= 0 && at < _rungs.Length && _rungs[at].Modem == Current.Modem;

    private bool IsGood(LineRung rung, double quality) =>
        quality >= rung.Quality && (!rung.NeedsCleanLine || _sinceLoss >= Patience);
}
