using Tessera.Phone.Tones;

namespace Tessera.Lab.Calls;

/// <summary>What a telephone hears of its exchange, by how its call goes (ITU-T E.180).</summary>
internal static class CallTones
{
    /// <summary>Null where the call has a sound of its own, or none is due yet.</summary>
    public static Cadence? Of(CallPhase phase, CallEnding ending) => (phase, ending) switch
    {
        (CallPhase.Ringing, _) => Cadence.Ringback,
        (CallPhase.Ended, CallEnding.Busy or CallEnding.RemoteHungUp or CallEnding.NotAnswered) => Cadence.Busy,
        (CallPhase.Ended, CallEnding.Refused or CallEnding.UnknownNumber or CallEnding.NoService or CallEnding.Lost) =>
            Cadence.Congestion,
        _ => null,
    };
}
