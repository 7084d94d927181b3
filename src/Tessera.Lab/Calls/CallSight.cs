namespace Tessera.Lab.Calls;

/// <summary>How far a call of the phone is.</summary>
public enum CallPhase
{
    Calling,

    /// <summary>It rings there.</summary>
    Ringing,

    Connected,

    Ended,
}

/// <summary>Why a call ended, or was never set up.</summary>
public enum CallEnding
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>The holder hung up.</summary>
    HungUp,

    RemoteHungUp,
    Busy,
    NotAnswered,
    Refused,
    UnknownNumber,

    /// <summary>There is no network for calls here, or it does not answer.</summary>
    NoService,

    /// <summary>The network broke it off.</summary>
    Lost,

    /// <summary>The SIM did not allow it (call control).</summary>
    NotAllowed,

    /// <summary>The SIM could not say whether it may be (call control).</summary>
    SimBusy,

    /// <summary>There is no SIM that is ready, or it was pulled.</summary>
    NoSim,

    SwitchedOff,

    /// <summary>Another call is under way.</summary>
    OtherCall,
}

/// <summary>A call as page and programs see it.</summary>
/// <param name="Name">What the SIM calls it; empty for nothing.</param>
/// <param name="Seconds">How long people have spoken.</param>
public sealed record CallSight(string Number, string Name, CallPhase Phase, int Seconds, CallEnding Ending);

/// <summary>Endings in the phone's words.</summary>
internal static class CallEndings
{
    public static string Words(this CallEnding ending) => ending switch
    {
        CallEnding.Busy => "Busy",
        CallEnding.NotAnswered => "No answer",
        CallEnding.Refused => "Call refused",
        CallEnding.UnknownNumber => "No such number",
        CallEnding.NoService => "No voice service",
        CallEnding.Lost => "Call lost",
        CallEnding.NotAllowed => "Not allowed by SIM",
        CallEnding.SimBusy => "The SIM is busy",
        CallEnding.NoSim => "Call ended: no SIM",
        CallEnding.OtherCall => "A call is under way",
        _ => "Call ended",
    };
}
