using Microsoft.Extensions.Configuration;
using Tessera.Platform.Sessions.Verifying;
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

    [Theory]
    [InlineData(null, HolderNaming.None)]
    [InlineData("none", HolderNaming.None)]
    [InlineData("serial-number", HolderNaming.SerialNumber)]
    [InlineData("mail", HolderNaming.Mail)]
    [InlineData("principal-name", HolderNaming.PrincipalName)]
    [InlineData("subject", HolderNaming.Subject)]
    public void What_names_the_holder_of_a_card_is_the_operators_choice(string? text, HolderNaming naming) =>
        Assert.Equal(naming, Read("piv-holders", text).PivHolders);

    [Fact]
    public void Anything_else_is_named()
    {
        Assert.Throws<FormatException>(() => Read("piv-holders", "name"));

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
