using Microsoft.Extensions.Configuration;
using Tessera.Server.Hosting;
using Xunit;

namespace Tessera.Server.Tests.Hosting;

public class CertificateOptionTests
{
    [Theory]
    [InlineData(null, CertificatePolicy.Ignored)]
    [InlineData("ignored", CertificatePolicy.Ignored)]
    [InlineData("checked", CertificatePolicy.Checked)]
    [InlineData("required", CertificatePolicy.Required)]
    public void What_is_wanted_of_certificates_is_the_operators_choice(string? text, CertificatePolicy policy) =>
        Assert.Equal(policy, Read("certificates", text).Certificates);

    [Fact]
    public void Anything_else_is_named()
    {
        var error = Assert.Throws<FormatException>(() => Read("certificates", "yes"));

        Assert.Equal("--certificates is ignored, checked or required, not 'yes'.", error.Message);
    }

    [Fact]
    public void The_folder_to_trust_is_a_whole_path()
    {
        Assert.Null(Read("trust", null).Trust);
        Assert.Equal(Path.GetFullPath("authorities"), Read("trust", "authorities").Trust);
    }

    private static ServerOptions Read(string name, string? value) => ServerOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build());
}
