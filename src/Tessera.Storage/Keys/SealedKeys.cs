using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Storage.Keys;

/// <summary>
/// The issuer's master keys at rest: made at the first start, sealed by AES-256-GCM (NIST SP 800-38D) under a key in
/// a file of its own, both readable by their owner only.
/// </summary>
/// <remarks>
/// <code>
/// keys/seal.key     32 octets
/// keys/sealed.keys  "TSK" 01 | key version 1 | nonce 12 | tag 16 | sealed: purse 16, store 16
/// </code>
/// All before the tag is authenticated too. The two appear together, by renaming their folder: a folder without one
/// of them is damage, never a first start, for new keys would disown every card.
/// </remarks>
public static class SealedKeys
{
    public const byte FirstVersion = 1;

    private const int SealKeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 16;
    private const int HeaderLength = 5 + NonceLength;
    private const int FileLength = HeaderLength + TagLength + (2 * KeyLength);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static ReadOnlySpan<byte> Magic => "TSK\x01"u8;

    /// <summary>The keys of this data folder; the caller disposes them.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged, or does not belong to the other.</exception>
    public static async Task<MasterKeys> OpenAsync(string folder, CancellationToken cancel)
    {
        var keys = Path.Combine(folder, "keys");
        if (!Directory.Exists(keys)) await CreateAsync(folder, keys, cancel);

        var sealKey = await ReadAsync(SealKeyFile(keys), SealKeyLength, cancel);
        try
        {
            return Unseal(await ReadAsync(SealedFile(keys), FileLength, cancel), sealKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealKey);
        }
    }

    private static async Task CreateAsync(string folder, string keys, CancellationToken cancel)
    {
        var fresh = keys + ".new";
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        Directory.CreateDirectory(folder);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(fresh);
        else Directory.CreateDirectory(fresh, OwnerOnly | UnixFileMode.UserExecute);

        var sealKey = RandomNumberGenerator.GetBytes(SealKeyLength);
        try
        {
            using var masters = MasterKeys.Generate(FirstVersion);
            await WriteAsync(SealKeyFile(fresh), sealKey, cancel);
            await WriteAsync(SealedFile(fresh), Seal(masters, sealKey), cancel);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealKey);
        }

        Directory.Move(fresh, keys);
    }

    private static byte[] Seal(MasterKeys masters, byte[] sealKey)
    {
        var file = new byte[FileLength];
        var clear = new byte[2 * KeyLength];
        try
        {
            Magic.CopyTo(file);
            file[Magic.Length] = masters.Version;
            RandomNumberGenerator.Fill(file.AsSpan(Magic.Length + 1, NonceLength));
            masters.Purse.Reveal().CopyTo(clear);
            masters.Store.Reveal().CopyTo(clear.AsSpan(KeyLength));
            using var gcm = new AesGcm(sealKey, TagLength);
            gcm.Encrypt(
                file.AsSpan(HeaderLength - NonceLength, NonceLength), clear, file.AsSpan(HeaderLength + TagLength),
                file.AsSpan(HeaderLength, TagLength), file.AsSpan(0, HeaderLength));
            return file;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static MasterKeys Unseal(ReadOnlySpan<byte> file, byte[] sealKey)
    {
        if (!file.StartsWith(Magic)) throw new InvalidDataException("The sealed keys have another format.");
        Span<byte> clear = stackalloc byte[2 * KeyLength];
        try
        {
            using var gcm = new AesGcm(sealKey, TagLength);
            gcm.Decrypt(
                file[(HeaderLength - NonceLength)..HeaderLength], file[(HeaderLength + TagLength)..],
                file[HeaderLength..(HeaderLength + TagLength)], clear, file[..HeaderLength]);
            return new MasterKeys(
                file[Magic.Length], new SecretKey(clear[..KeyLength]), new SecretKey(clear[KeyLength..]));
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new InvalidDataException("The sealed keys are damaged, or sealed under another key.", mismatch);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static async Task<byte[]> ReadAsync(string path, int length, CancellationToken cancel)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path} is missing.");
        await using var file = File.OpenRead(path);
        if (file.Length != length) throw new InvalidDataException($"{path} has {file.Length} octets, not {length}.");
        var octets = new byte[length];
        await file.ReadExactlyAsync(octets, cancel);
        return octets;
    }

    private static async Task WriteAsync(string path, byte[] octets, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        await using var file = new FileStream(path, options);
        await file.WriteAsync(octets, cancel);
        file.Flush(flushToDisk: true);
    }

    private static string SealKeyFile(string keys) => Path.Combine(keys, "seal.key");

    private static string SealedFile(string keys) => Path.Combine(keys, "sealed.keys");
}
