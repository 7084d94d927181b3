using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Tessera.Storage.Keys;

/// <summary>
/// Octets sealed under a passphrase: PBKDF2 with HMAC-SHA-256 (NIST SP 800-132), then AES-256-GCM (NIST SP 800-38D).
/// </summary>
/// <remarks>
/// <code>
/// "TSP" 01 | iterations 4 | salt 16 | nonce 12 | tag 16 | sealed      all before the tag, and a name, are authenticated
/// </code>
/// </remarks>
public static class PassphraseSeal
{
    /// <summary>What a passphrase costs to try.</summary>
    public const int Iterations = 600_000;

    /// <summary>Characters of the shortest passphrase that is taken to seal something.</summary>
    public const int MinPassphrase = 8;

    private const int MaxIterations = 10_000_000;
    private const int SaltAt = 8;
    private const int SaltLength = 16;
    private const int NonceAt = SaltAt + SaltLength;
    private const int NonceLength = 12;
    private const int HeadLength = NonceAt + NonceLength;
    private const int TagLength = 16;
    private const int KeyLength = 32;

    private static ReadOnlySpan<byte> Magic => [(byte)'T', (byte)'S', (byte)'P', 0x01];

    /// <param name="name">What it is: under another name it does not open.</param>
    /// <param name="iterations">As a rule <see cref="Iterations"/>.</param>
    /// <exception cref="ArgumentException">The passphrase is too short.</exception>
    public static byte[] Seal(
        ReadOnlySpan<byte> octets, ReadOnlySpan<char> passphrase, string name, int iterations = Iterations)
    {
        if (passphrase.Length < MinPassphrase)
            throw new ArgumentException($"A passphrase has {MinPassphrase} characters or more.", nameof(passphrase));
        var whole = new byte[HeadLength + TagLength + octets.Length];
        Magic.CopyTo(whole);
        BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(Magic.Length), iterations);
        RandomNumberGenerator.Fill(whole.AsSpan(SaltAt, SaltLength + NonceLength));
        var key = KeyOf(passphrase, whole);
        try
        {
            using var gcm = new AesGcm(key, TagLength);
            gcm.Encrypt(
                whole.AsSpan(NonceAt, NonceLength), octets, whole.AsSpan(HeadLength + TagLength),
                whole.AsSpan(HeadLength, TagLength), Named(whole, name));
            return whole;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>What was sealed; the caller zeroes it.</summary>
    /// <exception cref="InvalidDataException">It is no such seal, or passphrase or name are others.</exception>
    public static byte[] Open(ReadOnlySpan<byte> whole, ReadOnlySpan<char> passphrase, string name)
    {
        if (!whole.StartsWith(Magic) || whole.Length < HeadLength + TagLength
            || BinaryPrimitives.ReadInt32BigEndian(whole[Magic.Length..]) is < 1 or > MaxIterations)
            throw new InvalidDataException($"The {name} is not sealed under a passphrase.");
        var key = KeyOf(passphrase, whole);
        var octets = new byte[whole.Length - HeadLength - TagLength];
        try
        {
            using var gcm = new AesGcm(key, TagLength);
            gcm.Decrypt(
                whole.Slice(NonceAt, NonceLength), whole[(HeadLength + TagLength)..],
                whole.Slice(HeadLength, TagLength), octets, Named(whole, name));
            return octets;
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new InvalidDataException($"The {name} is damaged, or the passphrase is another one.", mismatch);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] KeyOf(ReadOnlySpan<char> passphrase, ReadOnlySpan<byte> head) => Rfc2898DeriveBytes.Pbkdf2(
        passphrase, head.Slice(SaltAt, SaltLength), BinaryPrimitives.ReadInt32BigEndian(head[Magic.Length..]),
        HashAlgorithmName.SHA256, KeyLength);

    private static byte[] Named(ReadOnlySpan<byte> whole, string name) =>
        [.. whole[..HeadLength], .. Encoding.UTF8.GetBytes(name)];
}
