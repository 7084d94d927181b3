namespace Tessera.VirtualCard.Files;

/// <summary>What a file is: a directory, or the structure of an elementary file (file descriptor byte, b6 to b1).</summary>
internal enum FileKind : byte
{
    /// <summary>Nothing that can be.</summary>
    None = 0x00,

    Transparent = 0x01,
    LinearFixed = 0x02,
    LinearVariable = 0x04,
    Cyclic = 0x06,

    /// <summary>A password or key that the card compares and never tells; transparent.</summary>
    Internal = 0x09,

    Directory = 0x38,

    /// <summary>Data objects in BER-TLV.</summary>
    DataObjects = 0x39,
}

/// <summary>Life cycle status (ISO/IEC 7816-4:2005 §5.3.3.2).</summary>
internal enum LifeCycle : byte
{
    Creation = 0x01,
    Initialisation = 0x03,
    Deactivated = 0x04,
    Activated = 0x05,
    Terminated = 0x0C,
}
