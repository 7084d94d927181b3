using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tessera.Cards.Identity;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cards.Tests.Identity;

/// <summary>One fault at a time, in a chain of three that is good otherwise.</summary>
public sealed class TrustTests : IDisposable
{
    private static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Made.AddDays(10);

    private readonly TestAuthority _root = TestAuthority.Root("CN=Root", Made.AddYears(-1));
    private readonly TestAuthority _between;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _leaf;

    public TrustTests()
    {
        _between = _root.Below("CN=Cards", Made.AddYears(-1));
        _leaf = Issue();
    }

    [Fact]
    public void A_chain_to_a_root_with_current_lists_is_trusted_and_says_what_it_relied_on()
    {
        var verdict = Judge(_leaf, Lists());

        Assert.Equal("trusted", verdict.Words);
        Assert.True(verdict.IsTrusted);
        Assert.Equal(
            [_leaf.RawData, _between.Certificate.RawData, _root.Certificate.RawData],
            verdict.Path.Select(each => each.ToArray()));
        Assert.Equal(2, verdict.RevocationLists.Count);
    }

    [Fact]
    public void Certificates_that_come_with_it_lead_to_a_root_but_are_none()
    {
        using var store = TrustStore.Of([_root.Certificate], lists: Lists());
        using var stranger = TestAuthority.Root("CN=Stranger", Made);
        using var other = stranger.Issue("CN=Ada", _key, Made, Made.AddYears(1));

        Assert.True(Judge(store, _leaf, [_between.Certificate]).IsTrusted);
        Fails(
            Judge(store, _leaf), TrustFault.UnknownRoot,
            "CN=Ada leads to no trusted root: its issuer is CN=Cards");
        Fails(
            Judge(store, other, [stranger.Certificate]), TrustFault.UnknownRoot,
            "CN=Stranger is none of the trusted roots");
        Fails(Judge(store, other), TrustFault.UnknownRoot, "CN=Ada leads to no trusted root: its issuer is CN=Stranger");
    }

    [Fact]
    public void Time_is_the_one_that_was_asked_for()
    {
        Fails(
            Judge(_leaf, Lists(), at: Made.AddSeconds(-1)), TrustFault.NotYetValid,
            "CN=Ada is not valid before 2026-01-01T00:00:00Z");
        Fails(
            Judge(_leaf, Lists(), at: Made.AddYears(3)), TrustFault.Expired, "CN=Ada expired 2028-01-01T00:00:00Z");
    }

    [Fact]
    public void A_signature_by_another_key_of_the_same_name_is_none()
    {
        using var twin = _root.Below("CN=Cards", Made);
        using var forged = twin.Issue("CN=Ada", _key, Made, Made.AddYears(2));

        Fails(Judge(forged, Lists()), TrustFault.BadSignature, "CN=Ada is not signed by the key of its issuer");
    }

    [Fact]
    public void Who_is_no_authority_issues_nothing()
    {
        using var holder = _between.Below("CN=Holder", Made, new CertificateTraits());
        using var below = holder.Issue("CN=Ada", _key, Made, Made.AddYears(2));
        using var narrow = _root.Below("CN=Narrow", Made, TestAuthority.Authority with { Below = 0 });
        using var second = narrow.Below("CN=Second", Made);
        using var deep = second.Issue("CN=Ada", _key, Made, Made.AddYears(2));
        using var mute = _root.Below(
            "CN=Mute", Made, TestAuthority.Authority with { Usage = X509KeyUsageFlags.DigitalSignature });
        using var unsaid = mute.Issue("CN=Ada", _key, Made, Made.AddYears(2));
        using var store = TrustStore.Of([_root.Certificate], [_between.Certificate]);

        Assert.True(Judge(store, below, [holder.Certificate]).Has(TrustFault.NotAnAuthority));
        Assert.True(Judge(store, deep, [narrow.Certificate, second.Certificate]).Has(TrustFault.NotAnAuthority));
        Assert.True(Judge(store, unsaid, [mute.Certificate]).Has(TrustFault.NotAnAuthority));
    }

    [Fact]
    public void A_certificate_is_for_what_it_says()
    {
        using var exchange = Issue(new CertificateTraits(Usage: X509KeyUsageFlags.KeyEncipherment));
        using var consent = Issue(new CertificateTraits(Usage: X509KeyUsageFlags.NonRepudiation));
        using var web = Issue(new CertificateTraits(Purpose: "1.3.6.1.5.5.7.3.1"));
        using var card = Issue(new CertificateTraits(Purpose: "2.16.840.1.101.3.6.8"));
        using var unsaid = Issue(new CertificateTraits(Usage: null));

        Fails(
            Judge(exchange, Lists()), TrustFault.WrongUsage,
            "CN=Ada is not for authentication: its key usage is KeyEncipherment");
        Fails(
            Judge(exchange, Lists(), use: CertificateUse.Signature), TrustFault.WrongUsage,
            "CN=Ada is not for signatures: its key usage is KeyEncipherment");
        Assert.False(Judge(consent, Lists()).IsTrusted);
        Assert.True(Judge(consent, Lists(), use: CertificateUse.Signature).IsTrusted);
        Fails(
            Judge(web, Lists()), TrustFault.WrongUsage, "CN=Ada is not for authentication: its purposes are others");
        Assert.True(Judge(web, Lists(), use: CertificateUse.Signature).IsTrusted);
        Assert.True(Judge(card, Lists()).IsTrusted);
        Assert.True(Judge(unsaid, Lists()).IsTrusted);
    }

