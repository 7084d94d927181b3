using Tessera.Wire;

namespace Tessera.Sms.Packets;

/// <summary>What a packet says in clear: how it is protected, by which keys, and for which application.</summary>
/// <remarks>A receiver reads it to find keys and application, and compares it with what it demands of them.</remarks>
public readonly record struct CommandHeader(Spi Spi, KeyReference Kic, KeyReference Kid, Tar Tar)
    : IWireFormat<CommandHeader>
{
    public static CommandHeader Read(ref ByteReader reader) => new(
        Spi.Read(ref reader),
        KeyReference.Read(ref reader),
        KeyReference.Read(ref reader),
        Tar.Read(ref reader));

    public void Write(ByteWriter writer)
    {
        Spi.Write(writer);
        Kic.Write(writer);
        Kid.Write(writer);
        Tar.Write(writer);
    }
}
