using Tessera.Phone.Sound;

namespace Tessera.Phone.Tones;

/// <summary>Makes the sound of a cadence for as long as it is read.</summary>
public sealed class ToneGenerator(Cadence cadence)
{
    private readonly Oscillator[] _oscillators =
        [.. cadence.Frequencies.Select(frequency => new Oscillator(frequency, cadence.Level))];

    private readonly int _on = AudioBlock.SamplesIn(cadence.On);
    private readonly int _period = AudioBlock.SamplesIn(cadence.On + cadence.Off);
    private int _at;

    /// <summary>Fills the span with the next samples.</summary>
    public void Read(Span<short> samples)
    {
        foreach (ref var sample in samples)
        {
            sample = _at < _on ? Level.Clip(_oscillators.Sum(oscillator => oscillator.Next())) : (short)0;
            _at = (_at + 1) % _period;
        }
    }
}
