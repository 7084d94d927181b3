namespace Tessera.Phone.Sip;

/// <summary>Why a call ended.</summary>
public enum CallEndReason
{
    /// <summary>We hung up, or gave up our own call before it was answered.</summary>
    HungUp,

    /// <summary>The peer hung up.</summary>
    RemoteHungUp,

    /// <summary>The caller gave up before we answered.</summary>
    Cancelled,

    /// <summary>We refused it.</summary>
    Rejected,

    /// <summary>The peer refused it, or nobody heard it: the status says which.</summary>
    Refused,

    /// <summary>Nobody answered in time.</summary>
    NotAnswered,

    /// <summary>The two sides have no sound in common, or the peer's description is broken.</summary>
    NoAudio,

    /// <summary>The peer does not answer any more.</summary>
    Lost,
}

/// <summary>How a call ended.</summary>
/// <param name="Status">The final status of its INVITE, where it was not answered.</param>
public sealed record CallEnd(CallEndReason Reason, SipStatus? Status, string Text)
{
    public override string ToString() => Status is null ? $"{Reason}: {Text}" : $"{Reason} ({(int)Status}): {Text}";
}
