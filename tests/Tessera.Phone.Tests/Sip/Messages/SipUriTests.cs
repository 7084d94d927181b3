using Tessera.Phone.Sip;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Messages;

public class SipUriTests
{
    // RFC 3261 §19.1.3 and §19.1.4.
    [Theory]
    [InlineData("sip:alice@atlanta.com")]
    [InlineData("sip:alice:secretword@atlanta.com;transport=tcp")]
    [InlineData("sips:alice@atlanta.com?subject=project%20x&priority=urgent")]
    [InlineData("sip:+1-212-555-1212:1234@gateway.com;user=phone")]
    [InlineData("sip:1212@gateway.com")]
    [InlineData("sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com")]
    [InlineData("sip:alice;day=tuesday@atlanta.com")]
    [InlineData("sip:[2001:db8::9:1]:5070")]
    [InlineData("sip:user@[2001:db8::9:1];lr")]
    [InlineData("tel:+358-555-1234567;postd=pp22")]
    public void Is_written_as_it_was_read(string text) => Assert.Equal(text, SipUri.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("alice@atlanta.com")]
    [InlineData("sip:")]
    [InlineData("sip:alice@")]
    [InlineData("sip:@atlanta.com")]
    [InlineData("sip:al ice@atlanta.com")]
    [InlineData("sip:alice@atlanta.com:port")]
    [InlineData("sip:alice@atlanta.com:65536")]
    [InlineData("sip:alice@atlanta.com:0")]
    [InlineData("sip:alice@atlanta.com;")]
    [InlineData("sip:alice@atlanta.com;=x")]
    [InlineData("sip:alice@atlanta.com?")]
    [InlineData("sip:%4@atlanta.com")]
    [InlineData("sip:%zz@atlanta.com")]
    [InlineData("sip:a@b@c")]
    [InlineData("sip:[2001:db8::9:1")]
    [InlineData("sip:[192.0.2.1]")]
    [InlineData("1ip:x")]
    [InlineData("tel:")]
    [InlineData("tel:<1>")]
    public void Is_refused_where_it_is_none(string text) => Assert.ThrowsAny<FormatException>(() => SipUri.Parse(text));

    [Theory]
    [InlineData("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp")]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5")]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5")]
    [InlineData(
        "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
        "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com")]
    [InlineData(
        "sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x")]
    public void Matches_what_names_the_same(string one, string other)
    {
        Assert.True(SipUri.Parse(one).Matches(SipUri.Parse(other)));
        Assert.True(SipUri.Parse(other).Matches(SipUri.Parse(one)));
    }

    [Theory]
    [InlineData("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp")]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting")]
    [InlineData("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4")]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off")]
    [InlineData("sip:bob@biloxi.com", "sips:bob@biloxi.com")]
    [InlineData("sip:bob@biloxi.com", "sip:bob:x@biloxi.com")]
    public void Does_not_match_what_names_another(string one, string other)
    {
        Assert.False(SipUri.Parse(one).Matches(SipUri.Parse(other)));
        Assert.False(SipUri.Parse(other).Matches(SipUri.Parse(one)));
    }

    [Theory]
    [InlineData("sip:+33142000000@192.0.2.1;user=phone", "+33142000000")]
    [InlineData("tel:+33-1.42(00)0000;phone-context=x", "+33142000000")]
    [InlineData("sip:1001@192.0.2.1", "1001")]
    [InlineData("sip:alice@192.0.2.1", null)]
    [InlineData("sip:192.0.2.1", null)]
    [InlineData("sip:++33@192.0.2.1", null)]
    [InlineData("sip:+@192.0.2.1", null)]
    public void A_number_is_what_can_be_dialled(string uri, string? number) =>
        Assert.Equal(number, new CallerIdentity(CallerCertainty.Asserted, SipUri.Parse(uri)).Number);
}
