using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tessera.Toolkit.Links;

/// <summary>The self-signed ECDSA P-256 certificates of terminals and servers: only their keys count, by pin.</summary>
public static class LinkCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int Years = 30;

    /// <summary>A new key and its certificate, good for both sides of a link; the caller disposes it.</summary>
    /// <param name="name">Common name, for people.</param>
    public static X509Certificate2 Create(string name, TimeProvider? time = null)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(ServerAuthentication), new Oid(ClientAuthentication)], critical: false));
        var now = (time ?? TimeProvider.System).GetUtcNow();
        using var created = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(Years));
        return ForTls(created);
    }

    /// <summary>Reads a certificate with its key from a PEM file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="CryptographicException">The file holds no certificate with a matching key.</exception>
    public static X509Certificate2 Load(string path)
    {
        using var loaded = X509Certificate2.CreateFromPemFile(path);
        return ForTls(loaded);
    }

    /// <summary>Writes certificate and key to a new PEM file that only its owner may read (mode 0600).</summary>
    /// <exception cref="IOException">The file exists already.</exception>
    public static void Save(X509Certificate2 certificate, string path)
    {
        using var key = certificate.GetECDsaPrivateKey()
            ?? throw new ArgumentException("The certificate has no private key.", nameof(certificate));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, options);
        file.WriteLine(certificate.ExportCertificatePem());
        file.WriteLine(key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Loads the file, or creates key and file if it is not there yet.</summary>
    public static X509Certificate2 LoadOrCreate(string path, string name, TimeProvider? time = null)
    {
        if (File.Exists(path)) return Load(path);

        var created = Create(name, time);
        Save(created, path);
        return created;
    }

    /// <summary>A copy whose key TLS can use: SChannel takes none that lives in memory only.</summary>
    private static X509Certificate2 ForTls(X509Certificate2 certificate)
    {
        var octets = certificate.Export(X509ContentType.Pkcs12);
        try
        {
            return X509CertificateLoader.LoadPkcs12(octets, password: null, X509KeyStorageFlags.Exportable);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }
}
