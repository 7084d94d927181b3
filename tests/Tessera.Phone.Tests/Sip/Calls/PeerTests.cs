using System.Net;
using System.Text;
using Tessera.Phone.Sip;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Calls;

/// <summary>An endpoint and a peer of which the test writes every message.</summary>
public sealed class PeerTests
{
    private const string Sdp =
        "v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP 0\r\n";

    private static readonly LocalAudio Ours = new(IPEndPoint.Parse("192.0.2.1:4000"));

    private readonly MemoryNetwork _network = new(new ManualTime());
    private readonly SipEndpoint _endpoint;
    private readonly RawPeer _peer;

    public PeerTests()
    {
        _endpoint = _network.Add("192.0.2.1:5060");
        _peer = _network.AddPeer("192.0.2.2:5060");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_without_an_offer_gets_ours_and_answers_in_its_ack()
    {
        _peer.Send(_endpoint, Request("INVITE", 1));
        var call = Incoming();
        Assert.Null(call.Offer);
        _ = call.AcceptAsync(Ours, Cancel);
        _network.Run();
        var ok = _peer.LastResponse;
        Assert.Equal(["0", "8", "101"], SessionDescription.Read(ok.Body.Span).Media[0].Formats);

        _peer.Send(_endpoint, Within(ok, "ACK", 1).With(Octets(Sdp), "application/sdp"));

        Assert.Equal((AudioCodec.Pcmu, 5000), ((await call.Answered)!.Codec, call.Audio!.Remote.Port));
    }

    [Fact]
    public async Task An_ack_without_the_answer_we_wait_for_ends_the_call()
    {
        _peer.Send(_endpoint, Request("INVITE", 1));
        var call = Incoming();
        _ = call.AcceptAsync(Ours, Cancel);
        _network.Run();

        _peer.Send(_endpoint, Within(_peer.LastResponse, "ACK", 1));

        Assert.Equal(CallEndReason.NoAudio, (await call.Ended).Reason);
        Assert.Equal("BYE", _peer.LastRequest.Method);
    }

    [Theory]
    [InlineData("INFO", 405)]
    [InlineData("UPDATE", 405)]
    [InlineData("PRACK", 405)]
    [InlineData("REFER", 405)]
    [InlineData("REGISTER", 405)]
    [InlineData("BYE", 481)]
    [InlineData("CANCEL", 481)]
    [InlineData("OPTIONS", 200)]
    [InlineData("FOO", 501)]
    public void A_request_outside_a_call_gets_its_status(string method, int status)
    {
        _peer.Send(_endpoint, Request(method, 1));

        Assert.Equal(status, (int)_peer.LastResponse.Status);
        if (status == 405) Assert.Equal("INVITE, ACK, CANCEL, BYE, OPTIONS", _peer.LastResponse.Headers["Allow"]);
    }

    [Theory]
    [InlineData("INFO", 405)]
    [InlineData("UPDATE", 405)]
    [InlineData("PRACK", 405)]
    [InlineData("OPTIONS", 200)]
    [InlineData("BYE", 200)]
    public void A_request_inside_a_call_gets_its_status(string method, int status)
    {
        var (_, ok) = Established();

        _peer.Send(_endpoint, Within(ok, method, 2));

        Assert.Equal(status, (int)_peer.LastResponse.Status);
    }

    [Fact]
    public void An_extension_that_is_required_is_refused_by_name()
    {
        _peer.Send(_endpoint, Request("INVITE", 1, new SipHeader("Require", "100rel, timer")));

        Assert.Equal((SipStatus.BadExtension, "100rel, timer"), (_peer.LastResponse.Status, _peer.LastResponse.Headers["Unsupported"]));
        Assert.False(_endpoint.Calls.TryRead(out _));
    }

    [Fact]
    public void The_same_call_on_two_ways_is_one_call()
    {
        _peer.Send(_endpoint, Request("INVITE", 1));
        _peer.Send(_endpoint, Request("INVITE", 1, branch: "other"));

        Assert.Equal(SipStatus.LoopDetected, _peer.LastResponse.Status);
        Assert.True(_endpoint.Calls.TryRead(out _));
        Assert.False(_endpoint.Calls.TryRead(out _));
    }

    [Fact]
    public async Task A_call_of_ours_that_comes_back_is_a_loop()
    {
        var call = await _endpoint.CallAsync(SipUri.Parse("sip:x@192.0.2.2"), Ours, options: null, Cancel);
        _network.Run();
        var invite = _peer.LastRequest;

        _peer.Send(_endpoint, invite with
        {
            Headers = [new("Via", "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKproxy"), .. invite.Headers],
        });

        Assert.Equal(SipStatus.LoopDetected, _peer.LastResponse.Status);
        Assert.Equal(CallState.Calling, call.State);
    }

    [Fact]
    public void An_invite_that_comes_again_is_the_same_one()
    {
        for (var i = 0; i < 3; i++) _peer.Send(_endpoint, Request("INVITE", 1));

        Assert.Equal(3, _peer.Received.Count(message => message is SipResponse { Status: SipStatus.Trying }));
        Assert.True(_endpoint.Calls.TryRead(out _));
        Assert.False(_endpoint.Calls.TryRead(out _));
    }

    [Fact]
    public void A_final_refusal_is_repeated_until_its_ack()
    {
        _peer.Send(_endpoint, Request("INVITE", 1));
        Incoming().Reject(SipStatus.Decline);
        _network.Run(10);
        var refusals = _peer.Received.Count(message => message is SipResponse { Status: SipStatus.Decline });
        Assert.Equal(5, refusals);

        _peer.Send(_endpoint, Within(_peer.LastResponse, "ACK", 1, branch: "branch"));
        _network.Run(60);

        Assert.Equal(refusals, _peer.Received.Count(message => message is SipResponse { Status: SipStatus.Decline }));
        Assert.Equal(0, _endpoint.Layer.Count);
    }

    [Fact]
    public void A_request_out_of_order_is_refused()
    {
        var (call, ok) = Established();
        _peer.Send(_endpoint, Within(ok, "OPTIONS", 7));
        _peer.Send(_endpoint, Within(ok, "BYE", 6));

        Assert.Equal((SipStatus.ServerInternalError, CallState.Established), (_peer.LastResponse.Status, call.State));
    }

    [Fact]
    public async Task Every_branch_that_answers_a_call_is_acknowledged_and_only_the_first_stands()
    {
        var call = await _endpoint.CallAsync(SipUri.Parse("sip:x@192.0.2.2"), Ours, options: null, Cancel);
        _network.Run();
        var invite = _peer.LastRequest;
        _peer.AnswerOk(_endpoint, invite, "one");
        _peer.AnswerOk(_endpoint, invite, "two");
        _peer.AnswerOk(_endpoint, invite, "one");

        var sent = _peer.Received.OfType<SipRequest>().Skip(1).Select(request => (request.Method, request.To.Tag));
        Assert.Equal([("ACK", "one"), ("ACK", "two"), ("BYE", "two"), ("ACK", "one")], sent);
        Assert.Equal(CallState.Established, call.State);
    }

    [Fact]
    public async Task A_call_follows_the_route_that_the_proxies_recorded()
    {
        var call = await _endpoint.CallAsync(SipUri.Parse("sip:x@192.0.2.2"), Ours, options: null, Cancel);
        _network.Run();
        var ok = _peer.LastRequest.Response(
            SipStatus.Ok, "t", new("Contact", "<sip:there@192.0.2.77>"),
            new("Record-Route", "<sip:192.0.2.3;lr>, <sip:192.0.2.2;lr>")).With(_peer.LastRequest.Body, "application/sdp");
        _peer.Send(_endpoint, ok);

        Assert.Equal(("ACK", "sip:there@192.0.2.77"), (_peer.LastRequest.Method, _peer.LastRequest.Uri.ToString()));
        Assert.Equal(
            "sip:192.0.2.2;lr sip:192.0.2.3;lr", string.Join(' ', _peer.LastRequest.Routes.Select(route => route.Uri)));

        _ = call.HangUpAsync(Cancel);
        _network.Run();
        Assert.Equal(("BYE", 2), (_peer.LastRequest.Method, _peer.LastRequest.Routes.Count));
    }

    [Theory]
    [InlineData("<sip:there@192.0.2.2;transport=tls>")]
    [InlineData("<sip:there@[2001:db8::1]>")]
    [InlineData("<sip:there@nowhere.example>")]
    [InlineData("<tel:+331>")]
    public async Task A_contact_that_we_cannot_reach_is_looked_for_where_its_messages_came_from(string contact)
    {
        var call = await _endpoint.CallAsync(SipUri.Parse("sip:x@192.0.2.2"), Ours, options: null, Cancel);
        _network.Run();
        _peer.Send(_endpoint, _peer.LastRequest.Response(SipStatus.Ok, "t", new SipHeader("Contact", contact))
            .With(_peer.LastRequest.Body, "application/sdp"));
        Assert.Equal(("ACK", CallState.Established), (_peer.LastRequest.Method, call.State));

        _ = call.HangUpAsync(Cancel);
        _network.Run();
        Assert.Equal("BYE", _peer.LastRequest.Method);
    }

    [Fact]
    public void A_call_lives_through_what_is_spoilt_or_is_ended_by_it()
    {
        var random = new Random(3264);
        for (var i = 0; i < 300; i++)
        {
            var network = new MemoryNetwork(new ManualTime());
            var endpoint = network.Add("192.0.2.1:5060");
            var peer = network.AddPeer("192.0.2.2:5060");
            Send(Request("INVITE", 1).With(Octets(Sdp), "application/sdp"), spoilt: i % 3 == 0);
            if (!endpoint.Calls.TryRead(out var call)) continue;
            call.Ring();
            _ = call.AcceptAsync(Ours, Cancel);
            network.Run();
            // Spoilt so that its answers go elsewhere.
            if (peer.Received is not [.., SipResponse ok]) continue;
            foreach (var (method, sequence) in new[] { ("ACK", 1u), ("INVITE", 2u), ("ACK", 2u), ("INFO", 3u), ("BYE", 4u) })
                Send(Within(ok, method, sequence).With(Octets(Sdp), "application/sdp"), spoilt: i % 3 != 0);
            network.Run(300);

            Assert.Equal(0, endpoint.Layer.Count);

            void Send(SipRequest request, bool spoilt)
            {
                var octets = request.ToBytes().ToArray();
                for (var n = spoilt ? random.Next(1, 4) : 0; n > 0; n--) octets[random.Next(octets.Length)] = (byte)random.Next(256);
                network.Carry(new Bytes(octets), IPEndPoint.Parse("192.0.2.2:5060"), endpoint.Address);
                network.Run();
            }
        }
    }

    [Fact]
    public async Task A_challenge_to_a_call_is_answered_once()
    {
        var options = new CallOptions { Credentials = new SipCredentials("me", "secret") };
        var call = await _endpoint.CallAsync(SipUri.Parse("sip:x@192.0.2.2"), Ours, options, Cancel);
        _network.Run();
        var challenge = new SipHeader("Proxy-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5");
        _peer.Answer(_endpoint, _peer.LastRequest, 407, challenge);

        Assert.Equal((new CSeq(2, "INVITE"), 1), (_peer.LastRequest.CSeq, _peer.LastRequest.Headers.Named("Proxy-Authorization").Count()));
        _peer.Answer(_endpoint, _peer.LastRequest, 407, challenge);

        Assert.Equal(SipStatus.ProxyAuthenticationRequired, (await call.Ended).Status);
    }

    [Fact]
    public async Task A_change_without_a_codec_of_ours_is_refused_and_the_call_stays_as_it_was()
    {
        var (call, ok) = Established();
        var before = call.Audio;

        var strange = Octets(Sdp.Replace("AVP 0", "AVP 18", StringComparison.Ordinal));
        _peer.Send(_endpoint, Within(ok, "INVITE", 2).With(strange, "application/sdp"));

        Assert.Equal(SipStatus.NotAcceptableHere, _peer.LastResponse.Status);
        Assert.Equal((CallState.Established, before), (call.State, call.Audio));
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.AcceptAsync(Ours, Cancel));
    }

