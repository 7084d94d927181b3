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
        "--verification is pin, finger or either, not 'face'.", Assert.Throws<FormatException>(() => Read("face")).Message);

    private static ServerOptions Read(string? named) => ServerOptions.Read(new ConfigurationBuilder()
        .AddInMemoryCollection([KeyValuePair.Create("verification", named)]).Build());
}
