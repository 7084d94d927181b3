using Tessera.Phone.Sound;

namespace Tessera.Testing.Lines;

/// <summary>
/// The hybrid between four wires and the two of a line: a part of what an end says comes back to its own ear.
/// </summary>
/// <param name="echo">That part in dB, negative.</param>
/// <param name="delay">How late it comes back.</param>
public sealed class Hybrid(double echo, TimeSpan delay)
{
    private readonly double _echo = LineGain.Ratio(echo);
    private readonly Queue<short> _said = new(new short[AudioBlock.SamplesIn(delay)]);

    /// <summary>The next 20 ms.</summary>
    /// <param name="said">What the end says.</param>
    /// <param name="heard">What it hears, to which the echo is added.</param>
    public void Pass(ReadOnlySpan<short> said, Span<short> heard)
    {
        for (var i = 0; i < heard.Length; i++)
        {
            _said.Enqueue(said[i]);
            heard[i] = Level.Clip(heard[i] + _echo * _said.Dequeue());
        }
    }
}
