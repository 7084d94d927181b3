using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tessera.Storage.Keys;

/// <summary>What opens a vault, beside its folder.</summary>
[Flags]
public enum SealKind : byte
{
    /// <summary>Nothing: the key of the seal lies beside what it seals.</summary>
    None = 0,

    Passphrase = 1,

    /// <summary>Another file, which is kept elsewhere.</summary>
    KeyFile = 2,
}

/// <summary>
/// A passphrase, a key file, or both, under which a vault is sealed (docs/protocols/issuing.md §2). Zeroed when disposed.
/// </summary>
/// <remarks>
/// <code>
/// head   kind 1 | iterations 4 | salt 16      iterations are 0 without a passphrase
/// key    HKDF-SHA-256(PBKDF2-HMAC-SHA-256(passphrase) | SHA-256(key file), salt, "Tessera vault"), 32 octets
/// </code>
/// </remarks>
public sealed class VaultSeal : IDisposable
{
    /// <summary>Octets of the shortest and of the longest key file.</summary>
    public const int MinKeyFile = 16;

    /// <inheritdoc cref="MinKeyFile"/>
    public const int MaxKeyFile = 4096;

    internal const int HeadLength = 1 + sizeof(int) + SaltLength;

    private const int MaxIterations = 10_000_000;
    private const int SaltAt = 1 + sizeof(int);
    private const int SaltLength = 16;
    private const SealKind All = SealKind.Passphrase | SealKind.KeyFile;

    private readonly char[]? _passphrase;
    private readonly byte[]? _keyFile;
    private readonly int _iterations;

    /// <param name="passphrase">Null for none; owned from here on.</param>
    /// <param name="keyFile">What is in it, null for none; owned from here on.</param>
    /// <param name="iterations">As a rule <see cref="PassphraseSeal.Iterations"/>; of a new seal only.</param>
    public VaultSeal(char[]? passphrase, byte[]? keyFile, int iterations = PassphraseSeal.Iterations) =>
        (_passphrase, _keyFile, _iterations) = (passphrase, keyFile, iterations);

    /// <summary>For a vault that its folder opens.</summary>
    public static VaultSeal None { get; } = new(null, null);

    public SealKind Kind => (_passphrase is null ? SealKind.None : SealKind.Passphrase)
        | (_keyFile is null ? SealKind.None : SealKind.KeyFile);

    public void Dispose()
    {
        _passphrase.AsSpan().Clear();
        CryptographicOperations.ZeroMemory(_keyFile);
    }

    /// <summary>What a sealed file says of its seal; null where it says what cannot be.</summary>
    internal static SealKind? KindOf(ReadOnlySpan<byte> head)
    {
        var (kind, iterations) = ((SealKind)head[0], BinaryPrimitives.ReadInt32BigEndian(head[1..]));
        var most = kind.HasFlag(SealKind.Passphrase) ? MaxIterations : 0;
        return kind == SealKind.None || (kind & ~All) != SealKind.None || iterations < Math.Min(most, 1) || iterations > most
            ? null
            : kind;
    }

    /// <summary>The head of a new seal.</summary>
    /// <exception cref="InvalidDataException">The passphrase is too short, or the key file is of no length for one.</exception>
    internal byte[] NewHead()
    {
        if (_passphrase is { Length: < PassphraseSeal.MinPassphrase })
            throw new InvalidDataException($"A passphrase has {PassphraseSeal.MinPassphrase} characters or more.");
        if (_keyFile is { Length: < MinKeyFile or > MaxKeyFile })
            throw new InvalidDataException($"A key file has {MinKeyFile} to {MaxKeyFile} octets.");
        var head = new byte[HeadLength];
        head[0] = (byte)Kind;
        if (_passphrase is not null) BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), _iterations);
        RandomNumberGenerator.Fill(head.AsSpan(SaltAt));
        return head;
    }

    /// <summary>The key that a head asks for; the caller zeroes it.</summary>
    /// <exception cref="InvalidDataException">What it asks for is not here.</exception>
    internal byte[] KeyOf(ReadOnlySpan<byte> head)
    {
        var kind = KindOf(head) ?? throw new InvalidDataException("The vault is sealed in a way that is not known.");
        if (kind.HasFlag(SealKind.Passphrase) && _passphrase is null)
            throw new InvalidDataException("The vault is sealed under a passphrase, which is missing.");
        if (kind.HasFlag(SealKind.KeyFile) && _keyFile is null)
            throw new InvalidDataException("The vault is sealed under a key file, which is missing.");
        var salt = head[SaltAt..];
        Span<byte> parts = stackalloc byte[2 * SHA256.HashSizeInBytes];
        var length = 0;
        if (kind.HasFlag(SealKind.Passphrase))
        {
            Rfc2898DeriveBytes.Pbkdf2(
                _passphrase, salt, parts[..SHA256.HashSizeInBytes], BinaryPrimitives.ReadInt32BigEndian(head[1..]),
                HashAlgorithmName.SHA256);
            length = SHA256.HashSizeInBytes;
        }

        if (kind.HasFlag(SealKind.KeyFile)) length += SHA256.HashData(_keyFile!, parts[length..]);
        var key = new byte[VaultFile.SealKeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, parts[..length], key, salt, "Tessera vault"u8);
        CryptographicOperations.ZeroMemory(parts);
        return key;
    }
}
