using Tessera.Phone.Sip;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Registration;

public class DigestTests
{
    // RFC 2617 §3.5 and RFC 7616 §3.9.1.
    [Theory]
    [InlineData(
        "Mufasa", "Circle Of Life", "testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "0a4f113b",
        DigestAlgorithm.Md5, "6629fae49393a05397450978507c4ef1")]
    [InlineData(
        "Mufasa", "Circle of Life", "http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", DigestAlgorithm.Md5, "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData(
        "Mufasa", "Circle of Life", "http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", DigestAlgorithm.Sha256,
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void Computes_the_published_responses(
        string user, string password, string realm, string nonce, string clientNonce, DigestAlgorithm algorithm, string response)
    {
        var given = new DigestClient(new SipCredentials(user, password))
            .Authorize(new DigestChallenge(realm, nonce, algorithm), "GET", "/dir/index.html", clientNonce);

        Assert.Equal(response, given.Response);
        Assert.Equal(given, DigestAuthorization.Read(new SipHeader("Authorization", given.ToString())));
    }

    // RFC 2069 §2.4, with the corrected response of its errata.
    [Fact]
    public void Computes_the_response_of_old_servers()
    {
        var given = new DigestClient(new SipCredentials("Mufasa", "CircleOfLife")).Authorize(
            new DigestChallenge("testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", DigestAlgorithm.Md5) { HasQop = false },
            "GET", "/dir/index.html", "");

        Assert.Equal("1949323746fe6a43ef61f9606e7febea", given.Response);
    }

    [Theory]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("Digest realm=\"x\"")]
    [InlineData("Digest realm=\"x\", nonce=\"y\", algorithm=SHA-512")]
    [InlineData("Digest realm=\"x\", nonce=\"y\", qop=\"auth-int\"")]
    [InlineData("Digest realm=\"x\", nonce=\"y")]
    [InlineData("Digest")]
    public void A_challenge_that_we_cannot_answer_is_none(string value) =>
        Assert.Null(DigestChallenge.Read(new SipHeader("WWW-Authenticate", value)));

    [Fact]
    public void A_challenge_is_read_as_it_is_written()
    {
        var challenge = new DigestChallenge("a \"realm\"", "n", DigestAlgorithm.Sha256) { IsStale = true, Opaque = "o" };

        Assert.Equal(challenge, DigestChallenge.Read(new SipHeader("WWW-Authenticate", challenge.ToString())));
        Assert.DoesNotContain("secret", new SipCredentials("me", "secret").ToString(), StringComparison.Ordinal);
    }
}
