using System.Numerics;
using System.Runtime.Intrinsics;

namespace Tessera.Phone.Modems.Fsk;

/// <summary>
/// Correlates the sound with both tones of a channel over a window of one symbol that slides by parts of one.
/// The sums run from the beginning, so a window is the difference of two of them, and may begin and end between samples.
/// </summary>
internal sealed class FskCorrelator
{
    /// <summary>Windows in the time of a symbol.</summary>
    public const int Points = 8;

    private const int Kept = 1024;

    private readonly double _symbol;
    private readonly uint _markStep;
    private readonly uint _spaceStep;
    private readonly uint _differenceStep;
    private readonly Vector256<double>[] _sums;
    private readonly double[] _energies;
    private readonly TonePair[] _points = new TonePair[Kept];
    private readonly Vector256<double>[] _ends = new Vector256<double>[Points];
    private Vector256<double> _sum;
    private double _energy;
    private uint _mark;
    private uint _space;
    private uint _difference;
    private long _samples;
    private long _concealedEnd;
    private double _nextEnd;

    public FskCorrelator(FskChannel channel)
    {
        _symbol = channel.Samples;
        (_markStep, _spaceStep) = (Nco.Step(channel.Mark), Nco.Step(channel.Space));
        _differenceStep = Nco.Step(channel.Mark - channel.Space, _symbol / Points);
        _sums = new Vector256<double>[BitOperations.RoundUpToPowerOf2((uint)_symbol + 4)];
        _energies = new double[_sums.Length];
        _nextEnd = _symbol;
        // A sample stands in the middle of the time that a sum gives it.
        _difference = Nco.Step(channel.Space - channel.Mark, 0.5);
    }

    /// <summary>The number of windows so far.</summary>
    public long Count { get; private set; }

    /// <summary>A window, one of the last ones.</summary>
    public ref readonly TonePair this[long point] => ref _points[point & (Kept - 1)];

    /// <summary>Takes samples up to the end of the next window.</summary>
    /// <param name="concealed">They were not heard but made up.</param>
    /// <returns>False if they end before.</returns>
    public bool Next(ref ReadOnlySpan<short> samples, bool concealed)
    {
        var mask = _sums.Length - 1;
        var taken = 0;
        for (; _samples < _nextEnd; taken++)
        {
            if (taken == samples.Length)
            {
                samples = [];
                return false;
            }

            var (spaceCos, spaceSin) = Nco.At(_space);
            var (markCos, markSin) = Nco.At(_mark);
            double sample = samples[taken];
            _sum += Vector256.Create(spaceCos, spaceSin, markCos, markSin) * sample;
            _energy += sample * sample;
            _space += _spaceStep;
            _mark += _markStep;
            _samples++;
            _sums[_samples & mask] = _sum;
            _energies[_samples & mask] = _energy;
        }

        samples = samples[taken..];
        if (concealed) _concealedEnd = Count + Points;
        Add();
        return true;
    }

    private void Add()
    {
        // A window begins where the one a symbol before it ended.
        ref var end = ref _ends[Count & (Points - 1)];
        var begin = Count < Points ? SumTo(_nextEnd - _symbol) : end;
        end = SumTo(_nextEnd);
        var window = (end - begin) * (2 / _symbol);
        var (cos, sin) = Nco.At(_difference);
        var space = new Complex(window[0], -window[1]);
        var mark = new Complex(window[2], -window[3]) * new Complex(cos, sin);
        var energy = _energies[(long)_nextEnd & (_sums.Length - 1)];
        _points[Count & (Kept - 1)] = new TonePair(space, mark, energy, Count < _concealedEnd);
        _difference += _differenceStep;
        _nextEnd += _symbol / Points;
        Count++;
    }

    private Vector256<double> SumTo(double time)
    {
        var whole = (long)time;
        var mask = _sums.Length - 1;
        var below = _sums[whole & mask];
        return below + (_sums[(whole + 1) & mask] - below) * (time - whole);
    }
}
