namespace Tessera.Gateway;

/// <summary>Why a short message is dropped; it is never answered, so its sender learns nothing of it.</summary>
public enum Refusal
{
    /// <summary>No card is reached at the calling number.</summary>
    UnknownNumber,

    /// <summary>Not one message, or not one packet.</summary>
    Malformed,

    /// <summary>TAR, SPI, KIc or KID are not those of docs/protocols/sms.md.</summary>
    OtherProtection,

    /// <summary>A packet as only the gateway makes them came back.</summary>
    Reflected,

    /// <summary>The keys of none of the cards of the number made it.</summary>
    Forged,

    /// <summary>Its counter is not higher than the highest taken.</summary>
    Replayed,

    /// <summary>Authentic, but neither an opening nor an answer.</summary>
    UnknownContent,

    /// <summary>The answer to a script that was never sent.</summary>
    Unasked,

    /// <summary>Its sender or all senders together have as many unfinished messages as they may.</summary>
    Crowded,

    /// <summary>The others of its packet did not come in time.</summary>
    Incomplete,
}
