using System.Net;
using System.Text;
using Tessera.Phone.Sip;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Torture;

/// <summary>RFC 4475: an endpoint with a registrar gets every message, as a datagram.</summary>
public sealed class TortureTests
{
    [Theory]
    [InlineData("wsinv", 481)]
    [InlineData("intmeth", 501)]
    [InlineData("esc01", 100)]
    [InlineData("escnull", 401)]
    [InlineData("esc02", 501)]
    [InlineData("lwsdisp", 200)]
    [InlineData("longreq", 100)]
    [InlineData("dblreq", 401)]
    [InlineData("semiuri", 200)]
    [InlineData("transports", 200)]
    [InlineData("mpart01", 405)]
    [InlineData("badinv01", 400)]
    [InlineData("clerr", 400)]
    [InlineData("ncl", 400)]
    [InlineData("scalar02", 400)]
    [InlineData("quotbal", 400)]
    [InlineData("ltgtruri", 400)]
    [InlineData("lwsruri", 400)]
    [InlineData("lwsstart", 400)]
    [InlineData("trws", 400)]
    [InlineData("escruri", 400)]
    [InlineData("baddate", 100)]
    [InlineData("regbadct", 400)]
    [InlineData("badaspec", 400)]
    [InlineData("baddn", 400)]
    [InlineData("badvers", 505)]
    [InlineData("mismatch01", 400)]
    [InlineData("mismatch02", 400)]
    [InlineData("badbranch", 200)]
    [InlineData("insuf", 400)]
    [InlineData("unkscm", 416)]
    [InlineData("novelsc", 416)]
    [InlineData("unksm2", 400)]
    [InlineData("bext01", 420)]
    [InlineData("invut", 415)]
    [InlineData("regaut01", 401)]
    [InlineData("multi01", 400)]
    [InlineData("mcl01", 400)]
    [InlineData("zeromf", 200)]
    [InlineData("cparam01", 401)]
    [InlineData("cparam02", 401)]
    [InlineData("regescrt", 401)]
    [InlineData("sdp01", 406)]
    [InlineData("inv2543", 400)]
    public void A_request_is_answered_as_it_should_be(string name, int status)
    {
        var line = Assert.Single(Exchange(name).StartLines);

        Assert.StartsWith($"SIP/2.0 {status} ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unreason")]
    [InlineData("noreason")]
    [InlineData("scalarlg")]
    [InlineData("bigcode")]
    [InlineData("bcast")]
    public void A_response_to_nothing_of_ours_is_dropped(string name) => Assert.Empty(Exchange(name).StartLines);

    [Fact]
    public void Every_message_is_in_one_of_these_lists() => Assert.Equal(49, TortureMessages.Names.Count());

