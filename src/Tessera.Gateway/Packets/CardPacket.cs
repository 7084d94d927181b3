using Tessera.Cards;
using Tessera.Sms.Packets;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>The one form of secured packet that gateway and toolkit applet take, for each direction.</summary>
internal static class CardPacket
{
    private static readonly Tar Tar = OtaKeys.Tar.Read<Tar>();
    private static readonly Spi Spi = new(Integrity.CryptographicChecksum, Ciphered: true, CounterMode.Higher);

    /// <summary>From the gateway to the card: key set 1.</summary>
    public static CommandHeader Down { get; } = new(Spi, KeyReference.Aes(1), KeyReference.Aes(1), Tar);

    /// <summary>From the card to the gateway: key set 2.</summary>
    public static CommandHeader Up { get; } = new(Spi, KeyReference.Aes(2), KeyReference.Aes(2), Tar);

    /// <summary>A script for a card, under a counter that no other packet to it has.</summary>
    public static Bytes Wrap(MasterKeys masters, CardId card, ulong counter, Bytes script)
    {
        using var keys = OtaKeys.Of(masters, card);
        using var set = new PacketKeys(keys.Down.Kic, keys.Down.Kid);
        return new CommandPacket(Down, counter, script).Wrap(set);
    }

    /// <summary>Why a packet is refused for what it says in clear; null where its keys decide.</summary>
    public static Refusal? Refuse(ReadOnlySpan<byte> packet)
    {
        try
        {
            var header = CommandPacket.ReadHeader(packet);
            return header == Up ? null : header == Down ? Refusal.Reflected : Refusal.OtherProtection;
        }
        catch (WireFormatException)
        {
            return Refusal.Malformed;
        }
    }

    /// <summary>Opens a packet of a card; null where its keys did not make it.</summary>
    /// <exception cref="WireFormatException">The octets are not one packet.</exception>
    public static CommandPacket? Unwrap(MasterKeys masters, CardId card, Bytes packet)
    {
        using var keys = OtaKeys.Of(masters, card);
        using var set = new PacketKeys(keys.Up.Kic, keys.Up.Kid);
        return CommandPacket.Unwrap(packet.Span, set);
    }
}
