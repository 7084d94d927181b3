using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>Adds Gaussian noise of that level, white from 0 to 4000 Hz.</summary>
public sealed class WhiteNoise(double level, int seed) : ILineStage
{
    private readonly Random _random = new(seed);
    private readonly double _deviation = Level.Amplitude(level) / Math.Sqrt(2);

    public bool Pass(Span<short> packet, bool concealed = false)
    {
        foreach (ref var sample in packet) sample = Level.Clip(sample + _deviation * Gaussian());
        return concealed;
    }

    /// <summary>Box and Muller.</summary>
    private double Gaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
