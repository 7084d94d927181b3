namespace Tessera.Smpp;

/// <summary>Why a session ended.</summary>
public enum SessionEndReason
{
    /// <summary>One side said unbind.</summary>
    Unbound,

    /// <summary>The bind was refused.</summary>
    Refused,

    /// <summary>No bind came in time.</summary>
    NotBound,

    /// <summary>An enquire_link was not answered in time.</summary>
    Silent,

    /// <summary>No request for longer than the inactivity timer.</summary>
    Inactive,

    /// <summary>The peer did not take our octets in time.</summary>
    NotTaken,

    /// <summary>The peer sent a length that no PDU can have.</summary>
    Broken,

    /// <summary>The connection ended without an unbind.</summary>
    Closed,

    /// <summary>A handler of ours threw.</summary>
    Failed,

    /// <summary>We gave it up.</summary>
    Stopped,
}

/// <summary>How a session ended.</summary>
/// <param name="Cause">What was thrown, where something was.</param>
public sealed record SessionEnd(SessionEndReason Reason, string Text, Exception? Cause = null)
{
    public override string ToString() => $"{Reason}: {Text}";
}
