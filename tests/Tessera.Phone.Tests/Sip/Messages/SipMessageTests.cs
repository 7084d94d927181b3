using System.Text;
using Tessera.Phone.Sip;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Messages;

public class SipMessageTests
{
    private const string Options = """
        OPTIONS sip:bob@192.0.2.1 SIP/2.0
        v: SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKabc;rport
        f: "A, B" <sip:a@192.0.2.2>;tag=1
        t: <sip:bob@192.0.2.1>
        i: call@192.0.2.2
        CSeq: 7 OPTIONS
        m: <sip:a@192.0.2.2:5070>, "x,y" <sip:b@192.0.2.2;x=1>;q=0.5
        Max-Forwards: 70
        l: 0


        """;

    [Fact]
    public void Compact_names_become_long_ones()
    {
        var read = Read(Options);

        Assert.Equal(
            "Via From To Call-ID CSeq Contact Max-Forwards", string.Join(' ', read.Headers.Select(header => header.Name)));
        Assert.Equal(
            "sip:a@192.0.2.2:5070 sip:b@192.0.2.2;x=1", string.Join(' ', read.Contacts.Select(contact => contact.Uri)));
        Assert.Equal(("A, B", "x,y", "0.5"), (read.From.DisplayName, read.Contacts[1].DisplayName, read.Contacts[1].Parameters["q"]));
    }

    [Fact]
    public void Is_written_with_the_length_of_its_body()
    {
        var text = Encoding.UTF8.GetString((Read(Options) with { Body = new(new byte[] { 1, 2, 3 }) }).ToBytes().Span);

        Assert.StartsWith(
            "OPTIONS sip:bob@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKabc;rport\r\nFrom: ",
            text, StringComparison.Ordinal);
        Assert.EndsWith("Max-Forwards: 70\r\nContent-Length: 3\r\n\r\n\u0001\u0002\u0003", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("l: 0", "l: 0\nl: 0", "Content-Length")]
    [InlineData("l: 0", "l: 1", "Content-Length")]
    [InlineData("l: 0", "l: 0x", "Content-Length")]
    [InlineData("l: 0", "l 0", "header")]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 7 BYE", "CSeq")]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 2147483648 OPTIONS", "CSeq")]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 7OPTIONS", "CSeq")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 256", "Max-Forwards")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: -1", "Max-Forwards")]
    [InlineData(";tag=1", ";tag=1;tag=2", "From")]
    [InlineData(";tag=1", ";tag=", "From")]
    [InlineData("\"A, B\"", "\"A, B", "From")]
    [InlineData("\"A, B\"", "A, B", "From")]
    [InlineData("i: call@192.0.2.2", "i: call@@192.0.2.2", "Call-ID")]
    [InlineData("i: call@192.0.2.2", "i: call id", "Call-ID")]
    [InlineData("SIP/2.0/UDP 192", "SIP/2.0/UDP192", "Via")]
    [InlineData(":5070;branch", ":70000;branch", "Via")]
    [InlineData("t: <sip:bob@192.0.2.1>", "t: <sip:bob@192.0.2.1", "To")]
    [InlineData("t: <sip:bob@192.0.2.1>", "t: <sip:bob@192.0.2.1> x", "To")]
    [InlineData("OPTIONS sip", "OPT(IONS sip", "method")]
    public void Is_refused_where_it_is_broken(string whole, string broken, string field)
    {
        Assert.Contains(whole, Options, StringComparison.Ordinal);
        var e = Assert.Throws<SipFormatException>(() => Read(Options.Replace(whole, broken, StringComparison.Ordinal)));

        Assert.Equal((field, SipStatus.BadRequest), (e.Field, e.Status));
        Assert.NotNull(e.Answerable);
    }

    [Fact]
    public void Says_at_which_octet_it_is_broken()
    {
        var text = Options.Replace("call@192.0.2.2", "call id", StringComparison.Ordinal).ReplaceLineEndings("\r\n");
        var e = Assert.Throws<SipFormatException>(() => Read(text));

        Assert.Equal(text.IndexOf("call id", StringComparison.Ordinal) + 5, e.Offset);
    }

    [Fact]
    public void Has_its_limits()
    {
        var limits = new SipLimits { Message = 2_000, Headers = 20, Header = 200, RequestUri = 100, Body = 300 };

        Refused(SipStatus.RequestUriTooLong, Options.Replace("sip:bob@", $"sip:{new string('b', 100)}@", StringComparison.Ordinal));
        Refused(SipStatus.BadRequest, Options.Replace("l: 0", $"X: {new string('x', 200)}\nl: 0", StringComparison.Ordinal));
        Refused(SipStatus.BadRequest, Options.Replace("l: 0", $"{string.Concat(Enumerable.Repeat("X: 1\n", 20))}l: 0", StringComparison.Ordinal));
        Refused(SipStatus.MessageTooLarge, Options.Replace("l: 0", "l: 301", StringComparison.Ordinal) + new string('x', 301));
        Refused(SipStatus.BadRequest, Options + new string('x', 2_000));

        void Refused(SipStatus status, string text) => Assert.Equal(
            status, Assert.Throws<SipFormatException>(() => SipMessage.Read(Octets(text), limits)).Status);
    }

    [Fact]
    public void Octets_behind_a_body_in_a_datagram_are_dropped_and_no_length_means_to_the_end()
    {
        Assert.Equal(0, Read(Options + "garbage").Body.Length);
        Assert.Equal(7, Read(Options.Replace("l: 0\n", "", StringComparison.Ordinal) + "garbage").Body.Length);
    }

    [Fact]
    public void Nobody_slips_in_a_header_by_a_line_break()
    {
        Assert.Throws<ArgumentException>(() => new SipHeader("Subject", "x\r\nEvil: 1"));
        Assert.Throws<ArgumentException>(() => (Read(Options).From with { DisplayName = "x\nEvil: 1" }).ToString());
        var bare = Options.ReplaceLineEndings("\r\n").Replace("7 OPTIONS", "7\rOPTIONS", StringComparison.Ordinal);
        Assert.Throws<SipFormatException>(() => SipMessage.Read(Encoding.UTF8.GetBytes(bare)));
    }

    [Fact]
    public void The_station_a_request_came_from_is_noted_in_its_via()
    {
        var source = System.Net.IPEndPoint.Parse("198.51.100.7:61000");

        Assert.Equal(
            "SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bKabc;rport=61000;received=198.51.100.7",
            Read(Options).Via.ReceivedFrom(source).ToString());
        Assert.Equal(
            "SIP/2.0/UDP host;branch=x;received=198.51.100.7",
            Via.Read("SIP/2.0/UDP host;branch=x", "Via", 0).ReceivedFrom(source).ToString());
        Assert.Equal(
            "SIP/2.0/UDP 198.51.100.7;branch=x",
            Via.Read("SIP/2.0/UDP 198.51.100.7;branch=x", "Via", 0).ReceivedFrom(source).ToString());
    }

    private static SipMessage Read(string text) => SipMessage.Read(Octets(text));

    private static byte[] Octets(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
}