    [Fact]
    public void What_is_refused_says_what_it_should()
    {
        Assert.Equal(
            "nothingSupportsThis, nothingSupportsThisEither", Assert.Single(Exchange("bext01").Received).Headers["Unsupported"]);
        Assert.Equal("application/sdp", Assert.Single(Exchange("invut").Received).Headers["Accept"]);
        Assert.Contains("INVITE", Assert.Single(Exchange("intmeth").Received).Headers["Allow"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_tortuous_invite_is_read_whole()
    {
        var invite = Assert.IsType<SipRequest>(SipMessage.Read(TortureMessages.Octets("wsinv")));

        Assert.Equal("sip:vivekg@chair-dnrc.example.com;unknownparam", invite.Uri.ToString());
        Assert.Equal("1918181833n", invite.To.Tag);
        Assert.Equal(("J Rosenberg \\\"", "98asjd8"), (invite.From.DisplayName, invite.From.Tag));
        Assert.Equal((68, new CSeq(9, "INVITE"), "wsinv.ndaksdj@192.0.2.1"), (invite.MaxForwards, invite.CSeq, invite.CallId));
        Assert.Equal(
            [("UDP", "192.0.2.2", "390skdjuw"), ("TCP", "spindle.example.com", "z9hG4bK9ikj8"), ("UDP", "192.168.255.111", "z9hG4bK30239")],
            invite.Vias.Select(via => (via.Transport, via.Host, via.Branch)));
        Assert.Equal("newfangled value continued newfangled value", invite.Headers["NewFangledHeader"]);
        Assert.Equal(";;,,;;,;", invite.Headers["UnknownHeaderWithUnusualValue"]);
        Assert.Equal(("Subject", ""), (invite.Headers.Find("Subject")!.Name, invite.Headers["subject"]));
        Assert.True(Assert.Single(invite.Routes).Uri.IsLoose);
        var contact = Assert.Single(invite.Contacts);
        Assert.Equal(("Quoted string \"\"", "newvalue", "0.33"), (contact.DisplayName, contact.Parameters["newparam"], contact.Parameters["q"]));
        Assert.True(contact.Parameters.Contains("secondparam"));
        Assert.Equal(IPAddress.Parse("192.0.2.3"), SessionDescription.Read(invite.Body.Span).Connection);
    }

    [Fact]
    public void Unusual_characters_stay_what_they_are()
    {
        var request = Assert.IsType<SipRequest>(SipMessage.Read(TortureMessages.Octets("intmeth")));

        Assert.Equal("!interesting-Method0123456789_*+`.%indeed'~", request.Method);
        Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", request.Uri.User);
        Assert.Equal("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)", request.Uri.Password);
        Assert.Equal("BEL:\a NUL:\0 DEL:\x7F", request.To.DisplayName);
        Assert.Equal("token1~` token2'+_ token3*%!.-", request.From.DisplayName);
        Assert.Equal("работающий", request.From.Parameters["fromParam''~+*_!.-%"]);
        Assert.Equal("大停電", request.Headers["extensionHeader-!.%*+_`'~"]);
    }

    [Fact]
    public void Reasons_may_be_of_any_script_or_missing()
    {
        Assert.Equal(
            "= 2**3 * 5**2 но сто девяносто девять - простое",
            ((SipResponse)SipMessage.Read(TortureMessages.Octets("unreason"))).Reason);
        Assert.Equal("", ((SipResponse)SipMessage.Read(TortureMessages.Octets("noreason"))).Reason);
    }

    [Fact]
    public void A_parameter_belongs_to_the_contact_or_to_its_uri()
    {
        var (bare, bracketed) = (SipMessage.Read(TortureMessages.Octets("cparam01")), SipMessage.Read(TortureMessages.Octets("cparam02")));

        Assert.Empty(Assert.Single(bare.Contacts).Uri.Parameters);
        Assert.Empty(Assert.Single(bracketed.Contacts).Parameters);
        Assert.True(bare.Contacts[0].Parameters.Contains("unknownparam"));
        Assert.True(bracketed.Contacts[0].Uri.Parameters.Contains("unknownparam"));
    }

    [Fact]
    public void What_is_read_is_written_and_read_again()
    {
        foreach (var name in TortureMessages.Names)
        {
            if (ReadOrNull(TortureMessages.Octets(name)) is not { } message) continue;
            Assert.Equal(message, SipMessage.Read(message.ToBytes().Span));
        }
    }

    [Fact]
    public void Cut_or_spoilt_they_are_refused_and_nothing_worse()
    {
        var random = new Random(4475);
        foreach (var octets in TortureMessages.Names.Select(TortureMessages.Octets))
        {
            for (var length = 0; length < octets.Length; length += random.Next(1, 16)) ReadOrNull(octets[..length]);
            for (var i = 0; i < 60; i++)
            {
                var noisy = octets.ToArray();
                for (var n = random.Next(1, 6); n > 0; n--) noisy[random.Next(noisy.Length)] = (byte)random.Next(256);
                if (ReadOrNull(noisy) is { } read) Assert.Equal(read, SipMessage.Read(read.ToBytes().Span));
            }
        }
    }

    [Fact]
    public void An_endpoint_lives_through_all_of_them_spoilt()
    {
        var random = new Random(3261);
        var network = new MemoryNetwork(new ManualTime());
        var endpoint = Listening(network);
        var peer = network.AddPeer("192.0.2.50:5060");
        foreach (var octets in TortureMessages.Names.Select(TortureMessages.Octets))
        {
            for (var i = 0; i < 20; i++)
            {
                var noisy = octets.ToArray();
                for (var n = random.Next(0, 4); n > 0; n--) noisy[random.Next(noisy.Length)] = (byte)random.Next(256);
                network.Carry(new Bytes(noisy), IPEndPoint.Parse("192.0.2.50:5060"), endpoint.Address);
                network.Run(1);
            }
        }

        network.Run(300);
        Assert.Equal(0, endpoint.Layer.Count);
        peer.Send(endpoint, Encoding.UTF8.GetString(TortureMessages.Octets("zeromf")));
        Assert.Equal(SipStatus.Ok, peer.LastResponse.Status);
    }

    private static RawPeer Exchange(string name)
    {
        var network = new MemoryNetwork(new ManualTime());
        var endpoint = Listening(network);
        var peer = network.AddPeer("192.0.2.50:5060");
        _ = network.AddPeer("192.0.2.50:5070");
        network.Carry(new Bytes(TortureMessages.Octets(name)), IPEndPoint.Parse("192.0.2.50:5060"), endpoint.Address);
        network.Run();
        return peer;
    }

    private static SipEndpoint Listening(MemoryNetwork network) => network.Add("192.0.2.99:5060", new SipEndpointOptions
    {
        Registrar = new SipRegistrarOptions { Realm = "test", PasswordOf = _ => null },
    });

    private static SipMessage? ReadOrNull(byte[] octets)
    {
        try
        {
            return SipMessage.Read(octets);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
