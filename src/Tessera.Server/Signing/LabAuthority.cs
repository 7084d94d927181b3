using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Signing;

/// <summary>Issues the certificates of the lab's cards, and is believed by this server because it lies in its folder.</summary>
public sealed class LabAuthority : IDisposable
{
    /// <summary>In the folder of trust, for whoever checks evidence.</summary>
    public const string CertificateFile = "lab-authority.crt";

    private const string KeyFile = "lab-authority.pem";
    private const string ListFile = "lab-authority.crl";
    private const int NumberLength = 16;

    private static readonly (byte Reference, X509KeyUsageFlags Usage)[] Usages =
    [
        (PivKeyReference.Signature, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation),
        (PivKeyReference.CardAuthentication, X509KeyUsageFlags.DigitalSignature),
    ];

    private readonly X509Certificate2 _certificate;

    private LabAuthority(X509Certificate2 certificate) => _certificate = certificate;

    private DateTimeOffset End => new(_certificate.NotAfter.ToUniversalTime());

    /// <summary>Opens the authority, made at the first time; its certificate and list are in the folder of trust.</summary>
    /// <param name="data">Where its key is.</param>
    /// <param name="trust">The folder of authorities that are believed.</param>
    public static LabAuthority Open(string data, string trust, DateTimeOffset now)
    {
        var key = Path.Combine(data, KeyFile);
        if (!File.Exists(key)) Make(key, now);
        var authority = new LabAuthority(X509Certificate2.CreateFromPemFile(key));
        Directory.CreateDirectory(trust);
        File.WriteAllText(Path.Combine(trust, CertificateFile), authority._certificate.ExportCertificatePem());
        var list = Path.Combine(trust, ListFile);
        if (!File.Exists(list)) File.WriteAllBytes(list, authority.List(now));
        return authority;
    }

    /// <summary>A card that can sign and prove itself: it makes keys 9C and 9E, which nobody else ever has.</summary>
    /// <param name="manager">The card management key; stays the caller's.</param>
    public async Task EnrolAsync(
        ICardChannel card, CardId id, SecretKey manager, DateTimeOffset now, CancellationToken cancel)
    {
        var piv = await PivClient.SelectAsync(card, cancel)
            ?? throw new InvalidOperationException("The card has no PIV application.");
        await piv.AuthenticateAsync(PivAlgorithm.Aes128, manager, cancel);
        foreach (var (reference, usage) in Usages)
        {
            var made = await piv.GenerateAsync(reference, PivAlgorithm.P256, cancel);
            await piv.WriteCertificateAsync(reference, Issue(id, made, usage, now), cancel);
        }
    }

    public void Dispose() => _certificate.Dispose();

    private byte[] Issue(CardId card, PivPublicKey made, X509KeyUsageFlags usage, DateTimeOffset now)
    {
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(made.SubjectPublicKey.Span, out _);
        var request = new CertificateRequest(
            new X500DistinguishedName($"CN=Tessera card {card}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        using var own = _certificate.GetECDsaPrivateKey()!;
        using var issued = request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(own), now.AddDays(-1), End.AddDays(-1),
            RandomNumberGenerator.GetBytes(NumberLength));
        return issued.RawData;
    }

    private byte[] List(DateTimeOffset now)
    {
        using var own = _certificate.GetECDsaPrivateKey()!;
        return new CertificateRevocationListBuilder().Build(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(own), 1, End,
            HashAlgorithmName.SHA256, X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false),
            now.AddDays(-1));
    }

    private static void Make(string path, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Tessera lab authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now.AddDays(-2), now.AddYears(20));
        LinkCertificate.Save(certificate, path);
    }
}
