using Tessera.Phone.Sound;
using Tessera.Phone.Tones;

namespace Tessera.Lab.Calls;

/// <summary>
/// The tones that a telephone's exchange plays to it while there is no call's own sound: dial tone, ringing, busy.
/// </summary>
/// <remarks>One thread at a time starts and stops them.</remarks>
internal sealed class LocalTone(Earpiece earpiece, TimeProvider time) : IDisposable
{
    private CancellationTokenSource? _playing;

    /// <summary>The tone that is heard; null for none.</summary>
    public Cadence? Cadence { get; private set; }

    /// <summary>Plays a tone from now on in place of the one before; null is silence.</summary>
    public void Play(Cadence? cadence)
    {
        if (cadence == Cadence) return;
        _playing?.Cancel();
        (Cadence, _playing) = (cadence, cadence is null ? null : new CancellationTokenSource());
        if (cadence is not null) _ = PlayAsync(cadence, _playing!);
    }

    public void Dispose() => Play(cadence: null);

    private async Task PlayAsync(Cadence cadence, CancellationTokenSource playing)
    {
        using var over = playing;
        var tone = new ToneGenerator(cadence);
        var block = new short[AudioBlock.Length];
        using var pace = new PeriodicTimer(AudioBlock.Duration, time);
        try
        {
            while (await pace.WaitForNextTickAsync(over.Token))
            {
                tone.Read(block);
                earpiece.Hear(block);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Another tone, or none.
        }
    }
}
