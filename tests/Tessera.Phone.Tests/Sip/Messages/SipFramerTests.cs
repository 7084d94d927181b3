using System.Buffers;
using System.Text;
using Tessera.Phone.Sip;
using Tessera.Testing;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Messages;

public class SipFramerTests
{
    private static readonly SipLimits Limits = new() { Message = 200 };

    // CRLF, "A\r\nl : 3\r\n\r\nxyz", CRLF CRLF, "B\r\nContent-Length:0\r\n\r\n", and the first octet of what follows.
    [Theory]
    [WireData("0D0A 410D0A 6C203A20330D0A 0D0A 78797A 0D0A0D0A 420D0A 436F6E74656E742D4C656E6774683A300D0A 0D0A 43")]
    public void Cuts_messages_and_pings_out_of_a_stream(Delivery delivery)
    {
        var buffer = delivery.Octets;
        var text = new StringBuilder();
        FrameResult result;
        while ((result = SipFramer.TryRead(ref buffer, Limits, out var message)) is FrameResult.Message or FrameResult.Ping)
            text.Append(result == FrameResult.Ping ? "ping" : Encoding.ASCII.GetString(message.Span)).Append('|');

        Assert.Equal(FrameResult.Incomplete, result);
        Assert.Equal("A\r\nl : 3\r\n\r\nxyz|ping|B\r\nContent-Length:0\r\n\r\n|", text.ToString());
        Assert.Equal(1, buffer.Length);
    }

    [Theory]
    [InlineData("A\r\n\r\n")]
    [InlineData("A\r\nl: -1\r\n\r\n")]
    [InlineData("A\r\nl: 1\r\nContent-Length: 1\r\n\r\n")]
    [InlineData("A\r\nl: 199\r\n\r\n")]
    [InlineData("A\r\nl: 99999999999\r\n\r\n")]
    public void A_stream_without_a_length_to_trust_is_broken(string text)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(text));

        Assert.Equal(FrameResult.Broken, SipFramer.TryRead(ref buffer, Limits, out _));
    }

    [Fact]
    public void A_header_without_end_is_broken_at_the_limit()
    {
        foreach (var (length, expected) in new[] { (200, FrameResult.Incomplete), (201, FrameResult.Broken) })
        {
            var buffer = new ReadOnlySequence<byte>(new byte[length].Select(_ => (byte)'x').ToArray());
            Assert.Equal(expected, SipFramer.TryRead(ref buffer, Limits, out _));
        }
    }
}
