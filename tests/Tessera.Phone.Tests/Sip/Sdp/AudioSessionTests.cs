using System.Net;
using System.Text;
using Tessera.Phone.Sip;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Sdp;

public class AudioSessionTests
{
    private static readonly LocalAudio Ours = new(IPEndPoint.Parse("192.0.2.9:4000"));

    [Fact]
    public void Two_of_us_agree_upon_the_first_codec_and_events()
    {
        var (caller, callee) = (new AudioSession(Ours, "1"), new AudioSession(
            new LocalAudio(IPEndPoint.Parse("192.0.2.8:5000")) { TelephoneEvent = 96, SilenceSuppressionOff = true }, "2"));

        Assert.True(caller.Take(callee.AnswerTo(caller.Offer())!));

        Assert.Equal(
            new AudioAgreement(IPEndPoint.Parse("192.0.2.8:5000"), AudioCodec.Pcmu, AudioDirection.SendReceive)
            {
                SendTelephoneEvent = 101, ReceiveTelephoneEvent = 101, SilenceSuppressionOff = true,
            },
            caller.Agreed);
        Assert.Equal(
            new AudioAgreement(Ours.EndPoint, AudioCodec.Pcmu, AudioDirection.SendReceive)
            {
                SendTelephoneEvent = 101, ReceiveTelephoneEvent = 101,
            },
            callee.Agreed);
    }

    [Fact]
    public void Our_offer_is_this()
    {
        var text = Encoding.UTF8.GetString(
            new AudioSession(Ours with { SilenceSuppressionOff = true }, "77").Offer().ToBytes().Span);

        Assert.Equal(
            """
            v=0
            o=- 77 1 IN IP4 192.0.2.9
            s=-
            c=IN IP4 192.0.2.9
            t=0 0
            m=audio 4000 RTP/AVP 0 8 101
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-15
            a=ptime:20
            a=silenceSupp:off - - - -
            a=sendrecv

            """.ReplaceLineEndings("\r\n"),
            text);
    }

    [Fact]
    public void All_streams_but_one_are_refused()
    {
        var session = new AudioSession(Ours, "1");

        var answer = session.AnswerTo(Offer(
            "m=video 51372 RTP/AVP 31", "m=audio 1000 RTP/SAVP 0", "m=audio 2000 RTP/AVP 18", "m=audio 3000 RTP/AVP 18 8 0",
            "m=audio 5000 RTP/AVP 0"))!;

        Assert.Equal([0, 0, 0, 4000, 0], answer.Media.Select(media => media.Port));
        Assert.Equal(["8"], answer.Media[3].Formats);
        Assert.Equal(AudioCodec.Pcma, session.Agreed!.Codec);
        Assert.Equal([0, 0, 0, 4000, 0], session.Offer().Media.Select(media => media.Port));
    }

    [Theory]
    [InlineData("m=audio 2000 RTP/AVP 18 101", "a=rtpmap:101 telephone-event/8000")]
    [InlineData("m=audio 0 RTP/AVP 0", "a=sendrecv")]
    [InlineData("m=audio 2000 RTP/AVP 0", "a=rtpmap:0 L16/8000")]
    [InlineData("m=audio 2000 RTP/AVP 97", "a=rtpmap:97 PCMU/16000")]
    [InlineData("m=audio 2000 RTP/AVP 200", "a=rtpmap:200 PCMU/8000")]
    [InlineData("m=audio 2000 RTP/AVP 0 ", "a=rtpmap", true)]
    public void An_offer_with_nothing_of_ours_has_no_answer(string media, string attribute, bool taken = false) =>
        Assert.Equal(taken, new AudioSession(Ours, "1").AnswerTo(Offer(media, attribute)) is not null);

    [Fact]
    public void A_number_of_their_own_is_repeated()
    {
        var session = new AudioSession(Ours, "1");

        var answer = session.AnswerTo(Offer(
            "m=audio 2000 RTP/AVP 97 98", "a=rtpmap:97 pcma/8000/1", "a=rtpmap:98 telephone-event/8000"))!;

        Assert.Equal(["97", "98"], answer.Media[0].Formats);
        Assert.Equal(
            (AudioCodec.Pcma, 97, 97, 98, 98),
            (session.Agreed!.Codec, session.Agreed.SendPayloadType, session.Agreed.ReceivePayloadType,
                session.Agreed.SendTelephoneEvent, session.Agreed.ReceiveTelephoneEvent));
    }

    [Theory]
    [InlineData("a=sendonly", "recvonly", AudioDirection.ReceiveOnly)]
    [InlineData("a=recvonly", "sendonly", AudioDirection.SendOnly)]
    [InlineData("a=inactive", "inactive", AudioDirection.Inactive)]
    [InlineData("a=sendrecv", "sendrecv", AudioDirection.SendReceive)]
    [InlineData("c=IN IP4 0.0.0.0", "recvonly", AudioDirection.ReceiveOnly)]
    public void Hold_is_answered_with_its_other_side(string line, string answered, AudioDirection direction)
    {
        var session = new AudioSession(Ours, "1");

        var answer = session.AnswerTo(Offer("m=audio 2000 RTP/AVP 0", line))!;

        Assert.Equal(answered, answer.Media[0].Attributes[^1].Name);
        Assert.Equal(direction, session.Agreed!.Direction);
    }

    [Fact]
    public void A_new_offer_is_a_new_version_and_the_same_one_is_not()
    {
        var session = new AudioSession(Ours, "1");
        var first = session.Offer();

        Assert.Equal(first, session.Offer());
        session.Wish = AudioDirection.SendOnly;
        var held = session.Offer();

        Assert.Equal((1UL, 2UL), (first.Origin.Version, held.Origin.Version));
        Assert.Equal("sendonly", held.Media[0].Attributes[^1].Name);
    }

    [Fact]
    public void An_answer_of_another_shape_is_no_answer()
    {
        var session = new AudioSession(Ours, "1");
        session.Offer();

        Assert.False(session.Take(Offer("m=audio 2000 RTP/AVP 0", "m=audio 2000 RTP/AVP 0")));
        Assert.False(session.Take(Offer("m=audio 0 RTP/AVP 0")));
        Assert.True(session.Take(Offer("m=audio 2000 RTP/AVP 8")));
    }

    private static SessionDescription Offer(params IEnumerable<string> lines) => SessionDescription.Read(Encoding.UTF8.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n{string.Concat(lines.Select(l => l + "\r\n"))}"));
}
