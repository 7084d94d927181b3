using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tessera.Cards.Identity;
using Tessera.Wire;

namespace Tessera.Storage.Authorities;

/// <summary>The built-in authority for cards at rest, with all it issued and took back.</summary>
/// <remarks>
/// <code>
/// authority/authority.crt   the root, PEM
/// authority/authority.crl   the last revocation list, DER
/// authority/sealed.key      its key: see SealedAuthorityKey
/// authority/seal.key        32 octets
/// authority/issued.json     the number of the last list, and every certificate: serial, subject, key, until, revoked
/// </code>
/// The folder appears in one step, by renaming, and each file changes in one. A certificate is on record before anybody
/// gets it, and a revocation before the list that tells it. One program changes the folder at a time. What trusts the
/// authority reads the .crt and the .crl of this very folder.
/// </remarks>
public sealed class AuthorityFolder : IDisposable
{
    /// <summary>How long a revocation list holds where nobody says otherwise.</summary>
    public static readonly TimeSpan ListHolds = TimeSpan.FromDays(7);

    private const int MaxIssued = 256 * 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly string _folder;
    private readonly Authority _authority;
    private readonly FileStream _held;
    private readonly TimeProvider _time;
    private IssuedCertificates _issued;

    private AuthorityFolder(
        string folder, Authority authority, IssuedCertificates issued, FileStream held, TimeProvider time) =>
        (_folder, _authority, _issued, _held, _time) = (folder, authority, issued, held, time);

    /// <summary>The root; it stays the folder's.</summary>
    public X509Certificate2 Certificate => _authority.Certificate;

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<IssuedCertificate> Issued => _issued.Certificates;

    /// <summary>Where it is in the data folder of a server.</summary>
    public static string In(string dataFolder) => Path.Combine(dataFolder, "authority");

    /// <summary>Makes an authority, with an empty revocation list.</summary>
    /// <param name="name">X.500 name, as "CN=Tessera Cards".</param>
    /// <exception cref="IOException">There is one.</exception>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public static async Task CreateAsync(string folder, string name, TimeProvider time, CancellationToken cancel)
    {
        if (Directory.Exists(folder)) throw new IOException($"{folder}: there is an authority.");
        using var authority = Authority.Create(name, time.GetUtcNow());
        var fresh = folder + ".new";
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        OwnFiles.CreateFolder(fresh);
        var sealKey = RandomNumberGenerator.GetBytes(SealedAuthorityKey.SealKeyLength);
        var key = authority.ExportKey();
        try
        {
            await OwnFiles.WriteAsync(Path.Combine(fresh, SealKey), sealKey, cancel);
            await OwnFiles.WriteAsync(
                Path.Combine(fresh, SealedKey),
                SealedAuthorityKey.Seal(key, authority.Certificate.RawData, sealKey), cancel);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealKey);
            CryptographicOperations.ZeroMemory(key);
        }

