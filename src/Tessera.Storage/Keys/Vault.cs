using System.Security.Cryptography;
using Tessera.Cards;

namespace Tessera.Storage.Keys;

/// <summary>
/// The issuer's master keys at rest: made at the first start, sealed under a key in a file of its own, both readable by
/// their owner only. What is open is a copy of one moment; zeroed when disposed.
/// </summary>
/// <remarks>
/// <code>
/// keys/seal.key     32 octets; not there where a passphrase or a file kept elsewhere opens the vault (VaultSeal)
/// keys/sealed.keys  the keys by version and purpose: see VaultFile
/// keys.lock         held while they are changed
/// </code>
/// The two files appear together, by renaming their folder: a folder without one of them is damage, never a first
/// start, for new keys would disown every card. Every change takes the place of the file in one step; no version is
/// ever taken out.
/// </remarks>
public sealed class Vault : IDisposable
{
    public const byte FirstVersion = 1;

    /// <summary>The version behind it is that of demonstration cards.</summary>
    public const byte LastVersion = 0x7E;

    private Vault(IReadOnlyList<IssuerKeys> versions, byte current) =>
        (Versions, Current) = (versions, versions.FirstOrDefault(each => each.Version == current)
            ?? throw new InvalidDataException($"The sealed keys have no version {current:X2}, which is to be the current one."));

    /// <summary>Rising.</summary>
    public IReadOnlyList<IssuerKeys> Versions { get; }

    /// <summary>Those that cards are issued with.</summary>
    public IssuerKeys Current { get; }

    /// <summary>The keys of purse, store and packets of every version; disposed with this.</summary>
    public IEnumerable<MasterKeys> Cards => Versions.Select(each => each.Cards);

    public IssuerKeys? Find(byte version) => Versions.FirstOrDefault(each => each.Version == version);

    /// <summary>The keys of this data folder, made where there are none; the caller disposes them.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged, or does not belong to the other.</exception>
    /// <exception cref="IOException">Another program is changing a vault of an old format.</exception>
    public static async Task<Vault> OpenAsync(
        string folder, VaultSeal seal, TimeProvider time, CancellationToken cancel)
    {
        var keys = Path.Combine(folder, "keys");
        if (!Directory.Exists(keys))
        {
            using var first = IssuerKeys.Generate(FirstVersion, time.GetUtcNow());
            await CreateAsync(folder, keys, first, seal, cancel);
        }

        var file = Read(SealedFile(keys), VaultFile.MaxLength);
        var isCut = !VaultFile.HeadOf(file).IsEmpty && File.Exists(SealKeyFile(keys));
        return isCut || VaultFile.IsOld(file)
            ? await ChangeAsync(folder, seal, time, static vault => (vault.Versions, vault.Current.Version), cancel)
            : Read(keys, seal, time);
    }

    /// <summary>What opens the vault of this folder beside the folder itself; nothing where there is no vault.</summary>
    /// <exception cref="InvalidDataException">The file is missing, or no vault's.</exception>
    public static SealKind SealOf(string folder)
    {
        var keys = Path.Combine(folder, "keys");
        if (!Directory.Exists(keys)) return SealKind.None;
        var head = VaultFile.HeadOf(Read(SealedFile(keys), VaultFile.MaxLength));
        return head.IsEmpty ? SealKind.None : VaultSeal.KindOf(head) ?? SealKind.None;
    }

