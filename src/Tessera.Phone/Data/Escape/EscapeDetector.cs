using Tessera.Phone.Sound;

namespace Tessera.Phone.Data;

/// <summary>
/// Hears an <see cref="EscapeSignal"/> in a sound: nearly nothing but the first pair of tones for its time, then nearly
/// nothing but the second.
/// </summary>
/// <remarks>
/// Measures 20 ms each 10 ms; of the twelve measures in a signal the two at the seam belong to neither pair.
/// </remarks>
public sealed class EscapeDetector
{
    private const int Window = AudioBlock.Length;
    private const int Step = Window / 2;

    /// <summary>The part of the energy that the pair has at least.</summary>
    private const double Share = 0.8;

    /// <summary>The part of the pair's energy that its weaker tone has at least: 8 dB below the other.</summary>
    private const double Weaker = 0.136;

    private const double LowestLevel = -40;
    private const int LeastMeasures = 3;
    private const int MostMeasures = 8;
    private const int MostBetween = 3;

    private readonly short[] _window = new short[Window];
    private int _filled = Step;
    private int _first;
    private int _between;
    private int _second;

    /// <summary>Takes the next samples, any number of them.</summary>
    /// <returns>Whether a signal was complete in them.</returns>
    public bool Write(ReadOnlySpan<short> samples)
    {
        var found = false;
        foreach (var sample in samples)
        {
            _window[_filled++] = sample;
            if (_filled < Window) continue;
            found |= Follow(Measure());
            _window.AsSpan(Step).CopyTo(_window);
            _filled = Step;
        }

        return found;
    }

    private enum Heard
    {
        Neither,
        First,
        Second,
    }

    private Heard Measure()
    {
        var energy = 0d;
        foreach (var sample in _window) energy += (double)sample * sample;
        if (energy == 0 || Level.OfPower(energy / Window) < LowestLevel) return Heard.Neither;
        if (IsPair(EscapeSignal.First, energy)) return Heard.First;
        return IsPair(EscapeSignal.Second, energy) ? Heard.Second : Heard.Neither;
    }

    private bool IsPair((double Low, double High) pair, double energy)
    {
        var (low, high) = (Power(pair.Low), Power(pair.High));
        return low + high >= Share * energy && Math.Min(low, high) >= Weaker * (low + high);
    }

    /// <summary>The energy of the window that lies at a frequency (Goertzel): all of it, for a sine.</summary>
    private double Power(double frequency)
    {
        var factor = 2 * Math.Cos(2 * Math.PI * frequency / AudioBlock.Rate);
        var (last, before) = (0d, 0d);
        foreach (var sample in _window) (last, before) = (sample + (factor * last) - before, last);
        return ((last * last) + (before * before) - (factor * last * before)) * 2 / Window;
    }

    private bool Follow(Heard heard)
    {
        if (heard == Heard.First)
        {
            (_first, _between, _second) = (_second > 0 || _between > 0 ? 1 : _first + 1, 0, 0);
            return false;
        }

        if (_first is < LeastMeasures or > MostMeasures || _between > MostBetween || _second > MostMeasures)
        {
            (_first, _between, _second) = (0, 0, 0);
            return false;
        }

        if (heard == Heard.Second) return ++_second == LeastMeasures;
        _between++;
        return false;
    }
}
