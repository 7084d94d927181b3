using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary>An OpenSSH client logs in to a server of its own kind with the key of the card.</summary>
[Collection(PcscdAlone.Name)]
public class OpenSshTests(PrivatePcscd pcscd)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PivAlgorithm.Rsa2048)]
    [InlineData(PivAlgorithm.P256)]
    public async Task The_key_of_the_card_opens_a_session(PivAlgorithm algorithm)
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel, PivHost.Key(0x9A, algorithm));
        await using var server = await SshServer.StartAsync(host, Cancel);

        Assert.Equal("the card was here", (await server.LogInAsync(PivHost.Pin, Cancel)).Said.Split('\n')[0]);
        Assert.NotEqual(0, (await server.LogInAsync("999999", Cancel)).ExitCode);
    }
}