    [Fact]
    public void A_change_without_an_offer_gets_ours_and_the_new_address_comes_in_the_ack()
    {
        var (call, ok) = Established();
        _peer.Send(_endpoint, Within(ok, "INVITE", 2));
        var second = _peer.LastResponse;
        Assert.Equal(SipStatus.Ok, second.Status);

        var ack = Within(second, "ACK", 2).With(Octets(Sdp.Replace("5000", "6000", StringComparison.Ordinal)), "application/sdp");
        _peer.Send(_endpoint, ack);

        Assert.Equal(6000, call.Audio!.Remote.Port);
    }

    [Theory]
    [InlineData("Content-Encoding", "gzip", 415)]
    [InlineData("Accept", "text/html", 406)]
    [InlineData("Accept", "text/html, application/*", 100)]
    public void A_body_that_is_not_for_us_is_refused(string name, string value, int status)
    {
        _peer.Send(_endpoint, Request("INVITE", 1, new SipHeader(name, value)).With(Octets(Sdp), "application/sdp"));

        Assert.Equal(status, (int)_peer.LastResponse.Status);
    }

    [Fact]
    public void Limits_are_answered_503()
    {
        var network = new MemoryNetwork(new ManualTime());
        var limits = new SipLimits { Calls = 3, Waiting = 2, Transactions = 6 };
        var endpoint = network.Add("192.0.2.1:5060", new SipEndpointOptions { Limits = limits });
        var peer = network.AddPeer("192.0.2.2:5060");

        List<int> statuses = [];
        for (var i = 0; i < 9; i++)
        {
            peer.Send(endpoint, Request("INVITE", 1, branch: $"b{i}", callId: $"c{i}"));
            statuses.Add((int)peer.LastResponse.Status);
        }

        Assert.Equal([100, 100, 503, 503, 503, 503, 503, 503, 503], statuses);
        Assert.Equal(6, endpoint.Layer.Count);
        Assert.Equal("5", peer.LastResponse.Headers["Retry-After"]);
    }

