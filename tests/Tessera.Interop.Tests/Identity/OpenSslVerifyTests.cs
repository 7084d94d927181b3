using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Identity;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Identity;

/// <summary>OpenSSL judges the same certificates by the same roots and lists at the same time.</summary>
public sealed class OpenSslVerifyTests : IDisposable
{
    private static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Made.AddDays(10);
    private static readonly DateTimeOffset Next = Made.AddDays(20);

    private readonly TestAuthority _root = TestAuthority.Root("CN=Root", Made.AddYears(-1));
    private readonly TestAuthority _between;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _leaf;
    private readonly TempFolder _folder = new();

    public OpenSslVerifyTests()
    {
        _between = _root.Below("CN=Cards", Made.AddYears(-1));
        _leaf = _between.Issue("CN=Ada", _key, Made, Made.AddYears(2));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private byte[] OfRoot => _root.List(Made, Made.AddYears(9));

    [Fact]
    public async Task What_is_good_is_good_to_both() =>
        await BothAsync(null, "OK", _leaf, Now, OfRoot, _between.List(Made, Next));

    [Fact]
    public async Task What_is_wrong_is_wrong_to_both_for_the_same_reason()
    {
        var clean = _between.List(Made, Next);
        var altered = _between.List(Made, Next);
        altered[^1] ^= 0x01;
        using var twin = _root.Below("CN=Cards", Made);
        using var forged = twin.Issue("CN=Ada", _key, Made, Made.AddYears(2));
        using var stranger = TestAuthority.Root("CN=Stranger", Made);
        using var foreign = stranger.Issue("CN=Ada", _key, Made, Made.AddYears(2));
        using var server = _between.Issue(
            "CN=Ada", _key, Made, Made.AddYears(2), new CertificateTraits(Purpose: "1.3.6.1.5.5.7.3.1"));
        using var odd = _between.Issue(
            "CN=Ada", _key, Made, Made.AddYears(2),
            new CertificateTraits(More: [new X509Extension("1.2.3.4", [0x05, 0x00], critical: true)]));

        await BothAsync(TrustFault.Expired, "certificate has expired", _leaf, Made.AddYears(3), OfRoot, clean);
        await BothAsync(TrustFault.NotYetValid, "certificate is not yet valid", _leaf, Made.AddDays(-1), OfRoot, clean);
        await BothAsync(TrustFault.Revoked, "certificate revoked", _leaf, Now, OfRoot, _between.List(Made, Next, (_leaf, Made)));
        await BothAsync(TrustFault.RevocationStale, "CRL has expired", _leaf, Next.AddDays(1), OfRoot, clean);
        await BothAsync(TrustFault.RevocationTooNew, "CRL is not yet valid", _leaf, Now.AddDays(-1), OfRoot,
            _between.List(Now, Next));
        await BothAsync(TrustFault.RevocationUnknown, "unable to get certificate CRL", _leaf, Now, OfRoot);
        await BothAsync(TrustFault.RevocationUnusable, "CRL signature failure", _leaf, Now, OfRoot, altered);
        await BothAsync(TrustFault.BadSignature, "certificate signature failure", forged, Now, OfRoot, clean);
        await BothAsync(TrustFault.UnknownRoot, "unable to get local issuer certificate", foreign, Now, OfRoot, clean);
        await BothAsync(TrustFault.WrongUsage, "unsuitable certificate purpose", server, Now, OfRoot, clean);
        await BothAsync(TrustFault.Constrained, "unhandled critical extension", odd, Now, OfRoot, clean);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _leaf.Dispose();
        _key.Dispose();
        _between.Dispose();
        _root.Dispose();
    }

    private async Task BothAsync(
        TrustFault? ours, string theirs, X509Certificate2 leaf, DateTimeOffset at, params byte[][] lists)
    {
        await File.WriteAllTextAsync(_folder.File("root.pem"), _root.Certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(_folder.File("between.pem"), _between.Certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(_folder.File("leaf.pem"), leaf.ExportCertificatePem(), Cancel);
        await File.WriteAllLinesAsync(
            _folder.File("lists.pem"), lists.Select(list => PemEncoding.WriteString("X509 CRL", list)), Cancel);
        var (exitCode, said) = await OpenSsl.RunAsync(
            _folder.Path, Cancel, "verify", "-CAfile", "root.pem", "-untrusted", "between.pem", "-CRLfile", "lists.pem",
            "-crl_check_all", "-purpose", "sslclient",
            "-attime", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), "leaf.pem");

        using var store = TrustStore.Of(
            [_root.Certificate], [_between.Certificate], lists.Select(list => RevocationList.Read(list)));
        var verdict = store.Judge(leaf, [], at, CertificateUse.Authentication);

        Assert.Contains(theirs, said, StringComparison.Ordinal);
        Assert.Equal(exitCode == 0, verdict.IsTrusted);
        Assert.Equal(ours, verdict.Findings is [var first, ..] ? first.Fault : null);
    }
}
