using System.Net;
using System.Text;
using Tessera.Phone.Sip;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Sdp;

public class SessionDescriptionTests
{
    private const string Offer = """
        v=0
        o=alice 2890844526 2890844527 IN IP4 192.0.2.1
        s=A call
        c=IN IP4 192.0.2.2
        t=0 0
        a=tool:x
        m=audio 49170 RTP/AVP 0 8 97
        c=IN IP6 2001:db8::1
        a=rtpmap:97 iLBC/8000
        a=sendonly
        m=video 51372 RTP/AVP 31

        """;

    [Fact]
    public void Reads_every_field_we_keep()
    {
        var read = Read(Offer);

        Assert.Equal(new SdpOrigin("alice", "2890844526", 2890844527, IPAddress.Parse("192.0.2.1")), read.Origin);
        Assert.Equal(("A call", IPAddress.Parse("192.0.2.2")), (read.Name, read.Connection));
        Assert.Equal([new AttributeField("tool", "x")], read.Attributes);
        Assert.Equal(
            [
                new MediaDescription("audio", 49170, "RTP/AVP", ["0", "8", "97"])
                {
                    Connection = IPAddress.Parse("2001:db8::1"),
                    Attributes = [new AttributeField("rtpmap", "97 iLBC/8000"), new AttributeField("sendonly")],
                },
                new MediaDescription("video", 51372, "RTP/AVP", ["31"]),
            ],
            read.Media);
    }

    [Fact]
    public void What_is_written_is_read_again() =>
        Assert.Equal(Read(Offer), SessionDescription.Read(Read(Offer).ToBytes().Span));

    [Fact]
    public void Lines_may_end_with_a_line_feed_alone() =>
        Assert.Equal(Read(Offer), SessionDescription.Read(Encoding.UTF8.GetBytes(Offer)));

    [Theory]
    [InlineData("v=0", "v=1")]
    [InlineData("o=alice 2890844526 2890844527 IN IP4 192.0.2.1", "o=alice 1 IN IP4 192.0.2.1")]
    [InlineData("o=alice 2890844526", "o=alice -1 -1")]
    [InlineData("s=A call\n", "")]
    [InlineData("t=0 0\n", "")]
    [InlineData("c=IN IP4 192.0.2.2", "c=IN IP4 2001:db8::1")]
    [InlineData("c=IN IP4 192.0.2.2", "c=ATM IP4 192.0.2.2")]
    [InlineData("c=IN IP4 192.0.2.2", "c=IN IP5 192.0.2.2")]
    [InlineData("c=IN IP4 192.0.2.2\n", "")]
    [InlineData("m=audio 49170", "m=audio 99999")]
    [InlineData("m=video 51372 RTP/AVP 31", "m=video 51372 RTP/AVP")]
    [InlineData("a=tool:x", "a=:x")]
    [InlineData("a=tool:x", "q=1")]
    [InlineData("a=tool:x", "tool")]
    [InlineData("a=tool:x", "a=to\rol")]
    public void Refuses_what_is_broken(string whole, string broken)
    {
        Assert.Contains(whole, Offer, StringComparison.Ordinal);
        Assert.Throws<WireFormatException>(() => Read(Offer.Replace(whole, broken, StringComparison.Ordinal)));
    }

    [Fact]
    public void Says_where_it_is_broken()
    {
        var e = Assert.Throws<WireFormatException>(() => SessionDescription.Read("v=0\r\no=- x 1 IN IP4 1.2.3.4\r\ns\r\n"u8));

        Assert.Equal(("SDP line", 29), (e.Field, e.Offset));
    }

    [Fact]
    public void Takes_no_endless_list()
    {
        Assert.Throws<WireFormatException>(() => Read(Offer + string.Concat(Enumerable.Repeat("a=x\n", 200))));
        Assert.Throws<WireFormatException>(() => Read(Offer + string.Concat(Enumerable.Repeat("m=video 0 RTP/AVP 31\n", 20))));
    }

    [Fact]
    public void Noise_and_truncation_are_refused_and_nothing_worse()
    {
        var octets = Encoding.UTF8.GetBytes(Offer);
        var random = new Random(1);
        for (var length = 0; length < octets.Length; length++) ReadOrRefuse(octets[..length]);
        for (var i = 0; i < 3000; i++)
        {
            var noisy = octets.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--) noisy[random.Next(noisy.Length)] = (byte)random.Next(256);
            ReadOrRefuse(noisy);
        }
    }

    private static void ReadOrRefuse(byte[] octets)
    {
        SessionDescription read;
        try
        {
            read = SessionDescription.Read(octets);
        }
        catch (WireFormatException)
        {
            return;
        }

        Assert.Equal(read.ToBytes(), SessionDescription.Read(read.ToBytes().Span).ToBytes());
    }

    private static SessionDescription Read(string text) =>
        SessionDescription.Read(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));
}
