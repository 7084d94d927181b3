namespace Tessera.Phone.Modems.Ofdm;

/// <summary>
/// Looks for the training symbol: its normalised correlation with the sound, at every sample. What is at least half is
/// one, and begins where it is highest.
/// </summary>
internal sealed class BurstSearch
{
    /// <summary>For how many samples a peak must stay the highest.</summary>
    public const int Guard = 40;

    private const int Lags = 32;
    private const double Threshold = 0.5 * 0.5;

    /// <summary>The energy of a window that is worth looking at: -60 dBm0.</summary>
    private const double Quiet = 16.0 * 16.0 * Carriers.SymbolLength;

    private static readonly float[] Pattern = Make();
    private static readonly double Energy = Vectors.Dot(Pattern, Pattern);

    private readonly float[] _products = new float[Lags];
    private long _next;
    private long _peakAt;
    private double _peak;

    /// <summary>
    /// Where bursts begin, if nothing moved since the last one: any multiple of a symbol away from here.
    /// </summary>
    public long? Slot { get; set; }

    /// <summary>Goes on from there.</summary>
    public void Resume(long at)
    {
        _next = at;
        _peak = 0;
    }

    /// <summary>
    /// The next place where a burst seems to begin: its training symbol is heard there, or hidden by a gap where one
    /// would be if nothing moved. After that the search is to be resumed.
    /// </summary>
    public long? Next(SoundHistory sound)
    {
        for (; _next + Carriers.SymbolLength + Lags <= sound.End; _next += Lags)
        {
            var window = sound.Slice(_next, Carriers.SymbolLength + Lags);
            if (Vectors.Dot(window, window) < Quiet) Array.Clear(_products);
            else Vectors.Correlate(window, Pattern, _products);
            if (Next(window, sound) is { } start) return start;
        }

        return null;
    }

    private long? Next(ReadOnlySpan<float> window, SoundHistory sound)
    {
        double energy = Vectors.Dot(window[..Carriers.SymbolLength], window[..Carriers.SymbolLength]);
        for (var lag = 0; lag < Lags; lag++)
        {
            var (at, product) = (_next + lag, (double)_products[lag]);
            var share = energy < Quiet ? 0 : product * product / (energy * Energy);
            if (share >= Threshold && share > _peak) (_peak, _peakAt) = (share, at);
            else if (_peak > 0 && at >= _peakAt + Guard) return _peakAt;
            else if (_peak == 0 && IsGap(at, sound)) return at;
            var (gone, come) = (window[lag], window[lag + Carriers.SymbolLength]);
            energy += (come * come) - (gone * gone);
        }

        return null;
    }

    private bool IsGap(long at, SoundHistory sound) =>
        (at - Slot) % Carriers.SymbolLength == 0 && sound.IsConcealed(at + Burst.Early, Carriers.Size);

    private static float[] Make()
    {
        Span<float> wave = stackalloc float[Carriers.Size];
        Transform.Inverse(Carriers.Training, wave);
        return [.. wave[^Carriers.Prefix..], .. wave];
    }
}
