using Tessera.Phone.Modems;

namespace Tessera.Phone.Data;

/// <summary>
/// Chooses the rung that an end speaks on: up by what the other end measures of it, down by that and by frames that
/// were lost.
/// </summary>
internal sealed class LineLadder
{
    private const double Hysteresis = 3;
    private const int Patience = 8;
    private const int MaxPatience = 128;

    private readonly LineRung[] _rungs;
    private int _at;
    private int _top;
    private int _failures;
    private int _patience = Patience;
    private int _sinceLoss = Patience;
    private int _sinceFall;

    /// <param name="rungs">Those that both ends have, from the most robust to the fastest.</param>
    public LineLadder(IEnumerable<LineRung> rungs, LineRung start)
    {
        _rungs = [.. rungs];
        _at = Math.Max(0, Array.IndexOf(_rungs, start));
        _top = _rungs.Length - 1;
    }

    public LineRung Current => _rungs[_at];

    /// <summary>How the other end hears this one, in dB; 0 when it does not.</summary>
    public void Report(double quality)
    {
        if (quality <= 0)
        {
            while (IsSameModem(_at - 1)) _at--;
            return;
        }

        while (IsSameModem(_at - 1) && quality < Current.Quality - Hysteresis) _at--;
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

        // What was too fast is tried again, and after each fall later; another modem only after as long a trial.
        _sinceFall = 0;
        _top = Math.Min(_top + 1, _rungs.Length - 1);
        if (_at < _top && !IsSameModem(_at + 1)) _at++;
    }

    /// <summary>Frames of data were lost.</summary>
    public void Lose(int frames)
    {
        for (; frames > 0; frames--)
        {
            _sinceLoss = 0;
            if (++_failures < Current.Failures) continue;
            _failures = 0;
            if (_at == 0) continue;
            _top = --_at;
            _sinceFall = 0;
            _patience = Math.Min(2 * _patience, MaxPatience);
        }
    }

    /// <summary>The other end was heard by that modem: who speaks by a faster one goes down to it.</summary>
    /// <returns>The fastest rung that it may have spoken on.</returns>
    public LineRung? Hear(ModemMode modem)
    {
        var highest = Array.FindLastIndex(_rungs, rung => rung.Modem == modem);
        if (highest >= 0 && highest < _at) (_at, _sinceFall) = (highest, 0);
        return highest < 0 ? null : _rungs[highest];
    }

    private bool IsSameModem(int at) =>
        at >= 0 && at < _rungs.Length && _rungs[at].Modem == Current.Modem;

    private bool IsGood(LineRung rung, double quality) =>
        quality >= rung.Quality && (!rung.NeedsCleanLine || _sinceLoss >= Patience);
}