    [Fact]
    public void Broken_algorithms_and_short_keys_are_not_taken()
    {
        using var rsa = RSA.Create(1024);
        using var small = _between.Issue("CN=Ada", rsa, Made, Made.AddYears(2));

        Fails(Judge(small, Lists()), TrustFault.Weak, "CN=Ada has a key that is too short or of another kind");
    }

    [Fact]
    public void A_critical_extension_that_nobody_knows_is_not_passed_over()
    {
        using var odd = Issue(new CertificateTraits(More: [new X509Extension("1.2.3.4", [0x05, 0x00], critical: true)]));
        using var plain = Issue(new CertificateTraits(More: [new X509Extension("1.2.3.4", [0x05, 0x00], critical: false)]));

        Assert.True(Judge(odd, Lists()).Has(TrustFault.Constrained));
        Assert.True(Judge(plain, Lists()).IsTrusted);
    }

    [Fact]
    public void Nothing_is_fetched_whatever_a_certificate_points_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var place = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
        using var pointing = Issue(new CertificateTraits(More:
        [
            new X509AuthorityInformationAccessExtension([], [place + "issuer.der"]),
            CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([place + "list.crl"]),
        ]));
        using var store = TrustStore.Of([_root.Certificate]);

        var verdict = Judge(store, pointing);

        Assert.True(verdict.Has(TrustFault.UnknownRoot));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_folder_of_PEM_and_DER_is_a_store()
    {
        using var folder = new TempFolder();
        var cancel = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(
            folder.File("both.pem"),
            "Roots and more\n" + _root.Certificate.ExportCertificatePem() + "\n" + _between.Certificate.ExportCertificatePem(),
            cancel);
        await File.WriteAllBytesAsync(folder.File("one.crl"), Lists()[0].Der.ToArray(), cancel);
        await File.WriteAllTextAsync(
            folder.File("two.crl"), PemEncoding.WriteString("X509 CRL", Lists()[1].Der.Span), cancel);
        await File.WriteAllTextAsync(folder.File("README"), "Nothing", cancel);

        using var store = await TrustStore.LoadAsync(folder.Path, cancel);

        Assert.Equal((1, 1, 2), (store.Roots.Count, store.Intermediates.Count, store.Lists.Count));
        Assert.True(Judge(store, _leaf).IsTrusted);
    }

    [Theory]
    [InlineData("a.pem", "nothing", "a.pem holds no certificate and no revocation list.")]
    [InlineData(
        "b.pem", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----",
        "b.pem holds a PRIVATE KEY, which is not expected here.")]
    [InlineData("c.crl", "0\u0003\u0002\u0001\u0001", "c.crl: revocation list at octet 0: ")]
    [InlineData("d.der", "0\u0003\u0002\u0001\u0001", "d.der: ")]
    [InlineData("e.txt", "nothing", "has no certificate of a root.")]
    public async Task A_folder_that_holds_what_it_should_not_is_refused_by_name(string name, string text, string reason)
    {
        using var folder = new TempFolder();
        var cancel = TestContext.Current.CancellationToken;
        await File.WriteAllBytesAsync(folder.File(name), Encoding.Latin1.GetBytes(text), cancel);

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => TrustStore.LoadAsync(folder.Path, cancel));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_would_write_on_a_screen_is_made_harmless()
    {
        using var sly = _between.Issue("CN=\"Ada\u001B[2J\"", _key, Made, Made.AddYears(2));

        Assert.Equal("CN=Ada?[2J", CertificateName.Of(sly.SubjectName));
        Assert.Equal(203, CertificateName.Of(new X500DistinguishedName($"CN={new string('a', 300)}")).Length);
    }

    public void Dispose()
    {
        _leaf.Dispose();
        _key.Dispose();
        _between.Dispose();
        _root.Dispose();
    }

    private X509Certificate2 Issue(CertificateTraits? traits = null) =>
        _between.Issue("CN=Ada", _key, Made, Made.AddYears(2), traits);

    private RevocationList[] Lists() =>
    [
        RevocationList.Read(_root.List(Made, Made.AddYears(5))), RevocationList.Read(_between.List(Made, Made.AddYears(5))),
    ];

    private TrustVerdict Judge(
        X509Certificate2 leaf, RevocationList[] lists, CertificateUse use = CertificateUse.Authentication,
        DateTimeOffset? at = null)
    {
        using var store = TrustStore.Of([_root.Certificate], [_between.Certificate], lists);
        return store.Judge(leaf, [], at ?? Now, use);
    }

    private static TrustVerdict Judge(TrustStore store, X509Certificate2 leaf, X509Certificate2[]? chain = null) =>
        store.Judge(leaf, chain ?? [], Now, CertificateUse.Authentication);

    private static void Fails(TrustVerdict verdict, TrustFault fault, string words)
    {
        Assert.Equal(words, verdict.Words);
        Assert.Equal(fault, Assert.Single(verdict.Findings).Fault);
        Assert.False(verdict.IsTrusted);
    }
}
