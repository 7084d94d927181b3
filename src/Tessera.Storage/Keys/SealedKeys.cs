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
/// keys/sealed.keys  "TSK" 02 | key version 1 | nonce 12 | tag 16 | sealed: purse 16, store 16, ota 16
/// </code>
/// A file "TSK" 01 has no OTA key: it gains one when it is opened. All before the tag is authenticated too.
/// The two files appear together, by renaming their folder: a folder without one
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
    private const int KeysAt = HeaderLength + TagLength;
    private const byte WithoutOta = 1;
    private const byte WithOta = 2;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static ReadOnlySpan<byte> Magic => "TSK"u8;

    /// <summary>The keys of this data folder; the caller disposes them.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged, or does not belong to the other.</exception>
    public static async Task<MasterKeys> OpenAsync(string folder, CancellationToken cancel)
    {
        var keys = Path.Combine(folder, "keys");
        if (!Directory.Exists(keys)) await CreateAsync(folder, keys, cancel);

        var sealKey = await ReadAsync(SealKeyFile(keys), SealKeyLength, cancel);
        try
        {
            if (sealKey.Length != SealKeyLength) throw new InvalidDataException("The key of the seal is cut short.");
            var file = await ReadAsync(SealedFile(keys), LengthOf(WithOta), cancel);
            var masters = Unseal(file, sealKey);
            if (file[Magic.Length] == WithoutOta) await ReplaceAsync(keys, Seal(masters, sealKey), cancel);
            return masters;
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

    /// <summary>The file with all keys takes the place of the old one in one step.</summary>
    private static async Task ReplaceAsync(string keys, byte[] file, CancellationToken cancel)
    {
        var fresh = SealedFile(keys) + ".new";
        if (File.Exists(fresh)) File.Delete(fresh);
        await WriteAsync(fresh, file, cancel);
        File.Move(fresh, SealedFile(keys), overwrite: true);
    }

    private static byte[] Seal(MasterKeys masters, byte[] sealKey)
    {
        var file = new byte[LengthOf(WithOta)];
        var clear = new byte[file.Length - KeysAt];
        try
        {
            Magic.CopyTo(file);
            (file[Magic.Length], file[Magic.Length + 1]) = (WithOta, masters.Version);
            RandomNumberGenerator.Fill(file.AsSpan(HeaderLength - NonceLength, NonceLength));
            masters.Purse.Reveal().CopyTo(clear);
            masters.Store.Reveal().CopyTo(clear.AsSpan(KeyLength));
            masters.Ota.Reveal().CopyTo(clear.AsSpan(2 * KeyLength));
            using var gcm = new AesGcm(sealKey, TagLength);
            gcm.Encrypt(
                file.AsSpan(HeaderLength - NonceLength, NonceLength), clear, file.AsSpan(KeysAt),
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
        if (!file.StartsWith(Magic) || file.Length <= KeysAt || file.Length != LengthOf(file[Magic.Length]))
            throw new InvalidDataException("The sealed keys have another format or length.");
        Span<byte> clear = stackalloc byte[file.Length - KeysAt];
        try
        {
            using var gcm = new AesGcm(sealKey, TagLength);
            gcm.Decrypt(
                file[(HeaderLength - NonceLength)..HeaderLength], file[KeysAt..],
                file[HeaderLength..KeysAt], clear, file[..HeaderLength]);
            return new MasterKeys(
                file[Magic.Length + 1],
                purse: new SecretKey(clear[..KeyLength]),
                store: new SecretKey(clear.Slice(KeyLength, KeyLength)),
                ota: file[Magic.Length] == WithoutOta
                    ? SecretKey.Generate()
                    : new SecretKey(clear.Slice(2 * KeyLength, KeyLength)));
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

    /// <summary>Octets of a file of that format, 0 for one that is not known.</summary>
    private static int LengthOf(byte format) => format switch
    {
        WithoutOta => KeysAt + (2 * KeyLength),
        WithOta => KeysAt + (3 * KeyLength),
        _ => 0,
    };

    private static async Task<byte[]> ReadAsync(string path, int most, CancellationToken cancel)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path} is missing.");
        await using var file = File.OpenRead(path);
        if (file.Length > most) throw new InvalidDataException($"{path} has {file.Length} octets, above {most}.");
        var octets = new byte[file.Length];
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
