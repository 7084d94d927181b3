using System.Security.Cryptography;
using Tessera.Cards.Identity;
using Tessera.Server.Hosting;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Signing;

/// <summary>The authority of a data folder, and what older servers left there.</summary>
public sealed class OwnAuthorityTests : IDisposable
{
    private readonly TempFolder _data = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_with_the_lab_believes_the_authority_that_it_made()
    {
        await using var folder = await DataFolder.OpenAsync(new ServerOptions { Data = _data.Path }, Cancel);

        var trust = await folder.Trust.ReadAsync(Cancel);
        Assert.Equal(["CN=Tessera Cards"], trust.Roots.Select(root => root.Subject), StringComparer.Ordinal);
        Assert.Single(trust.Lists);
        Assert.Null(folder.Authority.RetireLabKey());
    }

    [Fact]
    public async Task Without_the_lab_nobody_is_made_and_nobody_believed()
    {
        await using var folder = await DataFolder.OpenAsync(new ServerOptions { Data = _data.Path, Lab = false }, Cancel);

        Assert.Empty((await folder.Trust.ReadAsync(Cancel)).Roots);
        Assert.False(await folder.Authority.RenewListAsync(Cancel));
    }

    /// <summary>As servers before kept it: key and certificate in one file, both beside a list in the folder of trust.</summary>
    [Fact]
    public async Task What_the_lab_issued_before_stays_trusted_and_its_unsealed_key_is_gone()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var old = TestAuthority.Root("CN=Tessera lab authority", now.AddDays(-1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var card = old.Issue("CN=Tessera card 54657373657261A1", key, now.AddDays(-1), now.AddYears(1));
        var trusted = Directory.CreateDirectory(_data.File("trust")).FullName;
        await File.WriteAllTextAsync(Path.Combine(trusted, "lab-authority.crt"), old.Certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllBytesAsync(Path.Combine(trusted, "lab-authority.crl"), old.List(now.AddDays(-1), now.AddYears(1)), Cancel);
        await File.WriteAllTextAsync(_data.File("lab-authority.pem"), key.ExportPkcs8PrivateKeyPem(), Cancel);

        await using var folder = await DataFolder.OpenAsync(new ServerOptions { Data = _data.Path }, Cancel);
        var note = folder.Authority.RetireLabKey();

        Assert.False(File.Exists(_data.File("lab-authority.pem")));
        Assert.Contains("lab-authority.pem was deleted", note, StringComparison.Ordinal);
        Assert.Null(folder.Authority.RetireLabKey());
        var trust = await folder.Trust.ReadAsync(Cancel);
        Assert.Equal(2, trust.Roots.Count);
        Assert.Equal("trusted", trust.Judge(card, [], now, CertificateUse.Signature).Words);
    }

    public void Dispose() => _data.Dispose();
}
