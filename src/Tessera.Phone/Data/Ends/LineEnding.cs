namespace Tessera.Phone.Data;

/// <summary>Why an end went back to voice.</summary>
public enum LineEnding
{
    /// <summary>It said bye: all that it sent has arrived, but for what went with the bye, of which nobody knows.</summary>
    Finished,

    /// <summary>The other end said bye: all that it sent has arrived here.</summary>
    PeerFinished,

    /// <summary>Nothing was heard of the other end for too long.</summary>
    Silence,

    /// <summary>Nobody answered the escape.</summary>
    NoAnswer,

    /// <summary>Somebody escaped, but did not prove to be the server.</summary>
    NoProof,

    /// <summary>The line carries nothing any more: a unit was sent too often, or too many frames were forged.</summary>
    Unusable,

    /// <summary>This end was told to leave.</summary>
    Left,
}
