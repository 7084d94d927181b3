using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>Makes the sound louder or softer.</summary>
public sealed class LineGain(double decibels) : ILineStage
{
    private readonly double _ratio = Ratio(decibels);

    public bool Pass(Span<short> packet, bool concealed = false)
    {
        foreach (ref var sample in packet) sample = Level.Clip(sample * _ratio);
        return concealed;
    }

    /// <summary>By what amplitudes are multiplied for a change in dB.</summary>
    internal static double Ratio(double decibels) => Math.Pow(10, decibels / 20);
}
