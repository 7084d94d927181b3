namespace Tessera.Smpp;

/// <summary>Where a message stands at the SMSC (SMPP 3.4 §5.2.28, message_state).</summary>
public enum MessageState : byte
{
    None = 0,
    Enroute = 1,
    Delivered = 2,
    Expired = 3,
    Deleted = 4,
    Undeliverable = 5,
    Accepted = 6,
    Unknown = 7,
    Rejected = 8,
}

/// <summary>The words of a delivery receipt for the states (SMPP 3.4 appendix B).</summary>
public static class MessageStates
{
    /// <summary>The word after <c>stat:</c>.</summary>
    public static string Word(this MessageState state) => state switch
    {
        MessageState.Enroute => "ENROUTE",
        MessageState.Delivered => "DELIVRD",
        MessageState.Expired => "EXPIRED",
        MessageState.Deleted => "DELETED",
        MessageState.Undeliverable => "UNDELIV",
        MessageState.Accepted => "ACCEPTD",
        MessageState.Rejected => "REJECTD",
        _ => "UNKNOWN",
    };

    /// <summary>The state of a word in any case; null for a word of the operator's own.</summary>
    public static MessageState? FromWord(string word) => word.ToUpperInvariant() switch
    {
        "ENROUTE" => MessageState.Enroute,
        "DELIVRD" => MessageState.Delivered,
        "EXPIRED" => MessageState.Expired,
        "DELETED" => MessageState.Deleted,
        "UNDELIV" => MessageState.Undeliverable,
        "ACCEPTD" => MessageState.Accepted,
        "UNKNOWN" => MessageState.Unknown,
        "REJECTD" => MessageState.Rejected,
        _ => null,
    };
}
