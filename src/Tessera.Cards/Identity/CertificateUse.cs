using System.Security.Cryptography.X509Certificates;

namespace Tessera.Cards.Identity;

/// <summary>What the key of a card is to be used for.</summary>
public enum CertificateUse
{
    /// <summary>
    /// Challenge and response: digitalSignature; where purposes are named, client authentication, smart card logon,
    /// PIV card authentication or any.
    /// </summary>
    Authentication,

    /// <summary>Documents: digitalSignature or nonRepudiation, whatever purposes are named.</summary>
    Signature,

    /// <summary>Secrets between two: keyEncipherment or keyAgreement, whatever purposes are named.</summary>
    KeyEstablishment,
}

/// <summary>How far revocation is looked into.</summary>
public enum RevocationCheck
{
    /// <summary>Every certificate but the root has to be on no list, and a list of its issuer has to be current.</summary>
    Chain,

    /// <summary>Only the certificate in question.</summary>
    Leaf,

    /// <summary>Not at all: for authorities that issue no lists.</summary>
    None,
}

/// <summary>Key usage and extended key usage of a certificate against a use (RFC 5280 §4.2.1.3, §4.2.1.12).</summary>
internal static class UsageRules
{
    /// <summary>Purposes that make a certificate one to authenticate with.</summary>
    private static readonly HashSet<string> Authenticating = new(StringComparer.Ordinal)
    {
        "1.3.6.1.5.5.7.3.2", // id-kp-clientAuth
        "1.3.6.1.4.1.311.20.2.2", // smart card logon
        "2.16.840.1.101.3.6.8", // id-PIV-cardAuth
        "2.5.29.37.0", // anyExtendedKeyUsage
    };

    /// <summary>Why the certificate may not be used so; null where it may. What is not said is not restricted.</summary>
    public static string? Against(X509Certificate2 certificate, CertificateUse use)
    {
        var wanted = use switch
        {
            CertificateUse.Authentication => X509KeyUsageFlags.DigitalSignature,
            CertificateUse.Signature => X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation,
            _ => X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement,
        };
        if (UsageOf(certificate) is { } usage && (usage & wanted) == X509KeyUsageFlags.None) return $"its key usage is {usage}";
        if (use != CertificateUse.Authentication) return null;

        var purposes = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        return purposes is null || purposes.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>()
            .Any(each => Authenticating.Contains(each.Value ?? ""))
            ? null
            : "its purposes are others";
    }

    /// <summary>Whether a certificate may sign certificates, or revocation lists.</summary>
    public static bool Permits(X509Certificate2 authority, X509KeyUsageFlags what) =>
        UsageOf(authority) is not { } usage || usage.HasFlag(what);

    private static X509KeyUsageFlags? UsageOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages;
}