        await File.WriteAllTextAsync(Path.Combine(fresh, Root), authority.Certificate.ExportCertificatePem(), cancel);
        await OwnFiles.WriteAsync(
            Path.Combine(fresh, Record), JsonSerializer.SerializeToUtf8Bytes(IssuedCertificates.None, Json), cancel);
        Directory.Move(fresh, folder);
        using var opened = await OpenAsync(folder, time, cancel);
        await opened.ListAsync(ListHolds, cancel);
    }

    /// <summary>The authority of a folder, ours alone until it is disposed.</summary>
    /// <exception cref="InvalidDataException">
    /// There is none, a file is missing or damaged, or does not belong to the others.
    /// </exception>
    /// <exception cref="IOException">Another program has it open.</exception>
    public static async Task<AuthorityFolder> OpenAsync(string folder, TimeProvider time, CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(folder, Root))) throw new InvalidDataException($"{folder}: there is no authority.");
        var held = OwnFiles.Hold(Path.Combine(folder, "lock"), "at work there");
        try
        {
            var authority = await OpenKeyAsync(folder, cancel);
            var record = await OwnFiles.ReadAsync(Path.Combine(folder, Record), MaxIssued, cancel);
            var issued = JsonSerializer.Deserialize<IssuedCertificates>(record, Json)
                ?? throw new InvalidDataException($"{folder}: the record of what was issued is empty.");
            return new AuthorityFolder(folder, authority, issued, held, time);
        }
        catch (JsonException e)
        {
            await held.DisposeAsync();
            throw new InvalidDataException($"{folder}: the record of what was issued is damaged: {e.Message}", e);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Issues a certificate for what a card asked for.</summary>
    /// <returns>The caller disposes it.</returns>
    /// <inheritdoc cref="Authority.Issue"/>
    public async Task<X509Certificate2> IssueAsync(
        Bytes request, byte reference, TimeSpan holds, string? subject, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        var certificate = _authority.Issue(request.Span, reference, now, now + holds, subject);
        try
        {
            await RecordAsync(_issued.With(IssuedCertificate.Of(certificate, reference)), cancel);
            return certificate;
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>Takes a certificate back, from now on, and issues the list that says so.</summary>
    /// <param name="serial">Hexadecimal, as <see cref="IssuedCertificate.Serial"/>.</param>
    /// <returns>What was taken back; one that was so already keeps its time and reason.</returns>
    /// <exception cref="ArgumentException">The authority issued none with that number.</exception>
    public async Task<IssuedCertificate> RevokeAsync(string serial, X509RevocationReason reason, CancellationToken cancel)
    {
        var found = Issued.FirstOrDefault(each => string.Equals(each.Serial, serial, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"The authority issued no certificate {serial}.", nameof(serial));
        var revoked = found.Revoked is null ? found with { Revoked = _time.GetUtcNow(), Reason = reason } : found;
        await RecordAsync(_issued.With(found, revoked), cancel);
        await ListAsync(ListHolds, cancel);
        return revoked;
    }

    /// <summary>Issues a revocation list.</summary>
    /// <param name="holds">Until the next one.</param>
    public async Task<RevocationList> ListAsync(TimeSpan holds, CancellationToken cancel)
    {
        var number = _issued.LastList + 1;
        await RecordAsync(_issued with { LastList = number }, cancel);
        var now = _time.GetUtcNow();
        var list = _authority.List(_issued.Revoked, number, now, now + holds);
        await OwnFiles.ReplaceAsync(Path.Combine(_folder, List), list, cancel);
        return RevocationList.Read(list);
    }

    /// <summary>Issues a list for as long as the last one, once half of that is over.</summary>
    /// <returns>Whether there is a new one.</returns>
    public async Task<bool> RenewListAsync(CancellationToken cancel)
    {
        var last = RevocationList.Read(
            await OwnFiles.ReadAsync(Path.Combine(_folder, List), RevocationList.MaxLength, cancel));
        var holds = last.NextUpdate - last.ThisUpdate ?? ListHolds;
        if (_time.GetUtcNow() < last.ThisUpdate + holds / 2) return false;
        await ListAsync(holds, cancel);
        return true;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _held.Dispose();
    }

    private const string Root = "authority.crt";
    private const string List = "authority.crl";
    private const string SealedKey = "sealed.key";
    private const string SealKey = "seal.key";
    private const string Record = "issued.json";

    private static async Task<Authority> OpenKeyAsync(string folder, CancellationToken cancel)
    {
        var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, Root));
        var (sealKey, key) = (Array.Empty<byte>(), Array.Empty<byte>());
        try
        {
            sealKey = await OwnFiles.ReadAsync(Path.Combine(folder, SealKey), SealedAuthorityKey.SealKeyLength, cancel);
            if (sealKey.Length != SealedAuthorityKey.SealKeyLength)
                throw new InvalidDataException("The key of the seal is cut short.");
            var sealedKey = await OwnFiles.ReadAsync(Path.Combine(folder, SealedKey), SealedAuthorityKey.MaxLength, cancel);
            key = SealedAuthorityKey.Open(sealedKey, certificate.RawData, sealKey);
            return Authority.Open(certificate, key);
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealKey);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private async Task RecordAsync(IssuedCertificates issued, CancellationToken cancel)
    {
        await OwnFiles.ReplaceAsync(
            Path.Combine(_folder, Record), JsonSerializer.SerializeToUtf8Bytes(issued, Json), cancel);
        _issued = issued;
    }
}
