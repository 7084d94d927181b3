using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>
/// Two clocks that differ: resamples with a long windowed sinc, because a short interpolator adds errors of its own.
/// Delays by one packet; when the clocks are a packet apart one is repeated or left out, as a gateway does it.
/// </summary>
/// <param name="millionths">By how much the clock of the sender is faster.</param>
public sealed class ClockDrift(double millionths) : ILineStage
{
    private const int HalfTaps = 32;
    private const int Steps = 512;
    private const int Packets = 3;

    private static readonly double[][] Kernels = [.. Enumerable.Range(0, Steps + 1).Select(Kernel)];

    private readonly double[] _history = new double[Packets * AudioBlock.Length];
    private readonly bool[] _concealed = new bool[Packets];
    private double _at = AudioBlock.Length;

    public bool Pass(Span<short> packet, bool concealed = false)
    {
        _history.AsSpan(AudioBlock.Length).CopyTo(_history);
        _concealed.AsSpan(1).CopyTo(_concealed);
        for (var i = 0; i < packet.Length; i++) _history[^(AudioBlock.Length - i)] = packet[i];
        _concealed[^1] = concealed;

        var step = 1 + millionths * 1e-6;
        for (var i = 0; i < packet.Length; i++) packet[i] = Level.Clip(Interpolate(_at + i * step));
        var first = (int)_at / AudioBlock.Length;
        var last = (int)(_at + (packet.Length - 1) * step) / AudioBlock.Length;
        Advance(packet.Length * (step - 1));
        return _concealed.AsSpan(first, last - first + 1).Contains(true);
    }

    private void Advance(double by)
    {
        _at += by;
        if (_at < HalfTaps) _at += AudioBlock.Length;
        else if (_at > (Packets - 1) * AudioBlock.Length - HalfTaps - 2) _at -= AudioBlock.Length;
    }

    private double Interpolate(double at)
    {
        var whole = (int)at;
        var fine = (at - whole) * Steps;
        var (below, above) = (Kernels[(int)fine], Kernels[Math.Min((int)fine + 1, Steps)]);
        var share = fine - (int)fine;
        var samples = _history.AsSpan(whole - HalfTaps + 1, 2 * HalfTaps);
        var sum = 0.0;
        for (var i = 0; i < samples.Length; i++) sum += samples[i] * (below[i] + share * (above[i] - below[i]));
        return sum;
    }

    /// <summary>The sinc around a point that many steps behind a sample, under a Blackman window.</summary>
    private static double[] Kernel(int step)
    {
        var kernel = new double[2 * HalfTaps];
        for (var i = 0; i < kernel.Length; i++)
        {
            var distance = i - HalfTaps + 1 - (double)step / Steps;
            var turn = Math.PI * distance / HalfTaps;
            var window = 0.42 + 0.5 * Math.Cos(turn) + 0.08 * Math.Cos(2 * turn);
            kernel[i] = window * (distance == 0 ? 1 : Math.Sin(Math.PI * distance) / (Math.PI * distance));
        }

        return kernel;
    }
}
