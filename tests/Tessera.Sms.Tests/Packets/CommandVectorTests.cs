using System.Globalization;
using Tessera.Sms.Packets;
using Tessera.Wire;
using Xunit;

namespace Tessera.Sms.Tests.Packets;

/// <summary>Command packets of public test suites and real cards, wrapped and opened.</summary>
public class CommandVectorTests
{
    public static IEnumerable<ITheoryDataRow> All => Vectors.Rows("Packets", "ota.json", "commands");

    [Theory]
    [MemberData(nameof(All))]
    public void Wraps(Vector vector)
    {
        using var keys = Keys(vector);

        Assert.Equal(vector.Octets("packet"), Packet(vector).Wrap(keys, PacketPolicy.Legacy));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Opens(Vector vector)
    {
        using var keys = Keys(vector);
        var octets = vector.Octets("packet").Span;

        var opened = CommandPacket.Open(octets, keys, PacketPolicy.Legacy);

        Assert.Equal(Packet(vector), CommandPacket.Unwrap(octets, keys, PacketPolicy.Legacy));
        Assert.Equal(vector.Number("pcntr"), opened.PaddingCounter);
        Assert.Equal(vector.Text("cc").Length == 0 ? IntegrityVerdict.None : IntegrityVerdict.Ok, opened.Integrity);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_flipped_bit_never_passes_a_check(Vector vector)
    {
        using var keys = Keys(vector);
        var packet = vector.Octets("packet").ToArray();
        if (vector.Text("cc").Length == 0) return;
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Taken(packet, keys) is { Header.Spi.Integrity: not Integrity.None }, $"bit {bit}");
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_product_takes_what_is_safe_and_no_more(Vector vector)
    {
        using var keys = Keys(vector);
        var header = Packet(vector).Header;
        var safe = header.Spi is { Integrity: Integrity.None, Ciphered: false } or
        { Integrity: Integrity.CryptographicChecksum, Counter: CounterMode.Higher or CounterMode.OneHigher }
            && header.Kid.Algorithm is 2 or 0;

        if (safe)
        {
            Assert.Equal(vector.Octets("packet"), Packet(vector).Wrap(keys));
            Assert.Equal(Packet(vector), CommandPacket.Unwrap(vector.Octets("packet").Span, keys));
        }
        else
        {
            Assert.Throws<ArgumentException>(() => Packet(vector).Wrap(keys));
            Assert.Throws<WireFormatException>(() => CommandPacket.Unwrap(vector.Octets("packet").Span, keys));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_truncation_and_one_octet_too_many_are_refused(Vector vector)
    {
        using var keys = Keys(vector);
        var packet = vector.Octets("packet").ToArray();

        for (var length = 0; length < packet.Length; length++)
            Assert.Throws<WireFormatException>(
                () => CommandPacket.Unwrap(packet.AsSpan(..length), keys, PacketPolicy.Legacy));
        Assert.Throws<WireFormatException>(() => CommandPacket.Unwrap([.. packet, 0], keys, PacketPolicy.Legacy));
    }

    private static CommandPacket? Taken(ReadOnlySpan<byte> packet, PacketKeys keys)
    {
        try
        {
            return CommandPacket.Unwrap(packet, keys, PacketPolicy.Legacy);
        }
        catch (WireFormatException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            // It asked for an algorithm whose key the owner does not have.
            return null;
        }
    }

    private static CommandPacket Packet(Vector vector) => new(
        new CommandHeader(
            vector.Octets("spi").Read<Spi>(), new KeyReference(vector.Octet("kic")),
            new KeyReference(vector.Octet("kid")), Tar.Parse(vector.Text("tar"))),
        ulong.Parse(vector.Text("cntr"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        vector.Octets("data"));

    private static PacketKeys Keys(Vector vector) =>
        PacketKeys.OfAnyLength(vector.Octets("kicKey").Span, vector.Octets("kidKey").Span);
}
