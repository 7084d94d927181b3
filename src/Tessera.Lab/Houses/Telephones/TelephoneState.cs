using Tessera.Lab.Calls;

namespace Tessera.Lab.Houses.Telephones;

/// <summary>How far a telephone is.</summary>
public enum TelephonePhase
{
    /// <summary>The handset lies on its hook.</summary>
    OnHook,

    /// <summary>Somebody calls.</summary>
    Ringing,

    /// <summary>The handset is lifted: digits are waited for, or more of them.</summary>
    Dialling,

    /// <summary>The number is on its way.</summary>
    Calling,

    /// <summary>It rings there.</summary>
    RingingThere,

    Connected,

    /// <summary>The call is over, or came to nothing; the handset is not on its hook yet.</summary>
    Over,
}

/// <summary>A telephone as page and programs see it.</summary>
/// <param name="Number">What is dialled, or who calls; empty for nothing, and for nobody known.</param>
/// <param name="Keys">Pressed in the call. A telephone shows them: who keys a secret into a call says it aloud.</param>
/// <param name="LastNumber">Whom it called last; empty for nobody.</param>
/// <param name="Ending">Why the last call is over.</param>
/// <param name="Seconds">How long people have spoken.</param>
/// <param name="KeysInBand">Keys in a call are tones in its sound, not telephone events.</param>
public sealed record TelephoneState(
    TelephonePhase Phase, string Number, string Keys, string LastNumber, CallEnding Ending, int Seconds, bool KeysInBand)
{
    /// <summary>The state in a few words.</summary>
    public string Words => Phase switch
    {
        TelephonePhase.OnHook => "On the hook",
        TelephonePhase.Ringing => "It rings",
        TelephonePhase.Dialling => Number.Length == 0 ? "Dial tone" : "Dialling",
        TelephonePhase.Calling => "Calling",
        TelephonePhase.RingingThere => "It rings there",
        TelephonePhase.Connected => "Connected",
        _ => Ending.Words(),
    };
}
