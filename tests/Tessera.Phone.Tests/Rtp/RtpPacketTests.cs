using Tessera.Phone.Rtp;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Rtp;

public class RtpPacketTests
{
    private const string Plain = "80 88 1234 56789ABC DEF01122 3344";

    [Fact]
    public void A_packet_is_its_header_and_its_payload()
    {
        var packet = new RtpPacket(true, 8, 0x1234, 0x56789ABC, 0xDEF01122, Bytes.FromHex("3344"));

        Assert.Equal(packet, RtpPacket.Read(Bytes.FromHex(Plain)));
        var written = new byte[20];
        Assert.Equal(14, packet.Write(written));
        Assert.Equal(Bytes.FromHex(Plain), new Bytes(written.AsMemory(..14)));
    }

    [Theory]
    [InlineData("82 08 1234 56789ABC DEF01122 11111111 22222222 3344")]
    [InlineData("90 08 1234 56789ABC DEF01122 BEDE0001 10FF0000 3344")]
    [InlineData("A0 08 1234 56789ABC DEF01122 3344 000003")]
    [InlineData("B1 08 1234 56789ABC DEF01122 11111111 BEDE0000 3344 01")]
    public void Sources_mixed_in_extensions_and_padding_are_passed_over(string hex)
    {
        Assert.Equal(Bytes.FromHex("3344"), RtpPacket.Read(Bytes.FromHex(hex)).Payload);

        // Of these octets every one before the payload must be there.
        var octets = Bytes.FromHex(hex);
        for (var length = 0; length < octets.Span.IndexOf<byte>([0x33, 0x44]); length++)
            Assert.Throws<WireFormatException>(() => RtpPacket.Read(new Bytes(octets.Memory[..length])));
    }

    [Theory]
    [InlineData("40 08 1234 56789ABC DEF01122 3344", "V")]
    [InlineData("A0 08 1234 56789ABC DEF01122 3300", "padding")]
    [InlineData("A0 08 1234 56789ABC DEF01122 3303", "padding")]
    [InlineData("A0 08 1234 56789ABC DEF01122", "padding")]
    [InlineData("90 08 1234 56789ABC DEF01122 BEDE0002 10FF0000", "extension")]
    [InlineData("81 08 1234 56789ABC DEF01122 111111", "CSRC")]
    public void What_is_wrong_is_named(string hex, string field) =>
        Assert.Equal(field, Assert.Throws<WireFormatException>(() => RtpPacket.Read(Bytes.FromHex(hex))).Field);

    [Fact]
    public void A_datagram_beyond_every_network_is_refused() =>
        Assert.Throws<WireFormatException>(() => RtpPacket.Read(new Bytes(new byte[1501])));

    [Fact]
    public void Noise_is_a_packet_or_refused_and_nothing_else()
    {
        var random = new Random(2);
        for (var run = 0; run < 50_000; run++)
        {
            var octets = new byte[random.Next(0, 60)];
            random.NextBytes(octets);
            if (octets.Length > 0) octets[0] = (byte)(0x80 | (octets[0] & 0x3F));
            try
            {
                Assert.True(RtpPacket.Read(new Bytes(octets)).Payload.Length <= octets.Length);
            }
            catch (WireFormatException)
            {
                // Refused.
            }
        }
    }
}
