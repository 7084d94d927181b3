using Microsoft.Extensions.Configuration;
using Tessera.Server.Hosting;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.ShortMessages;

/// <summary>How an operator names an SMSC of somebody else, and how its password stays unseen.</summary>
public sealed class ExternalSmscTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string PasswordFile => Path.Combine(_folder.Path, "password");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_said_is_the_SMSC_inside_the_server() => Assert.Null(Read());

    [Theory]
    [InlineData("s3cret", "s3cret")]
    [InlineData("s3cret\n", "s3cret")]
    [InlineData("s3cret\r\n", "s3cret")]
    [InlineData(" s3 cret ", " s3 cret ")]
    public void The_password_is_the_line_of_its_file(string content, string password)
    {
        File.WriteAllText(PasswordFile, content);

        var smsc = Read(("smsc", "smsc.example:2775"), ("smsc-system-id", "tessera"), ("smsc-password-file", PasswordFile));

        Assert.Equal(("smsc.example", 2775), (smsc!.Address.Host, smsc.Address.Port));
        Assert.Equal(("tessera", password), (smsc.SystemId, smsc.Password));
    }

    [Fact]
    public void The_password_is_not_printed()
    {
        File.WriteAllText(PasswordFile, "s3cret");

        var smsc = Read(("smsc", "[::1]:2775"), ("smsc-system-id", "tessera"), ("smsc-password-file", PasswordFile));

        Assert.Contains("tessera", smsc!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", smsc.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", new ServerOptions { Smsc = smsc }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_on_the_command_line_is_refused() =>
        Assert.Contains("--smsc-password-file", Refusal(("smsc-password", "s3cret")), StringComparison.Ordinal);

    [Theory]
    [InlineData("smsc.example")]
    [InlineData("smsc.example:")]
    [InlineData("smsc.example:65536")]
    [InlineData("smsc.example:smpp")]
    [InlineData(":2775")]
    public void An_address_without_host_or_port_is_refused(string address) =>
        Assert.Equal($"--smsc is HOST:PORT, not '{address}'.", Refusal(("smsc", address), ("smsc-system-id", "tessera")));

    [Fact]
    public void An_SMSC_without_our_name_there_is_refused() =>
        Assert.Equal("--smsc needs --smsc-system-id.", Refusal(("smsc", "smsc.example:2775")));

    private static string Refusal(params (string Key, string Value)[] settings) =>
        Assert.Throws<FormatException>(() => Read(settings)).Message;

    private static ExternalSmsc? Read(params (string Key, string Value)[] settings) => ServerOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(one => KeyValuePair.Create<string, string?>(one.Key, one.Value))).Build()).Smsc;
}
