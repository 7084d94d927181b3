using System.Runtime.InteropServices;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Tones;

/// <summary>A key that was heard.</summary>
/// <param name="At">The sample at which its tone began, give or take a hundred.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HeardKey(char Key, long At);

/// <summary>
/// Finds keys in sound (ITU-T Q.24): tones of 40 ms with pauses of 40 ms, 1.5 % beside their frequencies, the low
/// group up to 8 dB louder than the high one or 4 dB less loud. A key is told once, as soon as two blocks say the same.
/// </summary>
/// <remarks>
/// Speech has the frequencies of keys too, but not as two steady tones and nothing else. So both blocks must hold
/// little besides the two tones, the tones must keep their loudness from one block to the next, and their frequencies,
/// measured by how the phases go on, must be those of the key; harmonics, which a voice has and a key has not, must be
/// missing.
/// </remarks>
public sealed class DtmfDetector
{
    private const int MaxWaiting = 256;
    private const double MinLevel = -36;
    private const float Dominance = 6.3f;

    /// <summary>
    /// Of the power, what the two tones must have in a block at first sight; with what a filter loses at its side.
    /// </summary>
    private const double LooseShare = 0.5;

    /// <summary>Of the power, what the two tones must have in both blocks together.</summary>
    private const double Share = 0.87;

    /// <summary>And in each: in so short a time one tone adds to the other's filter, or takes away.</summary>
    private const double BlockShare = 0.75;

    /// <summary>Of the power, what is enough for a key to be still held.</summary>
    private const double HeldShare = 0.35;

    /// <summary>
    /// How far a frequency may be off. From 1.9 % on a high voice with its third and fourth harmonic comes as near to a
    /// key.
    /// </summary>
    private const double Tolerance = 0.018;

    /// <summary>The most by which a tone may change from one block to the next: 3 dB.</summary>
    private const double Steadiness = 2;

    /// <summary>
    /// The most by which both together may: 2.2 dB, of which one tone in the filter of the other makes the most.
    /// </summary>
    private const double SumSteadiness = 1.66;

    /// <summary>Twice a frequency may have this part of its power.</summary>
    private const double Harmonic = 0.04;

    /// <summary>Harmonics this near to a tone, in Hz, are that tone.</summary>
    private const double Near = 200;

    /// <summary>Blocks without a key after which it is released.</summary>
    private const int Release = 2;

    /// <summary>
    /// How much louder the low group may be: 8 dB, and what the louder tone leaves in the filter of the other.
    /// </summary>
    private static readonly double MaxLow = Math.Pow(10, 1.05);

    /// <summary>How much louder the high group may be: 4 dB, and as much.</summary>
    private static readonly double MaxHigh = Math.Pow(10, 0.62);

    private static readonly double MinPower = Math.Pow(Level.Amplitude(MinLevel), 2) / 2;

    private readonly float[] _samples = new float[DtmfBlock.Length];
    private readonly Queue<HeardKey> _keys = new();
    private int _count;
    private long _taken;
    private DtmfBlock _last;
    private bool _lastIsLike;
    private char? _held;
    private int _missing;

    /// <summary>The key that is held at the moment.</summary>
    public char? Held => _held;

    /// <summary>Takes the next samples, any number of them.</summary>
    public void Write(ReadOnlySpan<short> samples)
    {
        foreach (var sample in samples)
        {
            _samples[_count++] = sample;
            if (_count < DtmfBlock.Length) continue;
            _count = 0;
            _taken += DtmfBlock.Length;
            Take();
        }
    }

    /// <summary>The next key that was heard.</summary>
    public bool TryRead(out HeardKey key) => _keys.TryDequeue(out key);

    private void Take()
    {
        var energy = 0f;
        foreach (var sample in _samples) energy += sample * sample;
        var power = energy / DtmfBlock.Length;
        // What is too quiet for a key costs no filter.
        var block = power < MinPower ? default : DtmfBlock.Of(_samples, power);
        var isLike = power >= MinPower && IsLike(block);
        Decide(block, isLike);
        (_last, _lastIsLike) = (block, isLike);
    }

    private void Decide(in DtmfBlock block, bool isLike)
    {
        if (isLike && _lastIsLike && KeyOf(block) != _held && IsKey(block))
        {
            (_held, _missing) = (KeyOf(block), 0);
            if (_keys.Count < MaxWaiting) _keys.Enqueue(new HeardKey(KeyOf(block), _taken - (2 * DtmfBlock.Length)));
            return;
        }

        if (_held is null) return;
        var isHeld = KeyOf(block) == _held && block.RowPower + block.ColumnPower > HeldShare * block.Power
            && block.Power > 0;
        _missing = isHeld ? 0 : _missing + 1;
        if (_missing == Release) _held = null;
    }

    private static char KeyOf(in DtmfBlock block) => Dtmf.Keys[(block.Row * Dtmf.Groups) + block.Column];

    /// <summary>Whether one block alone looks like a key.</summary>
    private static bool IsLike(in DtmfBlock block) =>
        block.RowPower > MinPower && block.ColumnPower > MinPower
        && block.RowPower + block.ColumnPower > LooseShare * block.Power
        && block.StandsOut(Dominance);

    /// <summary>Whether this block and the one before are two parts of the steady tones of one key.</summary>
    private bool IsKey(in DtmfBlock block)
    {
        if (KeyOf(_last) != KeyOf(block)) return false;

        var (row, column) = (block.RowOffset(_last), block.ColumnOffset(_last));
        var (low, high) = (Dtmf.Low[block.Row], Dtmf.High[block.Column]);
        return Math.Abs(row) < Tolerance * low && Math.Abs(column) < Tolerance * high
            && IsAlike(block.RowPower, _last.RowPower, Steadiness)
            && IsAlike(block.ColumnPower, _last.ColumnPower, Steadiness)
            && IsAlike(block.RowPower + block.ColumnPower, _last.RowPower + _last.ColumnPower, SumSteadiness)
            && IsPure(row, column, block, _last)
            && HasNoHarmonics(low + row, block.RowPower, high + column, block.ColumnPower);
    }

    private static bool IsAlike(double one, double other, double factor) =>
        one < factor * other && other < factor * one;

    private static bool IsPure(double row, double column, in DtmfBlock one, in DtmfBlock other)
    {
        var low = one.RowPowerAt(row) + other.RowPowerAt(row);
        var high = one.ColumnPowerAt(column) + other.ColumnPowerAt(column);
        return low + high > Share * (one.Power + other.Power) && low < MaxLow * high && high < MaxHigh * low
            && ShareOf(one, row, column) > BlockShare && ShareOf(other, row, column) > BlockShare;
    }

    private static double ShareOf(in DtmfBlock block, double row, double column) =>
        (block.RowPowerAt(row) + block.ColumnPowerAt(column)) / block.Power;

    private bool HasNoHarmonics(double low, double lowPower, double high, double highPower) =>
        (Math.Abs((2 * low) - high) < Near || DtmfBlock.PowerAt(_samples, 2 * low) < Harmonic * lowPower)
        && DtmfBlock.PowerAt(_samples, 2 * high) < Harmonic * highPower;
}
