using Tessera.Wire;

namespace Tessera.Sms.Packets;

/// <summary>What the checksum of a packet was worth.</summary>
internal enum IntegrityVerdict
{
    /// <summary>The packet had none.</summary>
    None,
    Ok,
    Failed,
}

/// <summary>A packet deciphered and checked, whatever came of it; the product takes what is right only.</summary>
internal readonly record struct OpenedPacket(
    CommandHeader Header,
    ulong Counter,
    byte PaddingCounter,
    byte Status,
    Bytes DataAndPadding,
    IntegrityVerdict Integrity)
{
    /// <summary>The data without its padding, whose octets have no meaning.</summary>
    /// <exception cref="WireFormatException">More padding than there is.</exception>
    public Bytes TakeData() => PaddingCounter <= DataAndPadding.Length
        ? new Bytes(DataAndPadding.Memory[..^PaddingCounter])
        : throw new WireFormatException(
            "PCNTR", PacketBody.HeadLength - 1, $"{PaddingCounter} octets of padding, {DataAndPadding.Length} there");
}
