using Tessera.Sms.Packets;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Sms.Tests.Packets;

public class PacketTests
{
    private static readonly CommandHeader Down = new(
        new Spi(Integrity.CryptographicChecksum, true, CounterMode.Higher),
        KeyReference.Aes(1), KeyReference.Aes(1), Tar.Parse("544553"));

    private static readonly CommandHeader Up = Down with { Kic = KeyReference.Aes(2), Kid = KeyReference.Aes(2) };

    [Fact]
    public void Header() => WireFormat.Holds(
        new CommandHeader(
            new Spi(
                Integrity.CryptographicChecksum, true, CounterMode.OneHigher, ProofOfReceipt.OnError,
                Integrity.RedundancyCheck, true, true),
            new KeyReference(0x32), new KeyReference(0x42), new Tar(0x544553)),
        "1E36 32 42 544553");

    [Theory]
    [InlineData("2000")]
    [InlineData("1640")]
    public void Reserved_bits_of_the_SPI_are_refused(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<Spi>());

    [Theory]
    [InlineData(CounterMode.None, 7, 0, CounterVerdict.Accepted)]
    [InlineData(CounterMode.Unchecked, 7, 7, CounterVerdict.Accepted)]
    [InlineData(CounterMode.Higher, 7, 6, CounterVerdict.Low)]
    [InlineData(CounterMode.Higher, 7, 7, CounterVerdict.Low)]
    [InlineData(CounterMode.Higher, 7, 8, CounterVerdict.Accepted)]
    [InlineData(CounterMode.Higher, 7, 900, CounterVerdict.Accepted)]
    [InlineData(CounterMode.Higher, 0xFFFFFFFFFE, 0xFFFFFFFFFF, CounterVerdict.Accepted)]
    [InlineData(CounterMode.Higher, 0xFFFFFFFFFF, 0xFFFFFFFFFF, CounterVerdict.Blocked)]
    [InlineData(CounterMode.OneHigher, 7, 7, CounterVerdict.Low)]
    [InlineData(CounterMode.OneHigher, 7, 8, CounterVerdict.Accepted)]
    [InlineData(CounterMode.OneHigher, 7, 9, CounterVerdict.High)]
    [InlineData(CounterMode.OneHigher, 0xFFFFFFFFFF, 0, CounterVerdict.Blocked)]
    public void Counters(CounterMode mode, ulong stored, ulong received, CounterVerdict verdict) =>
        Assert.Equal(verdict, PacketCounter.Check(mode, stored, received));

    [Fact]
    public void Padding_fills_blocks()
    {
        foreach (var vector in Vectors.Of("Packets", "ota.json", "padding"))
        {
            var cipher = vector.GetProperty("block").GetInt32() switch
            {
                8 => PacketCipher.Des,
                16 => PacketCipher.Aes,
                _ => PacketCipher.None,
            };
            Assert.Equal(
                vector.GetProperty("pcntr").GetInt32(),
                new PacketProtection(cipher, PacketChecksum.None, 0).Padding(vector.GetProperty("length").GetInt32()));
        }
    }

    [Fact]
    public void Checksums_of_another_implementation()
    {
        foreach (var vector in Vectors.Of("Packets", "ota.json", "checksums").Select(each => new Vector(each)))
        {
            using var keys = PacketKeys.OfAnyLength([], vector.Octets("key").Span);
            byte[] message = [.. vector.Octets("header").Span, .. vector.Octets("data").Span];
            var checksum = new byte[8];

            PacketCryptography.Check(message, checksum, new PacketProtection(default, PacketChecksum.Des, 8), keys);
            Assert.Equal(vector.Octets("cc3des2"), Bytes.CopyOf(checksum));
            PacketCryptography.Check(message, checksum, new PacketProtection(default, PacketChecksum.AesCmac, 8), keys);
            Assert.Equal(vector.Octets("ccAes"), Bytes.CopyOf(checksum));
        }
    }

    [Theory]
    [InlineData("0102030405", 0x22EC, 0x470B99F4)]
    [InlineData("0102030405060708", 0x6DD4, 0x3FCA88C5)]
    public void Redundancy_checks(string hex, int crc16, uint crc32)
    {
        Assert.Equal(crc16, Crc.Crc16(Bytes.FromHex(hex).Span));
        Assert.Equal(crc32, Crc.Crc32(Bytes.FromHex(hex).Span));
    }

