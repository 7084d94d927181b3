using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Verifier;

/// <summary>The keys of a verifier in a folder that is its owner's alone, and what it publishes of them.</summary>
/// <remarks>
/// <code>
/// verifier        what terminals and servers get (docs/protocols/verifier.md §1)
/// signing.pem     certificate and key of TLS and of verdicts
/// sealing.pem     key that entries are encrypted for; the references are sealed under what is derived from it
/// servers         who may ask it: identities of 64 hexadecimal digits, a line each
/// references/     a file for each card
/// </code>
/// </remarks>
public sealed class VerifierFolder : IDisposable
{
    private const string PublicFile = "verifier";
    private const string SigningFile = "signing.pem";
    private const string SealingFile = "sealing.pem";
    private const string ServersFile = "servers";
    private const string ReferencesFolder = "references";
    private const int ReferenceKeyLength = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;

    private VerifierFolder(string folder, X509Certificate2 certificate, ECDiffieHellman sealing, VerifierKey key) =>
        (_folder, Certificate, Sealing, Public) = (folder, certificate, sealing, key);

    /// <summary>With its key; not the caller's to dispose.</summary>
    public X509Certificate2 Certificate { get; }

    public VerifierKey Public { get; }

    internal ECDiffieHellman Sealing { get; }

    internal string References => Path.Combine(_folder, ReferencesFolder);

    /// <summary>Makes a verifier.</summary>
    /// <param name="name">For holders, 1 to 24 characters.</param>
    /// <exception cref="IOException">There is one already.</exception>
    /// <exception cref="FormatException">The name is none.</exception>
    public static VerifierFolder Create(string folder, string name)
    {
        if (File.Exists(Path.Combine(folder, PublicFile))) throw new IOException($"There is a verifier in {folder} already.");
        CreateFolder(folder);
        CreateFolder(Path.Combine(folder, ReferencesFolder));
        using var certificate = LinkCertificate.Create(name);
        using var sealing = Hpke.CreateKey();
        var key = new VerifierKey(
            name, Hpke.PublicKeyOf(sealing), new Bytes(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        LinkCertificate.Save(certificate, Path.Combine(folder, SigningFile));
        Write(Path.Combine(folder, SealingFile), sealing.ExportPkcs8PrivateKeyPem());
        Write(Path.Combine(folder, PublicFile), key.ToString());
        return Open(folder);
    }

    /// <exception cref="IOException">There is none.</exception>
    /// <exception cref="FormatException">What is there is damaged.</exception>
    /// <exception cref="CryptographicException">What is there is damaged.</exception>
    public static VerifierFolder Open(string folder)
    {
        var key = VerifierKey.Load(Path.Combine(folder, PublicFile));
        var certificate = LinkCertificate.Load(Path.Combine(folder, SigningFile));
        var sealing = ECDiffieHellman.Create();
        try
        {
            sealing.ImportFromPem(File.ReadAllText(Path.Combine(folder, SealingFile)));
            if (Hpke.PublicKeyOf(sealing) != key.Sealing || PeerIdentity.Of(certificate) != key.Identity)
                throw new FormatException($"The keys in {folder} are not those that the verifier publishes.");
            return new VerifierFolder(folder, certificate, sealing, key);
        }
        catch
        {
            sealing.Dispose();
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>Lets a server ask; from the next connection on.</summary>
    public void Allow(PeerIdentity server)
    {
        if (!Allows(server)) File.AppendAllText(Path.Combine(_folder, ServersFile), $"{server}\n");
    }

    /// <summary>True for a server that may ask.</summary>
    /// <exception cref="FormatException">The file of the servers is damaged.</exception>
    public bool Allows(PeerIdentity server)
    {
        var path = Path.Combine(_folder, ServersFile);
        return File.Exists(path) && File.ReadLines(path).Any(line => PeerIdentity.Parse(line) == server);
    }

    /// <summary>The key that references are sealed under; the caller disposes it.</summary>
    internal SecretKey ReferenceKey()
    {
        var secret = Sealing.ExportParameters(includePrivateParameters: true).D!;
        var derived = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, secret, ReferenceKeyLength, [], "Tessera verifier references"u8.ToArray());
        try
        {
            return new SecretKey(derived);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    public void Dispose()
    {
        Sealing.Dispose();
        Certificate.Dispose();
    }

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }
}
