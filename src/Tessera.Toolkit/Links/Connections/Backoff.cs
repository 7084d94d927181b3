using System.Runtime.InteropServices;

namespace Tessera.Toolkit.Links;

/// <summary>
/// How long to wait before the next attempt: doubled after each failure, spread so that peers do not return in
/// step.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Backoff(TimeSpan First, TimeSpan Max, int Failures = 0)
{
    /// <summary>Jitter is a number below this one.</summary>
    public const int JitterSteps = 1000;

    private const int MaxDoublings = 16;

    public Backoff AfterFailure() => this with { Failures = Math.Min(Failures + 1, MaxDoublings) };

    /// <summary>A connection that only broke is tried again soon; one the peer refused is not pressed.</summary>
    public Backoff After(LinkEnd end) => end.Reason switch
    {
        null or ByeReason.GoingAway or ByeReason.Voice => this with { Failures = 1 },
        ByeReason.Replaced or ByeReason.NoRoom or ByeReason.Version or ByeReason.Unknown =>
            this with { Failures = MaxDoublings },
        _ => AfterFailure(),
    };

    /// <summary>Between one half and one and a half of the nominal delay, never above the greatest.</summary>
    public TimeSpan Delay(int jitter)
    {
        var nominal = First * Math.Pow(2, Math.Max(Failures - 1, 0));
        var spread = (nominal < Max ? nominal : Max) * (0.5 + ((double)jitter / JitterSteps));
        return spread < Max ? spread : Max;
    }
}
