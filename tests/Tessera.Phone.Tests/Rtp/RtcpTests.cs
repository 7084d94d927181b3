using Tessera.Phone.Rtp;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Rtp;

public class RtcpTests
{
    private static readonly ReceptionReport Block = new(
        0x11223344, 0x55, -2, 0x00016677, 0x00000089, 0xAABBCCDD, 0x0000EEFF);

    private const string BlockHex = "11223344 55FFFFFE 00016677 00000089 AABBCCDD 0000EEFF";

    [Fact]
    public void A_report_block_says_what_was_lost() => WireFormat.Holds(Block, BlockHex);

    [Fact]
    public void A_sender_report_says_what_was_sent_and_heard() => WireFormat.Holds<RtcpPacket>(
        new SenderReport(0xA1A2A3A4, 0xB1B2B3B4C1C2C3C4, 0xD1D2D3D4, 0xE1E2E3E4, 0xF1F2F3F4, [Block]),
        $"81C8000C A1A2A3A4 B1B2B3B4C1C2C3C4 D1D2D3D4 E1E2E3E4 F1F2F3F4 {BlockHex}");

    [Fact]
    public void A_receiver_report_says_what_was_heard()
    {
        WireFormat.Holds<RtcpPacket>(new ReceiverReport(0xA1A2A3A4, [Block]), $"81C90007 A1A2A3A4 {BlockHex}");
        WireFormat.Holds<RtcpPacket>(new ReceiverReport(0xA1A2A3A4, []), "80C90001 A1A2A3A4");
    }

    [Fact]
    public void A_description_names_the_source() => WireFormat.Holds<RtcpPacket>(
        new SourceDescription(0xA1A2A3A4, "a@b"), "81CA0003 A1A2A3A4 01 03 614062 00 0000");

    [Fact]
    public void Goodbye_names_who_ends_and_why()
    {
        WireFormat.Holds<RtcpPacket>(new Goodbye(0xA1A2A3A4, "end"), "81CB0002 A1A2A3A4 03 656E64");
        WireFormat.Holds<RtcpPacket>(new Goodbye(0xA1A2A3A4, ""), "81CB0001 A1A2A3A4");
    }

    [Fact]
    public void A_type_of_others_is_passed_over() => WireFormat.Holds<RtcpPacket>(
        new OtherRtcpPacket(204, 3, Bytes.FromHex("A1A2A3A4 41424344")), "83CC0002 A1A2A3A4 41424344");

    [Fact]
    public void What_a_profile_adds_behind_the_reports_is_passed_over() =>
        Assert.Equal(
            new ReceiverReport(0xA1A2A3A4, []), Bytes.FromHex("80C90002 A1A2A3A4 01020304").Read<RtcpPacket>());

    [Theory]
    [InlineData("40C90001 A1A2A3A4", "V")]
    [InlineData("A0C90001 A1A2A3A4", "P")]
    [InlineData("81C90001 A1A2A3A4", "SSRC")]
    [InlineData("80CA0001 A1A2A3A4", "SC")]
    [InlineData("81CA0002 A1A2A3A4 01FF6162", "item text")]
    [InlineData("82CB0001 A1A2A3A4", "SSRC")]
    [InlineData("81CB0002 A1A2A3A4 04616263", "reason")]
    public void What_is_wrong_is_named(string hex, string field)
    {
        var error = Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<RtcpPacket>());
        Assert.Equal(field, error.Field);
    }

    [Fact]
    public void A_datagram_begins_with_a_report()
    {
        var compound = new RtcpCompound([new ReceiverReport(1, []), new SourceDescription(1, "a"), new Goodbye(1, "")]);

        Assert.Equal(compound, RtcpCompound.Read(compound.ToBytes().Span));
        Assert.Throws<WireFormatException>(() => RtcpCompound.Read(Bytes.FromHex("81CB0001 A1A2A3A4").Span));
        Assert.Throws<WireFormatException>(() => RtcpCompound.Read([]));
        Assert.Throws<WireFormatException>(() => RtcpCompound.Read(Bytes.FromHex("80C90001 A1A2A3A4 80").Span));
        Assert.Throws<WireFormatException>(() => RtcpCompound.Read(new byte[1504]));
    }

    [Fact]
    public void Noise_is_a_packet_or_refused_and_nothing_else()
    {
        var random = new Random(3);
        for (var run = 0; run < 50_000; run++)
        {
            var octets = new byte[random.Next(0, 20) * 4];
            random.NextBytes(octets);
            if (octets.Length > 0)
                (octets[0], octets[1], octets[2], octets[3]) =
                    ((byte)(0x80 | (octets[0] & 7)), (byte)random.Next(199, 206), 0, (byte)((octets.Length / 4) - 1));
            try
            {
                Assert.NotEmpty(RtcpCompound.Read(octets).Packets);
            }
            catch (WireFormatException)
            {
                // Refused.
            }
        }
    }
}
