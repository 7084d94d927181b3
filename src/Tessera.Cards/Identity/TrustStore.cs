using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>The authorities that are believed, those between them and cards, and their revocation lists.</summary>
/// <remarks>Does not change, and may be used by many at once. Nothing is ever fetched from a network.</remarks>
public sealed class TrustStore : IDisposable
{
    /// <summary>Octets of the longest file that is read, and how many files and objects.</summary>
    public const int MaxFile = RevocationList.MaxLength * 2;
    public const int MaxObjects = 4096;

    private static readonly HashSet<string> Extensions =
        new([".pem", ".crt", ".cer", ".der", ".crl"], StringComparer.OrdinalIgnoreCase);

    private readonly List<X509Certificate2> _roots = [];
    private readonly List<X509Certificate2> _intermediates = [];
    private readonly List<RevocationList> _lists = [];

    private TrustStore() { }

    /// <summary>They stay the store's.</summary>
    public IReadOnlyList<X509Certificate2> Roots => _roots;

    /// <inheritdoc cref="Roots"/>
    public IReadOnlyList<X509Certificate2> Intermediates => _intermediates;

    public IReadOnlyList<RevocationList> Lists => _lists;

    /// <summary>A store of what is at hand, by copies.</summary>
    public static TrustStore Of(
        IEnumerable<X509Certificate2> roots, IEnumerable<X509Certificate2>? intermediates = null,
        IEnumerable<RevocationList>? lists = null)
    {
        var store = new TrustStore();
        foreach (var root in roots) store._roots.Add(X509CertificateLoader.LoadCertificate(root.RawData));
        foreach (var between in intermediates ?? [])
            store._intermediates.Add(X509CertificateLoader.LoadCertificate(between.RawData));
        store._lists.AddRange(lists ?? []);
        return store;
    }

    /// <summary>
    /// All of a folder: files .pem, .crt, .cer, .der and .crl, each PEM (any number of objects) or DER (one). A
    /// certificate that names itself as its issuer is a root, any other one between roots and cards.
    /// </summary>
    /// <exception cref="InvalidDataException">A file holds what is no certificate and no list, or there is no root.</exception>
    /// <exception cref="IOException">The folder or a file cannot be read.</exception>
    public static Task<TrustStore> LoadAsync(string folder, CancellationToken cancel) => LoadAsync([folder], cancel);

    /// <summary>All of several folders together.</summary>
    /// <inheritdoc cref="LoadAsync(string, CancellationToken)"/>
    public static async Task<TrustStore> LoadAsync(IReadOnlyList<string> folders, CancellationToken cancel)
    {
        var store = new TrustStore();
        try
        {
            foreach (var file in folders.SelectMany(each => Directory.EnumerateFiles(each).Order(StringComparer.Ordinal)))
                if (Extensions.Contains(Path.GetExtension(file))) await store.AddAsync(file, cancel);
            return store._roots.Count > 0
                ? store
                : throw new InvalidDataException($"{string.Join(", ", folders)} has no certificate of a root.");
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Judges a certificate by this store alone.</summary>
    /// <param name="chain">Certificates that came with it; they are not believed, but may lead to a root.</param>
    /// <param name="at">The time that it has to be good at.</param>
    public TrustVerdict Judge(
        X509Certificate2 leaf, IReadOnlyList<X509Certificate2> chain, DateTimeOffset at, CertificateUse use,
        RevocationCheck revocation = RevocationCheck.Chain) =>
        new ChainJudge(this, at).Judge(leaf, chain, use, revocation);

    public void Dispose()
    {
        foreach (var certificate in _roots.Concat(_intermediates)) certificate.Dispose();
    }

    private async Task AddAsync(string path, CancellationToken cancel)
    {
        if (new FileInfo(path).Length is > MaxFile and var length)
            throw new InvalidDataException($"{path} has {length} octets, above {MaxFile}.");
        var octets = await File.ReadAllBytesAsync(path, cancel);
        try
        {
            if (octets is [0x30, ..]) AddDer(octets, path);
            else AddPem(octets, path);
        }
        catch (Exception e) when (e is CryptographicException or WireFormatException)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }

        if (_roots.Count + _intermediates.Count + _lists.Count > MaxObjects)
            throw new InvalidDataException($"{path} brings more than {MaxObjects} certificates and lists.");
    }

    private void AddDer(byte[] octets, string path)
    {
        if (string.Equals(Path.GetExtension(path), ".crl", StringComparison.OrdinalIgnoreCase))
            _lists.Add(RevocationList.Read(octets));
        else AddCertificate(octets);
    }

    private void AddPem(byte[] octets, string path)
    {
        var text = System.Text.Encoding.ASCII.GetString(octets).AsSpan();
        var found = 0;
        for (; PemEncoding.TryFind(text, out var fields); found++)
        {
            var der = Convert.FromBase64String(text[fields.Base64Data].ToString());
            switch (text[fields.Label])
            {
                case "CERTIFICATE": AddCertificate(der); break;
                case "X509 CRL": _lists.Add(RevocationList.Read(der)); break;
                case var label: throw new InvalidDataException($"{path} holds a {label}, which is not expected here.");
            }

            text = text[fields.Location.End..];
        }

        if (found == 0) throw new InvalidDataException($"{path} holds no certificate and no revocation list.");
    }

    private void AddCertificate(byte[] der)
    {
        var certificate = X509CertificateLoader.LoadCertificate(der);
        var isRoot = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
        (isRoot ? _roots : _intermediates).Add(certificate);
    }
}