    /// <summary>
    /// Puts the vault under another seal, or under none: in one step, which is the replacement of the sealed file. What the
    /// old one was opened by opens nothing any more; its key is overwritten.
    /// </summary>
    /// <param name="told">Told before it is done.</param>
    /// <exception cref="InvalidDataException">
    /// The vault does not open, the new passphrase is too short, or the new key file is no key file.
    /// </exception>
    public static async Task SealAsync(
        string folder, VaultSeal seal, VaultSeal next, TimeProvider time, Func<Task> told, CancellationToken cancel)
    {
        (await OpenAsync(folder, seal, time, cancel)).Dispose();
        var keys = Path.Combine(folder, "keys");
        await using var held = Hold(folder);
        using var vault = Read(keys, seal, time);
        var head = next.Kind == SealKind.None ? [] : next.NewHead();
        var key = head.Length == 0 ? RandomNumberGenerator.GetBytes(VaultFile.SealKeyLength) : next.KeyOf(head);
        try
        {
            await told();
            if (head.Length == 0) await OwnFiles.ReplaceAsync(SealKeyFile(keys), key, cancel);
            await OwnFiles.ReplaceAsync(
                SealedFile(keys), VaultFile.Seal(vault.Versions, vault.Current.Version, head, key), cancel);
            if (head.Length > 0) OwnFiles.Wipe(SealKeyFile(keys));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>
    /// The vault as it is on disk now, for who has it open and is asked for a version that came later; the caller disposes
    /// it.
    /// </summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged, or does not belong to the other.</exception>
    public static Vault Reopen(string folder, VaultSeal seal, TimeProvider time) =>
        Read(Path.Combine(folder, "keys"), seal, time);

    /// <summary>When it was changed last, UTC.</summary>
    public static DateTime ChangedAt(string folder) =>
        File.GetLastWriteTimeUtc(SealedFile(Path.Combine(folder, "keys")));

    /// <summary>A new version of every key becomes the current one; cards of the others go on with theirs.</summary>
    /// <param name="told">Told what becomes current, before it is.</param>
    /// <returns>The vault after it; the caller disposes it.</returns>
    /// <exception cref="InvalidDataException">There is no version left.</exception>
    public static async Task<Vault> RotateAsync(
        string folder, VaultSeal seal, TimeProvider time, Func<IssuerKeys, Task> told, CancellationToken cancel)
    {
        (await OpenAsync(folder, seal, time, cancel)).Dispose();
        return await ChangeAsync(folder, seal, time, async vault =>
        {
            var next = vault.Versions[^1].Version + 1;
            if (next > LastVersion) throw new InvalidDataException($"Version {LastVersion:X2} is the last one.");
            var fresh = IssuerKeys.Generate((byte)next, time.GetUtcNow());
            await told(fresh);
            return ([.. vault.Versions, fresh], fresh.Version);
        }, cancel);
    }

    /// <summary>
    /// Takes in a version that another vault gave out; it becomes current only where that is wanted, or in a folder that
    /// had no vault, where it is the only one.
    /// </summary>
    /// <param name="keys">Owned from here on.</param>
    /// <param name="told">Told before it is done.</param>
    /// <returns>The vault after it; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The vault has other keys of that version, or there is no such version.</exception>
    public static Task<Vault> ImportAsync(
        string folder, VaultSeal seal, TimeProvider time, IssuerKeys keys, bool isCurrent, Func<Task> told,
        CancellationToken cancel)
    {
        if (keys.Version is 0 or > LastVersion)
            throw new ArgumentException($"A version is 01 to {LastVersion:X2}, not {keys.Version:X2}.", nameof(keys));
        return Directory.Exists(Path.Combine(folder, "keys"))
            ? AddAsync(folder, seal, time, keys, isCurrent, told, cancel)
            : BeginAsync(folder, seal, time, keys, told, cancel);
    }

    public void Dispose()
    {
        foreach (var version in Versions) version.Dispose();
    }

    private static async Task<Vault> BeginAsync(
        string folder, VaultSeal seal, TimeProvider time, IssuerKeys keys, Func<Task> told, CancellationToken cancel)
    {
        await told();
        using (keys) await CreateAsync(folder, Path.Combine(folder, "keys"), keys, seal, cancel);
        return await OpenAsync(folder, seal, time, cancel);
    }

    private static Task<Vault> AddAsync(
        string folder, VaultSeal seal, TimeProvider time, IssuerKeys keys, bool isCurrent, Func<Task> told,
        CancellationToken cancel) =>
        ChangeAsync(folder, seal, time, async vault =>
        {
            var known = vault.Find(keys.Version);
            if (known is not null && !IsSame(known, keys))
                throw new ArgumentException(
                    $"The vault has other keys of version {keys.Version:X2}; nothing was changed.", nameof(keys));
            await told();
            var current = isCurrent ? keys.Version : vault.Current.Version;
            if (known is null) return ([.. vault.Versions.Append(keys).OrderBy(each => each.Version)], current);
            keys.Dispose();
            return (vault.Versions, current);
        }, cancel);

    private static bool IsSame(IssuerKeys one, IssuerKeys other) => IssuerKeys.Purposes.All(purpose =>
        CryptographicOperations.FixedTimeEquals(one.Key(purpose).Reveal(), other.Key(purpose).Reveal()));

    private static Task<Vault> ChangeAsync(
        string folder, VaultSeal seal, TimeProvider time, Func<Vault, (IReadOnlyList<IssuerKeys>, byte)> change,
        CancellationToken cancel) =>
        ChangeAsync(folder, seal, time, vault => Task.FromResult(change(vault)), cancel);

    private static async Task<Vault> ChangeAsync(
        string folder, VaultSeal seal, TimeProvider time,
        Func<Vault, Task<(IReadOnlyList<IssuerKeys>, byte)>> change, CancellationToken cancel)
    {
        var keys = Path.Combine(folder, "keys");
        await using var held = Hold(folder);
        var file = Read(SealedFile(keys), VaultFile.MaxLength);
        var sealKey = ReadSealKey(keys, file, seal);
        IReadOnlyList<IssuerKeys> versions;
        byte current;
        try
        {
            (versions, current) = await change(Opened(file, sealKey, time));
            var head = VaultFile.HeadOf(file).ToArray();
            await OwnFiles.ReplaceAsync(SealedFile(keys), VaultFile.Seal(versions, current, head, sealKey), cancel);
            if (head.Length > 0) OwnFiles.Wipe(SealKeyFile(keys));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealKey);
        }

        return new Vault(versions, current);
    }

    /// <summary>One program changes a vault at a time; whoever reads it sees it before or after.</summary>
    private static FileStream Hold(string folder) =>
        OwnFiles.Hold(Path.Combine(folder, "keys.lock"), "changing the vault");

    private static Vault Opened(ReadOnlySpan<byte> file, ReadOnlySpan<byte> sealKey, TimeProvider time)
    {
        var (versions, current) = VaultFile.Unseal(file, sealKey, time.GetUtcNow());
        return new Vault(versions, current);
    }

    private static Vault Read(string keys, VaultSeal seal, TimeProvider time)
    {
        var file = Read(SealedFile(keys), VaultFile.MaxLength);
        var sealKey = ReadSealKey(keys, file, seal);
        try
        {
            return Opened(file, sealKey, time);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealKey);
        }
    }

