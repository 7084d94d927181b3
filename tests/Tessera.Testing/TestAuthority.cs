using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tessera.Testing;

/// <summary>A small authority: a certificate with its key, which issues others and takes them back.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _lists;

    private TestAuthority(string name, DateTimeOffset from, TestAuthority? issuer, CertificateTraits traits)
    {
        Certificate = issuer is null
            ? Request(name, _key, traits).Create(
                new X500DistinguishedName(name), X509SignatureGenerator.CreateForECDsa(_key), from, from.AddYears(20),
                RandomNumberGenerator.GetBytes(12))
            : issuer.Issue(name, _key, from, from.AddYears(20), traits);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>What makes a certificate one of an authority.</summary>
    public static CertificateTraits Authority { get; } =
        new(IsAuthority: true, Usage: X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign);

    /// <summary>Good for 20 years.</summary>
    public static TestAuthority Root(string name, DateTimeOffset from, CertificateTraits? traits = null) =>
        new(name, from, null, traits ?? Authority);

    /// <summary>An authority below this one, good for 20 years.</summary>
    public TestAuthority Below(string name, DateTimeOffset from, CertificateTraits? traits = null) =>
        new(name, from, this, traits ?? Authority);

    public X509Certificate2 Issue(
        string subject, AsymmetricAlgorithm key, DateTimeOffset from, DateTimeOffset until, CertificateTraits? traits = null) =>
        Request(subject, key, traits ?? new CertificateTraits()).Create(
            Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), from, until,
            RandomNumberGenerator.GetBytes(12));

    /// <summary>A revocation list, DER.</summary>
    public byte[] List(
        DateTimeOffset at, DateTimeOffset next, params (X509Certificate2 Certificate, DateTimeOffset Since)[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var (certificate, since) in revoked)
            builder.AddEntry(certificate, since, X509RevocationReason.KeyCompromise);
        return builder.Build(
            Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), ++_lists, next, HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false), at);
    }

    /// <summary>What is written, as a sequence, with algorithm and signature behind it as certificates have them.</summary>
    public byte[] Signed(string algorithm, Action<AsnWriter> write)
    {
        var content = new AsnWriter(AsnEncodingRules.DER);
        using (content.PushSequence()) write(content);
        var whole = new AsnWriter(AsnEncodingRules.DER);
        using (whole.PushSequence())
        {
            whole.WriteEncodedValue(content.Encode());
            using (whole.PushSequence()) whole.WriteObjectIdentifier(algorithm);
            whole.WriteBitString(_key.SignData(
                content.Encode(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }

        return whole.Encode();
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest Request(string subject, AsymmetricAlgorithm key, CertificateTraits traits)
    {
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        var extensions = request.CertificateExtensions;
        extensions.Add(new X509BasicConstraintsExtension(traits.IsAuthority, traits.Below is not null, traits.Below ?? 0, true));
        if (traits.Usage is { } usage) extensions.Add(new X509KeyUsageExtension(usage, critical: true));
        if (traits.Purpose is { } purpose)
            extensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        extensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        foreach (var more in traits.More ?? []) extensions.Add(more);
        return request;
    }
}

/// <summary>What a certificate says of itself, by default that of a key to sign with.</summary>
/// <param name="Below">How many authorities may be below it; null for any number.</param>
/// <param name="Usage">Null for no word of it.</param>
/// <param name="Purpose">Extended key usage, dotted; null for no word of it.</param>
/// <param name="More">Other extensions.</param>
public sealed record CertificateTraits(
    bool IsAuthority = false, int? Below = null, X509KeyUsageFlags? Usage = X509KeyUsageFlags.DigitalSignature,
    string? Purpose = null, IReadOnlyList<X509Extension>? More = null);