    [Fact]
    public void Single_DES_MAC_of_FIPS_113()
    {
        var mac = new byte[8];
        DesCipher.Mac(
            Bytes.FromHex("0123456789ABCDEF").Span,
            Bytes.FromHex("37363534333231204E6F77206973207468652074696D6520666F7220").Span, mac);

        Assert.Equal(Bytes.FromHex("F1D30F6849312CA4"), new Bytes(mac));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public void Any_data_comes_back_under_any_key(int keyLength)
    {
        var random = new Random(keyLength);
        for (var length = 0; length < 400; length++)
        {
            using var keys = new PacketKeys(SecretKey.Generate(keyLength), SecretKey.Generate(keyLength));
            var data = new byte[length];
            random.NextBytes(data);
            var packet = new CommandPacket(Down, (ulong)random.NextInt64(1L << 40), new Bytes(data));

            var octets = packet.Wrap(keys);

            Assert.Equal(packet.Header, CommandPacket.ReadHeader(octets.Span));
            Assert.Equal(packet, CommandPacket.Unwrap(octets.Span, keys));
            var proof = new ResponsePacket(
                packet.Header.Tar, packet.Counter, (ResponseStatus)(length % 13), packet.Data,
                Integrity.CryptographicChecksum);
            var asked = Down with { Spi = Bytes.FromHex("1639").Read<Spi>() };
            var sent = proof.Wrap(asked, keys, PacketPolicy.Strict);
            Assert.Equal(proof, ResponsePacket.Unwrap(sent.Span, asked, keys, PacketPolicy.Strict));
        }
    }

    [Fact]
    public void Four_octets_of_checksum_only_where_both_agreed()
    {
        using var keys = new PacketKeys(SecretKey.Generate(), SecretKey.Generate());
        var packet = new CommandPacket(Down, 5, Bytes.FromHex("AABB"));

        var octets = packet.Wrap(keys, PacketPolicy.Short);

        Assert.Equal(0x11, octets.Span[2]);
        Assert.Equal(packet, CommandPacket.Unwrap(octets.Span, keys, PacketPolicy.Short));
        Assert.Throws<WireFormatException>(() => CommandPacket.Unwrap(octets.Span, keys));
        var whole = packet.Wrap(keys);
        Assert.Throws<WireFormatException>(() => CommandPacket.Unwrap(whole.Span, keys, PacketPolicy.Short));
    }

    [Theory]
    [InlineData("0600", 0x12, 0x12)] // no counter
    [InlineData("0E00", 0x12, 0x12)] // a counter that nobody checks
    [InlineData("1400", 0x12, 0x12)] // ciphered without a checksum
    [InlineData("1500", 0x12, 0x15)] // ciphered with a CRC only
    [InlineData("1700", 0x12, 0x12)] // digital signature
    [InlineData("1600", 0x11, 0x11)] // single DES
    [InlineData("1600", 0x15, 0x15)] // triple DES, two keys
    [InlineData("1600", 0x19, 0x12)] // triple DES, three keys
    [InlineData("1600", 0x1D, 0x12)] // DES ECB
    [InlineData("1600", 0x10, 0x12)] // implicit
    [InlineData("1600", 0x13, 0x13)] // proprietary
    [InlineData("1600", 0x12, 0x22)] // two key sets
    public void The_product_makes_no_unsafe_packet(string spi, byte kic, byte kid)
    {
        using var keys = new PacketKeys(SecretKey.Generate(), SecretKey.Generate());
        var header = new CommandHeader(
            Bytes.FromHex(spi).Read<Spi>(), new KeyReference(kic), new KeyReference(kid), default);
        var packet = new CommandPacket(header, 1, Bytes.Empty);

        Assert.Throws<ArgumentException>(() => packet.Wrap(keys));
    }

    [Fact]
    public void A_packet_is_not_taken_under_other_keys_or_sent_back()
    {
        using var down = new PacketKeys(SecretKey.Generate(), SecretKey.Generate());
        using var up = new PacketKeys(SecretKey.Generate(), SecretKey.Generate());
        var octets = new CommandPacket(Down, 5, Bytes.FromHex("AABB")).Wrap(down);

        Assert.Null(CommandPacket.Unwrap(octets.Span, up));
        Assert.NotEqual(Up, CommandPacket.ReadHeader(octets.Span));
        var turned = octets.ToArray();
        turned[5] = turned[6] = 0x22;
        Assert.Null(CommandPacket.Unwrap(turned, down));
        Assert.Null(CommandPacket.Unwrap(turned, up));
    }

    [Fact]
    public void Padding_is_stripped_by_its_count_alone()
    {
        using var keys = PacketKeys.OfAnyLength(new byte[16], new byte[16]);
        foreach (var count in (int[])[5, 6])
        {
            var octets = Bytes.FromHex("0012 0D 0400 12 12 544553 0000000001 00 0102030405").ToArray();
            octets[15] = (byte)count;
            octets[1] = (byte)(octets.Length - 2);
            octets[3] = 0;
            if (count == 5) Assert.Equal(Bytes.Empty, CommandPacket.Unwrap(octets, keys)!.Data);
            else Assert.Throws<WireFormatException>(() => CommandPacket.Unwrap(octets, keys));
        }
    }

    [Fact]
    public void Noise_is_never_taken_and_never_breaks_the_reader()
    {
        var random = new Random(3);
        using var keys = new PacketKeys(SecretKey.Generate(), SecretKey.Generate());
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[random.Next(80)];
            random.NextBytes(octets);
            if (octets.Length > 10 && i % 2 == 0)
                Bytes.FromHex($"00{octets.Length - 2:X2}15160012125445530000").Span[..10].CopyTo(octets);
            try
            {
                var taken = CommandPacket.Unwrap(octets, keys);
                Assert.False(taken is { Header.Spi.Integrity: Integrity.CryptographicChecksum });
            }
            catch (WireFormatException)
            {
                // What noise deserves.
            }
        }
    }

    [Fact]
    public void A_packet_without_its_key_is_not_made()
    {
        using var none = new PacketKeys(null, null);

        Assert.Throws<ArgumentException>(() => new CommandPacket(Down, 1, Bytes.Empty).Wrap(none));
    }

    [Fact]
    public void Counter_and_data_have_limits()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CommandPacket(Down, PacketCounter.Max + 1, Bytes.Empty));
        var tooMuch = new Bytes(new byte[CommandPacket.MaxData + 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CommandPacket(Down, 1, tooMuch));
        using var keys = new PacketKeys(SecretKey.Generate(), SecretKey.Generate());
        var most = new CommandPacket(Down, PacketCounter.Max, new Bytes(new byte[CommandPacket.MaxData]));
        Assert.Equal(most, CommandPacket.Unwrap(most.Wrap(keys).Span, keys));
    }
}
