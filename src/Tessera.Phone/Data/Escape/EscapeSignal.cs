using Tessera.Phone.Sound;

namespace Tessera.Phone.Data;

/// <summary>
/// The sound that leads from voice to data: two pairs of tones, 60 ms each, and behind them at once a hello. No pair is
/// one of DTMF, and no two of the four frequencies are harmonics of a voice alone.
/// </summary>
/// <remarks>
/// All are multiples of 50 Hz: a packet that is repeated in place of a lost one goes on in phase.
/// </remarks>
public sealed class EscapeSignal
{
    /// <summary>How long each pair sounds.</summary>
    public static readonly TimeSpan Part = TimeSpan.FromMilliseconds(60);

    internal const int PartLength = 480;

    /// <summary>Of each tone; a pair is 3 dB louder.</summary>
    private const double ToneLevel = -16;

    private int _at;

    internal static (double Low, double High) First => (1350, 2450);

    internal static (double Low, double High) Second => (1750, 2850);

    /// <summary>Whether all of it has been read.</summary>
    public bool IsOver => _at >= 2 * PartLength;

    /// <summary>Fills the span with the next samples, behind the end with silence.</summary>
    public void Read(Span<short> samples)
    {
        var amplitude = Level.Amplitude(ToneLevel);
        for (var i = 0; i < samples.Length; i++, _at++)
        {
            var (low, high) = _at < PartLength ? First : Second;
            samples[i] = IsOver ? (short)0 : Level.Clip(amplitude * (Wave(low) + Wave(high)));
        }
    }

    private double Wave(double frequency) => Math.Sin(2 * Math.PI * frequency * _at / AudioBlock.Rate);
}
