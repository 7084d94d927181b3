using Microsoft.Extensions.Configuration;
using Tessera.Platform.Dialogues;
using Tessera.Server.Hosting;
using Xunit;

namespace Tessera.Server.Tests.Hosting;

/// <summary>By what cards verify their holders is the operator's to say.</summary>
public class VerificationOptionTests
{
    [Theory]
    [InlineData(null, Verification.Pin)]
    [InlineData("pin", Verification.Pin)]
    [InlineData("finger", Verification.Finger)]
    [InlineData("either", Verification.Either)]
    public void An_operator_names_it_and_the_PIN_is_the_default(string? named, Verification expected) =>
        Assert.Equal(expected, Read(named).Verification);

    [Fact]
    public void Anything_else_is_refused() => Assert.Equal(
        "--verification is pin, finger, either or verifier, not 'face'.", Assert.Throws<FormatException>(() => Read("face")).Message);

    [Theory]
    [InlineData("verifier", null, null)]
    [InlineData("verifier", "file", null)]
    [InlineData("verifier", null, "127.0.0.1:5543")]
    [InlineData("pin", "file", "127.0.0.1:5543")]
    [InlineData(null, "file", "127.0.0.1:5543")]
    public void A_verifier_is_named_whole_and_wanted(string? verification, string? file, string? at) => Assert.Equal(
        "--verification verifier, --verifier and --verifier-at belong together.",
        Assert.Throws<FormatException>(() => Read(verification, file, at)).Message);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData(":5543")]
    [InlineData("127.0.0.1:65536")]
    public void Where_a_verifier_is_asked_is_a_host_and_a_port(string at) => Assert.Equal(
        $"--verifier-at is like 127.0.0.1:5543, not '{at}'.",
        Assert.Throws<FormatException>(() => Read("verifier", "file", at)).Message);

    private static ServerOptions Read(string? verification, string? file, string? at) => ServerOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(
        [
            KeyValuePair.Create("verification", verification), KeyValuePair.Create("verifier", file),
            KeyValuePair.Create("verifier-at", at),
        ]).Build());

    private static ServerOptions Read(string? named) => ServerOptions.Read(new ConfigurationBuilder()
        .AddInMemoryCollection([KeyValuePair.Create("verification", named)]).Build());
}