    private static async Task CreateAsync(
        string folder, string keys, IssuerKeys first, VaultSeal seal, CancellationToken cancel)
    {
        var fresh = keys + ".new";
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        Directory.CreateDirectory(folder);
        OwnFiles.CreateFolder(fresh);

        var head = seal.Kind == SealKind.None ? [] : seal.NewHead();
        var sealKey = head.Length == 0 ? RandomNumberGenerator.GetBytes(VaultFile.SealKeyLength) : seal.KeyOf(head);
        try
        {
            if (head.Length == 0) await OwnFiles.WriteAsync(SealKeyFile(fresh), sealKey, cancel);
            await OwnFiles.WriteAsync(SealedFile(fresh), VaultFile.Seal([first], first.Version, head, sealKey), cancel);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sealKey);
        }

        Directory.Move(fresh, keys);
    }

    private static byte[] ReadSealKey(string keys, ReadOnlySpan<byte> file, VaultSeal seal)
    {
        if (VaultFile.HeadOf(file) is { IsEmpty: false } head) return seal.KeyOf(head);
        var sealKey = Read(SealKeyFile(keys), VaultFile.SealKeyLength);
        return sealKey.Length == VaultFile.SealKeyLength
            ? sealKey
            : throw new InvalidDataException("The key of the seal is cut short.");
    }

    private static byte[] Read(string path, int most)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path} is missing.");
        using var file = File.OpenRead(path);
        if (file.Length > most) throw new InvalidDataException($"{path} has {file.Length} octets, above {most}.");
        var octets = new byte[file.Length];
        file.ReadExactly(octets);
        return octets;
    }

    private static string SealKeyFile(string keys) => Path.Combine(keys, "seal.key");

    private static string SealedFile(string keys) => Path.Combine(keys, "sealed.keys");
}
