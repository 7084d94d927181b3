namespace Tessera.Terminal.Serial.Ends;

/// <summary>Where an end of a serial line stands (docs/protocols/serial.md §4).</summary>
public enum SerialState
{
    /// <summary>There is no connection.</summary>
    Closed,

    /// <summary>A device has asked for one.</summary>
    Opening,

    /// <summary>A telephone was asked for one.</summary>
    Asked,

    /// <summary>Octets flow.</summary>
    Open,
}

/// <summary>Why a connection on a serial line ended.</summary>
public enum SerialEnding
{
    /// <summary>Both sides had nothing more to say, and all of it arrived.</summary>
    Finished,

    /// <summary>This side left.</summary>
    Left,

    /// <summary>The other side left.</summary>
    PeerLeft,

    /// <summary>The other side knows nothing of the connection: it has started again.</summary>
    Forgotten,

    /// <summary>The telephone does not reach the server.</summary>
    Unreachable,

    /// <summary>Nothing was heard for too long, or nothing that was sent arrived.</summary>
    Silent,

    /// <summary>The device asked for a new connection.</summary>
    Replaced,

    /// <summary>The other side speaks another version.</summary>
    Version,
}
