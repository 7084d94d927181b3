using System.Security.Cryptography;
using System.Text.Json;

namespace Tessera.Storage.Keys;

/// <summary>
/// One of the two halves that a version of the master keys leaves a vault in. Each is as random as the other, and each
/// is sealed under the passphrase of its own officer: neither of them alone learns anything of a key.
/// </summary>
/// <remarks>
/// <code>
/// component 1   random octets
/// component 2   component 1 xor the keys of the version (docs/protocols/issuing.md §2)
/// </code>
/// The file is JSON with the check values of the keys, which are no secret.
/// </remarks>
/// <param name="Number">1 or 2.</param>
/// <param name="Export">The same in both components of one export.</param>
/// <param name="Version">Of the keys, two hexadecimal digits.</param>
/// <param name="Officer">Whose passphrase opens it.</param>
/// <param name="Checks">Check values of the keys by purpose.</param>
/// <param name="Sealed">See <see cref="PassphraseSeal"/>.</param>
public sealed record KeyComponent(
    int Number, string Export, string Version, string Officer, IReadOnlyDictionary<string, string> Checks,
    byte[] Sealed)
{
    private const int MaxFile = 64 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private string SealName => SealNameOf(Number);

    /// <summary>Both halves of a version.</summary>
    /// <exception cref="ArgumentException">One officer twice, one passphrase twice, or one that is too short.</exception>
    public static (KeyComponent First, KeyComponent Second) Split(
        IssuerKeys keys, KeyOfficer first, KeyOfficer second, int iterations = PassphraseSeal.Iterations)
    {
        if (string.Equals(first.Name, second.Name, StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("The two components are for two officers.", nameof(second));
        if (MemoryExtensions.SequenceEqual<char>(first.Passphrase.Span, second.Passphrase.Span))
            throw new ArgumentException("Each officer has a passphrase of their own.", nameof(second));

        var whole = VaultFile.Write([keys]);
        var mask = RandomNumberGenerator.GetBytes(whole.Length);
        try
        {
            Xor(whole, mask);
            var export = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
            return (Of(1, mask, first), Of(2, whole, second));

            KeyComponent Of(int number, byte[] half, KeyOfficer officer)
            {
                var component = new KeyComponent(
                    number, export, $"{keys.Version:X2}", officer.Name, ChecksOf(keys), []);
                return component with
                {
                    Sealed = PassphraseSeal.Seal(half, officer.Passphrase.Span, component.SealName, iterations),
                };
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(whole);
            CryptographicOperations.ZeroMemory(mask);
        }
    }

    /// <summary>The keys that two components are the halves of; the caller disposes them.</summary>
    /// <exception cref="InvalidDataException">
    /// They are not the two components of one export, a passphrase is another one, or the check values are.
    /// </exception>
    public static IssuerKeys Join(
        KeyComponent first, ReadOnlySpan<char> passphraseOfFirst, KeyComponent second,
        ReadOnlySpan<char> passphraseOfSecond)
    {
        if ((first.Number, second.Number) is not ((1, 2) or (2, 1))
            || !string.Equals(first.SealNameOf(0), second.SealNameOf(0), StringComparison.Ordinal))
            throw new InvalidDataException("These are not the two components of one export.");

        var whole = PassphraseSeal.Open(first.Sealed, passphraseOfFirst, first.SealName);
        var half = Array.Empty<byte>();
        try
        {
            half = PassphraseSeal.Open(second.Sealed, passphraseOfSecond, second.SealName);
            if (half.Length != whole.Length) throw new InvalidDataException("The components differ in length.");
            Xor(whole, half);
            var keys = Read(whole);
            if (IsSame(first.Checks, keys) && IsSame(second.Checks, keys)) return keys;

            keys.Dispose();
            throw new InvalidDataException("The check values of the keys are not those that were exported.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(whole);
            CryptographicOperations.ZeroMemory(half);
        }
    }

    /// <summary>Writes a new file that only its owner may read.</summary>
    /// <exception cref="IOException">There is a file of that name.</exception>
    public async Task WriteAsync(string path, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        await JsonSerializer.SerializeAsync(file, this, Json, cancel);
        file.Flush(flushToDisk: true);
    }

    /// <exception cref="InvalidDataException">There is no component in the file.</exception>
    public static async Task<KeyComponent> ReadAsync(string path, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        if (file.Length > MaxFile) throw new InvalidDataException($"{path} is too long for a component.");
        try
        {
            return await JsonSerializer.DeserializeAsync<KeyComponent>(file, Json, cancel)
                ?? throw new InvalidDataException($"{path} holds no component of keys.");
        }
        catch (JsonException bad)
        {
            throw new InvalidDataException($"{path} holds no component of keys: {bad.Message}", bad);
        }
    }

    private string SealNameOf(int number) => $"component {number} of export {Export}, version {Version}";

    private static IssuerKeys Read(ReadOnlySpan<byte> octets)
    {
        try
        {
            return VaultFile.Read(octets) is [var keys]
                ? keys
                : throw new InvalidDataException("The components hold more than one version.");
        }
        catch (Exception bad) when (bad is Wire.WireFormatException or ArgumentException)
        {
            throw new InvalidDataException($"The components hold no keys: {bad.Message}", bad);
        }
    }

    private static Dictionary<string, string> ChecksOf(IssuerKeys keys) =>
        keys.Checks.ToDictionary(check => check.Purpose.ToString(), check => check.Value.ToString(), StringComparer.Ordinal);

    private static bool IsSame(IReadOnlyDictionary<string, string> checks, IssuerKeys keys) =>
        ChecksOf(keys).All(check =>
            string.Equals(checks.GetValueOrDefault(check.Key), check.Value, StringComparison.Ordinal));

    private static void Xor(Span<byte> octets, ReadOnlySpan<byte> other)
    {
        for (var i = 0; i < octets.Length; i++) octets[i] ^= other[i];
    }
}

/// <summary>Who takes one component away, and with what it is sealed.</summary>
/// <param name="Passphrase">Zeroed when disposed.</param>
public sealed record KeyOfficer(string Name, Memory<char> Passphrase) : IDisposable
{
    public void Dispose() => Passphrase.Span.Clear();

    public override string ToString() => Name;
}
