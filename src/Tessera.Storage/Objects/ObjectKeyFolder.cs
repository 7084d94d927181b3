using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tessera.Cards.Store;
using Tessera.Storage.Authorities;

namespace Tessera.Storage.Objects;

/// <summary>The keys that an issuer signs tickets, coupons and receipts with, at rest (docs/protocols/store.md §6).</summary>
/// <remarks>
/// <code>
/// objects/seal.key      32 octets
/// objects/01.pem        the public key of number 1, for whoever checks; then 02.pem, 03.pem ...
/// objects/01.sealed     its private key: see SealedAuthorityKey, authenticated with the public one
/// </code>
/// The key of the highest number signs; the others are kept, because what they signed is still good. A key is there with
/// both its files or not at all: the public one comes last.
/// </remarks>
public sealed class ObjectKeyFolder : IDisposable
{
    private const string SealKey = "seal.key";
    private const int MaxKeys = 99;

    private readonly string _folder;
    private List<ObjectKey> _keys;

    private ObjectKeyFolder(string folder, List<ObjectKey> keys) => (_folder, _keys) = (folder, keys);

    /// <summary>The oldest first; the last one signs. They stay the folder's.</summary>
    public IReadOnlyList<ObjectKey> Keys => _keys;

    /// <summary>Where it is in the data folder of a server.</summary>
    public static string In(string dataFolder) => Path.Combine(dataFolder, "objects");

    /// <summary>Opens the folder, making it and its first key where there is none.</summary>
    /// <exception cref="InvalidDataException">A file is missing or damaged, or does not belong to the others.</exception>
    public static async Task<ObjectKeyFolder> OpenAsync(string folder, CancellationToken cancel)
    {
        OwnFiles.CreateFolder(folder);
        var seal = Path.Combine(folder, SealKey);
        if (!File.Exists(seal))
            await OwnFiles.ReplaceAsync(seal, RandomNumberGenerator.GetBytes(SealedAuthorityKey.SealKeyLength), cancel);
        var opened = new ObjectKeyFolder(folder, []);
        try
        {
            await opened.ReadAsync(cancel);
            if (opened._keys.Count == 0) await opened.RotateAsync(cancel);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes another key, which signs from now on. What runs already goes on with the one before until it is started anew.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are 99.</exception>
    public async Task<ObjectKey> RotateAsync(CancellationToken cancel)
    {
        var number = _keys.Count == 0 ? 1 : _keys[^1].Number + 1;
        if (number > MaxKeys) throw new InvalidOperationException($"There are {MaxKeys} keys.");
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var sealKey = await SealKeyAsync(cancel);
        var pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            await OwnFiles.ReplaceAsync(
                SealedFile(number), SealedAuthorityKey.Seal(pkcs8, key.ExportSubjectPublicKeyInfo(), sealKey), cancel);
            await OwnFiles.ReplaceAsync(
                PublicFile(number), Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), cancel);
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealKey);
            CryptographicOperations.ZeroMemory(pkcs8);
        }

        var made = new ObjectKey(number, key);
        _keys = [.. _keys, made];
        return made;
    }

    public void Dispose()
    {
        foreach (var key in _keys) key.Key.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        var sealKey = await SealKeyAsync(cancel);
        try
        {
            for (var number = 1; number <= MaxKeys && File.Exists(PublicFile(number)); number++)
                _keys.Add(await ReadAsync(number, sealKey, cancel));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealKey);
        }
    }

    private async Task<ObjectKey> ReadAsync(int number, byte[] sealKey, CancellationToken cancel)
    {
        using var known = ECDsa.Create();
        known.ImportFromPem(await File.ReadAllTextAsync(PublicFile(number), cancel));
        var sealedKey = await OwnFiles.ReadAsync(SealedFile(number), SealedAuthorityKey.MaxLength, cancel);
        var pkcs8 = SealedAuthorityKey.Open(sealedKey, known.ExportSubjectPublicKeyInfo(), sealKey);
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            return new ObjectKey(number, key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private async Task<byte[]> SealKeyAsync(CancellationToken cancel)
    {
        var key = await OwnFiles.ReadAsync(
            Path.Combine(_folder, SealKey), SealedAuthorityKey.SealKeyLength, cancel);
        return key.Length == SealedAuthorityKey.SealKeyLength
            ? key
            : throw new InvalidDataException("The key of the seal is cut short.");
    }

    private string PublicFile(int number) => Named(number, "pem");

    private string SealedFile(int number) => Named(number, "sealed");

    private string Named(int number, string ending) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{number:D2}.{ending}"));
}

/// <summary>A key that signs objects, or signed them.</summary>
/// <param name="Number">Of its rotation, from 1.</param>
/// <param name="Key">On P-256; stays the folder's.</param>
public sealed record ObjectKey(int Number, ECDsa Key)
{
    /// <summary>As objects name it: eight hexadecimal digits.</summary>
    public string Name => SignedObject.KeyName(Key).ToString("X8", CultureInfo.InvariantCulture);

    public string PublicKey => Key.ExportSubjectPublicKeyInfoPem();
}
