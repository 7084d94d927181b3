using Tessera.Phone.Sound;

namespace Tessera.Phone.Tones;

/// <summary>A sine as a phase that goes on by the same step every sample.</summary>
public sealed class Oscillator
{
    private const int Bits = 12;
    private const int Rest = 32 - Bits;

    /// <summary>One turn and its first point again, between which it is linear.</summary>
    private static readonly float[] Turn =
        [.. Enumerable.Range(0, (1 << Bits) + 1).Select(i => (float)Math.Sin(Math.Tau * i / (1 << Bits)))];

    private readonly uint _step;
    private readonly double _amplitude;
    private uint _phase;

    /// <param name="frequency">In Hz.</param>
    /// <param name="level">In dBm0.</param>
    public Oscillator(double frequency, double level)
    {
        if (frequency is not (> 0 and < AudioBlock.Rate / 2))
            throw new ArgumentOutOfRangeException(nameof(frequency), frequency, "No telephone carries it.");
        _step = (uint)Math.Round(frequency / AudioBlock.Rate * (1L << 32));
        _amplitude = Level.Amplitude(level);
    }

    /// <summary>The next sample.</summary>
    public double Next()
    {
        var point = _phase >> Rest;
        var part = (float)(_phase & ((1u << Rest) - 1)) / (1u << Rest);
        _phase += _step;
        return _amplitude * (Turn[point] + (part * (Turn[point + 1] - Turn[point])));
    }
}
