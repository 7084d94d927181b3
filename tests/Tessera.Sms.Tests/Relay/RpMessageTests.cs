using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Tessera.Wire;
using Xunit;

namespace Tessera.Sms.Tests.Relay;

public class RpMessageTests
{
    private static readonly Address Centre = Address.Parse("+3312345678");
    private static readonly Bytes Tpdu = Bytes.FromHex("B1B2B3");

    [Fact]
    public void Data_to_the_centre() =>
        Holds(new RpData(Direction.ToCentre, 0xA5, Centre, Tpdu), "00 A5 00 06913321436587 03 B1B2B3");

    [Fact]
    public void Data_to_the_mobile() =>
        Holds(new RpData(Direction.ToMobile, 0xA5, Centre, Tpdu), "01 A5 06913321436587 00 03 B1B2B3");

    [Fact]
    public void Data_without_a_centre() =>
        Holds(new RpData(Direction.ToCentre, 0xA5, null, Tpdu), "00 A5 00 00 03 B1B2B3");

    [Fact]
    public void Data_of_a_centre_with_an_odd_number() => Holds(
        new RpData(Direction.ToMobile, 0xA5, Address.Parse("12345"), Tpdu), "01 A5 04812143F5 00 03 B1B2B3");

    [Fact]
    public void Ack() => Holds(new RpAck(Direction.ToCentre, 0xA5), "02 A5");

    [Fact]
    public void Ack_with_a_report()
    {
        Holds(new RpAck(Direction.ToCentre, 0xA5, Tpdu), "02 A5 41 03 B1B2B3", shortest: 2);
        Holds(new RpAck(Direction.ToMobile, 0xA5, Tpdu), "03 A5 41 03 B1B2B3", shortest: 2);
    }

    [Fact]
    public void Error()
    {
        Holds(new RpError(Direction.ToMobile, 0xA5, RpCause.TemporaryFailure), "05 A5 01 29");
        Holds(new RpError(Direction.ToCentre, 0xA5, RpCause.MemoryCapacityExceeded, 0x17), "04 A5 02 16 17");
    }

    [Fact]
    public void Error_with_a_report() => Holds(
        new RpError(Direction.ToCentre, 0xA5, RpCause.ProtocolError, null, Tpdu),
        "04 A5 01 6F 41 03 B1B2B3", shortest: 4);

    [Fact]
    public void Smma() => Holds(new RpSmma(0xA5), "06 A5");

    [Theory]
    [InlineData("07 A5")] // RP-SMMA to the mobile
    [InlineData("00 A5 06913321436587 00 03 B1B2B3")] // a mobile with an address
    [InlineData("01 A5 00 06913321436587 03 B1B2B3")]
    [InlineData("01 A5 0D91332143658733214365873321 00 03 B1B2B3")] // an address too long
    [InlineData("02 A5 42 03 B1B2B3")] // another element
    [InlineData("04 A5 00")] // no cause
    [InlineData("04 A5 03 290000")]
    public void Refuses(string hex) =>
        Assert.Throws<WireFormatException>(() => RpMessage.Read(Bytes.FromHex(hex).Span));

    [Fact]
    public void A_TPDU_has_a_limit()
    {
        var most = new RpAck(Direction.ToCentre, 0xA5, new Bytes(new byte[232]));

        Assert.Equal(most, RpMessage.Read(most.ToBytes().Span));
        Assert.Throws<ArgumentOutOfRangeException>(() => (most with { Tpdu = new Bytes(new byte[233]) }).ToBytes());
        Assert.Throws<WireFormatException>(() => RpMessage.Read([0x02, 0xA5, 0x41, 0xE9, .. new byte[0xE9]]));
    }

    [Fact]
    public void Noise_is_refused_or_read_as_what_can_be_written()
    {
        var random = new Random(7);
        for (var i = 0; i < 50_000; i++)
        {
            var octets = new byte[random.Next(20)];
            random.NextBytes(octets);
            if (octets.Length > 3 && i % 2 == 0) (octets[0], octets[2], octets[3]) = ((byte)(i % 7), (byte)(i % 3), 2);
            try
            {
                var message = RpMessage.Read(octets);
                Assert.Equal(message, RpMessage.Read(message.ToBytes().Span));
            }
            catch (WireFormatException)
            {
                // What noise deserves.
            }
        }
    }

    private static void Holds(RpMessage message, string hex, int shortest = -1)
    {
        var octets = Bytes.FromHex(hex);
        Assert.Equal(octets, message.ToBytes());
        Assert.Equal(message, RpMessage.Read(octets.Span));
        for (var length = 0; length < octets.Length; length++)
        {
            if (length == shortest) Assert.NotEqual(message, RpMessage.Read(octets.Span[..length]));
            else Assert.Throws<WireFormatException>(() => RpMessage.Read(octets.Span[..length]));
        }

        Assert.Throws<WireFormatException>(() => RpMessage.Read([.. octets.Span, 0x00]));
    }
}
