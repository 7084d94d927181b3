using Tessera.Cards;
using Tessera.Sms.Packets;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Toolkit;

/// <summary>Opens the packets that come to the card and makes those that leave it (docs/protocols/sms.md §2).</summary>
/// <remarks>
/// <code>
/// keys       KIc down 16 | KID down 16 | KIc up 16 | KID up 16
/// counters   5 octets each: the highest taken, the highest used
/// </code>
/// </remarks>
internal sealed class PacketDesk(CardMemory memory)
{
    private const int KeyLength = 16;
    private const int DownSet = 1;
    private const int UpSet = 2;

    private const int Block = 16;
    private const int ClearLength = 10;
    private const int Ciphered = 14;
    private const int OneMessage = 137;
    private const int FirstPart = 132;
    private const int LaterPart = 134;

    private static readonly Tar Ours = new(0x544553);
    private static readonly Spi Protection = new(Integrity.CryptographicChecksum, Ciphered: true, CounterMode.Higher);

    /// <summary>What a packet to a card says in clear.</summary>
    public static CommandHeader Down { get; } = HeaderOf(DownSet);

    /// <summary>What a packet of a card says in clear.</summary>
    public static CommandHeader Up { get; } = HeaderOf(UpSet);

    /// <summary>Its cells, as a card is born with them.</summary>
    public static IEnumerable<NewCell> Cells(OtaKeys keys) =>
    [
        new(CellId.OtaKeys, 4 * KeyLength, new Bytes((byte[])
        [
            .. keys.Down.Kic.Reveal(), .. keys.Down.Kid.Reveal(), .. keys.Up.Kic.Reveal(), .. keys.Up.Kid.Reveal(),
        ])),
        new(CellId.DownCounter, PacketCounter.Length, new Bytes(new byte[PacketCounter.Length])),
        new(CellId.UpCounter, PacketCounter.Length, new Bytes(new byte[PacketCounter.Length])),
    ];

    /// <summary>The data of a packet of the gateway, its counter durably taken; null where it is not right.</summary>
    public Bytes? Take(ReadOnlySpan<byte> packet)
    {
        try
        {
            if (CommandPacket.ReadHeader(packet) != Down) return null;
            using var keys = KeysAt(0);
            if (CommandPacket.Unwrap(packet, keys) is not { } opened) return null;
            var taken = Read(CellId.DownCounter);
            if (PacketCounter.Check(Protection.Counter, taken, opened.Counter) != CounterVerdict.Accepted) return null;

            Write(CellId.DownCounter, opened.Counter);
            return opened.Data;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    /// <summary>A packet under a counter that is durably used before it leaves; null where there are no more.</summary>
    public (Bytes Packet, ulong Counter)? Make(Bytes data)
    {
        var counter = Read(CellId.UpCounter) + 1;
        if (counter > PacketCounter.Max) return null;
        Write(CellId.UpCounter, counter);
        using var keys = KeysAt(2 * KeyLength);
        return (new CommandPacket(Up, counter, data).Wrap(keys), counter);
    }

    /// <summary>In how many messages a packet with so many octets of data travels.</summary>
    public static int MessagesFor(int data)
    {
        var ciphered = Ciphered + data;
        var packet = ClearLength + ((ciphered + Block - 1) / Block * Block);
        return packet <= OneMessage ? 1 : 1 + ((packet - FirstPart + LaterPart - 1) / LaterPart);
    }

    private static CommandHeader HeaderOf(int set) =>
        new(Protection, KeyReference.Aes(set), KeyReference.Aes(set), Ours);

    private PacketKeys KeysAt(int at)
    {
        var keys = memory.Read(CellId.OtaKeys);
        return new PacketKeys(
            new SecretKey(keys.Slice(at, KeyLength)), new SecretKey(keys.Slice(at + KeyLength, KeyLength)));
    }

    private ulong Read(byte cell)
    {
        var counter = 0UL;
        foreach (var octet in memory.Read(cell)) counter = (counter << 8) | octet;
        return counter;
    }

    private void Write(byte cell, ulong counter)
    {
        Span<byte> octets = stackalloc byte[PacketCounter.Length];
        for (var i = 0; i < octets.Length; i++) octets[i] = (byte)(counter >> (8 * (octets.Length - 1 - i)));
        using var change = memory.Begin();
        change.Write(cell, octets);
        change.Commit();
    }
}
