using Microsoft.Extensions.Configuration;
using Tessera.Platform.Money;
using Tessera.Server.Hosting;
using Xunit;

namespace Tessera.Server.Tests.Hosting;

/// <summary>What cards may do without the server is the operator's to say, and nothing by default.</summary>
public class PurseOptionTests
{
    [Fact]
    public void By_default_nothing_is_allowed_and_nothing_limited() =>
        Assert.Equal(new PursePolicy(), ServerOptions.Read(new ConfigurationBuilder().Build()).Purses);

    [Fact]
    public void An_operator_names_amounts() => Assert.Equal(
        new PursePolicy { OfflineAllowance = 2000, GreatestWithoutPin = 1050 },
        Read(("offline-allowance", "20"), ("pin-threshold", "10.50")).Purses);

    [Theory]
    [InlineData("offline-allowance")]
    [InlineData("pin-threshold")]
    public void Anything_else_is_refused(string name) => Assert.Equal(
        $"--{name} is an amount like 20.00, not '-1'.", Assert.Throws<FormatException>(() => Read((name, "-1"))).Message);

    private static ServerOptions Read(params (string Name, string Value)[] given) => ServerOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(given.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value))).Build());
}
