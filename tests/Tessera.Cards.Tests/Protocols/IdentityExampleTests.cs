using System.Security.Cryptography;
using Tessera.Cards.Identity;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Protocols;

public class IdentityExampleTests
{
    [Fact]
    public void A_challenge_and_its_command()
    {
        var example = Assert.Single(Example.Of("identity.md", "identity"));
        using var root = TestAuthority.Root("CN=Root", DateTimeOffset.UnixEpoch);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = root.Issue("CN=Ada", key, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));

        using var challenge = KeyChallenge.Sign(0x9E, certificate, example.Given("context"), example.Given("nonce"));

        example.Check("command", Bytes.Of(challenge.Command));
        example.Check("digest", new Bytes(SHA256.HashData(example.Given("message").Span)));
        Assert.EndsWith($"{example.Given("digest")}00", Bytes.Of(challenge.Command).ToString(), StringComparison.Ordinal);
        example.IsCheckedWhole();
    }
}
