using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Links;

public sealed class LinkCertificateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_certificate_is_the_same_again_and_only_its_owner_may_read_it()
    {
        var path = _folder.File("terminal.pem");
        using var created = LinkCertificate.Create("Kiosk 7");

        LinkCertificate.Save(created, path);
        using var loaded = LinkCertificate.Load(path);

        Assert.Equal(created.RawData, loaded.RawData);
        Assert.Equal("CN=Kiosk 7", loaded.Subject);
        Assert.True(loaded.HasPrivateKey);
        Assert.Equal(PeerIdentity.Of(created), PeerIdentity.Of(loaded));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Throws<IOException>(() => LinkCertificate.Save(created, path));
    }

    [Fact]
    public void Is_created_once_and_then_loaded()
    {
        var path = _folder.File("server.pem");
        using var created = LinkCertificate.LoadOrCreate(path, "server");
        using var loaded = LinkCertificate.LoadOrCreate(path, "server");

        Assert.Equal(PeerIdentity.Of(created), PeerIdentity.Of(loaded));
    }

    [Fact]
    public void Is_a_p256_signer_of_its_own_for_both_sides()
    {
        using var certificate = LinkCertificate.Create("x", new ManualTime());
        using var key = certificate.GetECDsaPublicKey();

        Assert.Equal("1.2.840.10045.3.1.7", key!.ExportParameters(includePrivateParameters: false).Curve.Oid.Value);
        Assert.Equal(certificate.Subject, certificate.Issuer);
        Assert.Equal(new DateTime(2025, 12, 31, 0, 0, 0, DateTimeKind.Utc), certificate.NotBefore.ToUniversalTime());
        Assert.Equal(2, certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Count);
    }

    [Fact]
    public void An_identity_is_the_hash_of_the_public_key()
    {
        using var certificate = LinkCertificate.Create("x");
        var hash = SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());

        var identity = PeerIdentity.Of(certificate);

        Assert.Equal(new Bytes(hash), identity.KeyHash);
        Assert.Equal(Bytes.CopyOf(hash.AsSpan(0, 8)), identity.Id);
        Assert.Equal(identity, PeerIdentity.Parse(identity.ToString()));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("xx")]
    public void What_is_no_identity_is_not_parsed(string hex) =>
        Assert.Throws<FormatException>(() => PeerIdentity.Parse(hex));

    [Fact]
    public void A_file_without_its_key_is_not_loaded()
    {
        var path = _folder.File("public.pem");
        using var created = LinkCertificate.Create("x");
        File.WriteAllText(path, created.ExportCertificatePem());

        Assert.ThrowsAny<CryptographicException>(() => LinkCertificate.Load(path));
    }
}