    [Fact]
    public void A_flood_is_dropped_and_a_trusted_peer_is_not_counted()
    {
        foreach (var trusted in new[] { false, true })
        {
            var network = new MemoryNetwork(new ManualTime());
            var endpoint = network.Add("192.0.2.1:5060", new SipEndpointOptions
            {
                Limits = new SipLimits { Rate = 10 },
                TrustedPeers = trusted ? [IPNetwork.Parse("192.0.2.2/32")] : [],
            });
            var peer = network.AddPeer("192.0.2.2:5060");
            foreach (var flood in Enumerable.Range(0, 100).Select(i => Request("OPTIONS", 1, $"b{i}", $"c{i}")))
                network.Carry(flood.ToBytes(), IPEndPoint.Parse("192.0.2.2:5060"), endpoint.Address);
            network.Run(0.01);

            Assert.Equal(trusted ? 100 : 10, peer.Received.Count);
        }
    }

    private (SipCall Call, SipResponse Ok) Established()
    {
        _peer.Send(_endpoint, Request("INVITE", 1).With(Octets(Sdp), "application/sdp"));
        var call = Incoming();
        _ = call.AcceptAsync(Ours, Cancel);
        _network.Run();
        var ok = _peer.LastResponse;
        _peer.Send(_endpoint, Within(ok, "ACK", 1));
        Assert.Equal(CallState.Established, call.State);
        return (call, ok);
    }

    private SipCall Incoming()
    {
        Assert.True(_endpoint.Calls.TryRead(out var call));
        return call;
    }

    private static SipRequest Request(string method, uint sequence, params IEnumerable<SipHeader> more) =>
        Request(method, sequence, "branch", "call", more);

    private static SipRequest Request(
        string method, uint sequence, string branch, string callId = "call", params IEnumerable<SipHeader> more) => new(
        method, SipUri.Parse("sip:us@192.0.2.1"),
        [
            new("Via", $"SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK{branch}"), new("From", "<sip:they@192.0.2.2>;tag=they"),
            new("To", "<sip:us@192.0.2.1>"), new("Call-ID", callId), new("CSeq", $"{sequence} {method}"),
            new("Contact", "<sip:they@192.0.2.2>"), .. more,
        ]);

    /// <summary>A request in the dialog that a response of the endpoint belongs to.</summary>
    private static SipRequest Within(SipResponse response, string method, uint sequence, string? branch = null)
    {
        var request = Request(method, sequence, branch ?? TransactionLayer.Unique());
        return request with { Headers = request.Headers.With(response.Headers.Find("To")!) };
    }

    private static Bytes Octets(string text) => new(Encoding.UTF8.GetBytes(text));
}
