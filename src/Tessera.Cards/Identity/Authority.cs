using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>
/// An authority for cards: a root that signs certificates and revocation lists with P-384 and SHA-384 (RFC 5280 §4, §5).
/// What it issued it does not remember. Its key is zeroed when this is disposed.
/// </summary>
public sealed class Authority : IDisposable
{
    /// <summary>How long the certificate of a new authority is good.</summary>
    public const int Years = 20;

    private const int SerialLength = 16;
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string CardAuthentication = "2.16.840.1.101.3.6.8";

    private static readonly HashAlgorithmName Hash = HashAlgorithmName.SHA384;

    private readonly ECDsa _key;

    private Authority(ECDsa key, X509Certificate2 certificate) => (_key, Certificate) = (key, certificate);

    /// <summary>The root; it stays the authority's.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>It issues nothing that lasts longer.</summary>
    public DateTimeOffset Until => new DateTimeOffset(Certificate.NotAfter).ToUniversalTime();

    private X509SignatureGenerator Signer => X509SignatureGenerator.CreateForECDsa(_key);

    /// <summary>A new one with a new key.</summary>
    /// <param name="name">X.500 name, as "CN=Tessera Cards".</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    public static Authority Create(string name, DateTimeOffset now)
    {
        var subject = CertificateName.Parse(name);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var request = new CertificateRequest(subject, key, Hash);
        var extensions = request.CertificateExtensions;
        extensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        extensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new Authority(key, request.Create(
            subject, X509SignatureGenerator.CreateForECDsa(key), now, now.AddYears(Years), NewSerial()));
    }

    /// <summary>One that was kept.</summary>
    /// <param name="certificate">Owned from here on.</param>
    /// <param name="key">PKCS#8; the caller zeroes it.</param>
    /// <exception cref="CryptographicException">The key is none, or that of another certificate.</exception>
    public static Authority Open(X509Certificate2 certificate, ReadOnlySpan<byte> key)
    {
        var opened = ECDsa.Create();
        try
        {
            opened.ImportPkcs8PrivateKey(key, out _);
            return opened.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(
                certificate.PublicKey.ExportSubjectPublicKeyInfo())
                ? new Authority(opened, certificate)
                : throw new CryptographicException("The key of the authority is not that of its certificate.");
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>PKCS#8, for sealing; the caller zeroes it.</summary>
    public byte[] ExportKey() => _key.ExportPkcs8PrivateKey();

    /// <summary>A certificate for the key of a card.</summary>
    /// <param name="request">PKCS#10, DER; the key in it has to have signed it.</param>
    /// <param name="reference">What the key is for: 9A, 9C, 9D, 9E or a retired one.</param>
    /// <param name="until">No later than the authority's own end.</param>
    /// <param name="subject">Another name than the one that was asked for; null for that one.</param>
    /// <exception cref="CryptographicException">The request is none, or nobody signed it.</exception>
    /// <exception cref="ArgumentException">The key is of a kind that no card has, or the time is not the authority's.</exception>
    public X509Certificate2 Issue(
        ReadOnlySpan<byte> request, byte reference, DateTimeOffset now, DateTimeOffset until, string? subject = null)
    {
        if (PivKeyReference.Certificate(reference) is null)
            throw new ArgumentException($"{reference:X2} is no key of a PIV card.", nameof(reference));
        if (until <= now || until > Until)
        {
            throw new ArgumentException(
                $"{CertificateName.Of(Certificate.SubjectName)} issues until {Until:u} at the latest, not until {until:u}.",
                nameof(until));
        }

        var asked = CertificateRequest.LoadSigningRequest(request.ToArray(), Hash);
        var name = subject is null ? asked.SubjectName : CertificateName.Parse(subject);
        if (name.Name.Length == 0) throw new ArgumentException("The request has no name in it.", nameof(request));

        var made = new CertificateRequest(name, asked.PublicKey, Hash);
        var isRsa = asked.PublicKey.GetRSAPublicKey() is not null;
        var extensions = made.CertificateExtensions;
        extensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        extensions.Add(new X509KeyUsageExtension(UsageOf(reference, isRsa), critical: true));
        if (PurposeOf(reference) is { } purpose)
            extensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        extensions.Add(new X509SubjectKeyIdentifierExtension(asked.PublicKey, critical: false));
        extensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        var certificate = made.Create(Certificate.SubjectName, Signer, now, until, NewSerial());
        if (CertificateKey.AlgorithmOf(certificate) is not null) return certificate;
        certificate.Dispose();
        throw new ArgumentException("The request is for a key of a kind that no PIV card has.", nameof(request));
    }

    /// <summary>A revocation list, DER.</summary>
    /// <param name="number">Above that of the list before.</param>
    /// <param name="next">When the next one comes at the latest.</param>
    public byte[] List(
        IEnumerable<(Bytes Serial, Revocation Revocation)> revoked, long number, DateTimeOffset now, DateTimeOffset next)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var (serial, revocation) in revoked)
            builder.AddEntry(serial.Span, revocation.Since, revocation.Reason);
        return builder.Build(
            Certificate.SubjectName, Signer, number, next, Hash,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false), now);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    /// <summary>127 random bits, positive.</summary>
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialLength);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }

    private static X509KeyUsageFlags UsageOf(byte reference, bool isRsa) => reference switch
    {
        PivKeyReference.Signature => X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation,
        PivKeyReference.Authentication or PivKeyReference.CardAuthentication => X509KeyUsageFlags.DigitalSignature,
        _ when isRsa => X509KeyUsageFlags.KeyEncipherment,
        _ => X509KeyUsageFlags.KeyAgreement,
    };

    private static string? PurposeOf(byte reference) => reference switch
    {
        PivKeyReference.Authentication => ClientAuthentication,
        PivKeyReference.CardAuthentication => CardAuthentication,
        _ => null,
    };
}
