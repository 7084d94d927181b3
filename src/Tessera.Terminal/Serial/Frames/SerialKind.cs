namespace Tessera.Terminal.Serial.Frames;

/// <summary>What a frame on a serial line is (docs/protocols/serial.md §3).</summary>
public enum SerialKind : byte
{
    /// <summary>The device asks for a connection.</summary>
    Open = 0x01,

    /// <summary>The telephone has it.</summary>
    Accept = 0x02,

    /// <summary>Octets of the connection.</summary>
    Data = 0x03,

    /// <summary>What has arrived, and nothing else.</summary>
    Ack = 0x04,

    /// <summary>The sender has nothing more to say; takes a number as data do.</summary>
    Finish = 0x05,

    /// <summary>The connection is over at once.</summary>
    Reset = 0x06,
}

/// <summary>Who stands at an end of the line; the value is bit 8 of the first octet of its frames.</summary>
public enum SerialSide : byte
{
    /// <summary>The terminal, which asks for connections.</summary>
    Device = 0x00,

    /// <summary>The telephone, which relays them.</summary>
    Telephone = 0x80,
}

/// <summary>Why a connection was reset.</summary>
public enum SerialReset : byte
{
    /// <summary>The sender leaves.</summary>
    Leaving = 0x01,

    /// <summary>The sender knows no connection of that number.</summary>
    Unknown = 0x02,

    /// <summary>The telephone does not reach the server.</summary>
    Unreachable = 0x03,

    /// <summary>The sender heard nothing for too long, or nothing it sent arrived.</summary>
    Silent = 0x04,

    /// <summary>The sender speaks another version.</summary>
    Version = 0x05,
}
