namespace Tessera.Phone.Data;

/// <summary>What a modem frame carries: the high half of its first octet.</summary>
internal enum FrameKind
{
    /// <summary>A device asks for a hello.</summary>
    Request = 1,

    /// <summary>A server asks for data.</summary>
    Hello = 2,

    /// <summary>A device obeys.</summary>
    Reply = 3,

    /// <summary>Anything after the handshake, enciphered.</summary>
    Sealed = 4,
}
