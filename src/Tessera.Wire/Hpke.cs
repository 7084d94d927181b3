using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tessera.Wire;

/// <summary>
/// One message to the owner of a public key: hybrid public key encryption in base mode (RFC 9180 §5.1.1, §6.1) with
/// DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM.
/// </summary>
/// <remarks>
/// <code>
/// enc 65            the key made for this message: 04 | X 32 | Y 32
/// ciphertext n + 16
/// </code>
/// </remarks>
public static class Hpke
{
    /// <summary>Octets of a public key: a point, uncompressed.</summary>
    public const int PublicKeyLength = 1 + (2 * Coordinate);

    /// <summary>Octets that a message is longer than what is in it.</summary>
    public const int Overhead = PublicKeyLength + TagLength;

    private const int Coordinate = 32;
    private const int TagLength = 16;
    private const int NonceLength = 12;
    private const int KeyLength = 16;
    private const byte Uncompressed = 0x04;
    private const byte BaseMode = 0x00;

    private static readonly byte[] KemSuite = [.. "KEM"u8, 0x00, 0x10];
    private static readonly byte[] Suite = [.. "HPKE"u8, 0x00, 0x10, 0x00, 0x01, 0x00, 0x01];

    /// <summary>A new key pair; the caller disposes it.</summary>
    public static ECDiffieHellman CreateKey() => ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public key of a pair, as it is published.</summary>
    public static Bytes PublicKeyOf(ECDiffieHellman key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new Bytes((byte[])[Uncompressed, .. point.X!, .. point.Y!]);
    }

    /// <summary>True for a point of the curve.</summary>
    public static bool IsPublicKey(Bytes octets)
    {
        try
        {
            Import(octets.Span).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Encrypts for the owner of a public key.</summary>
    /// <param name="context">What both sides take the message for (<c>info</c>).</param>
    /// <param name="associated">What the message is bound to (<c>aad</c>).</param>
    /// <exception cref="CryptographicException">The public key is none of the curve.</exception>
    public static Bytes Seal(
        Bytes publicKey, ReadOnlySpan<byte> context, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> message)
    {
        using var ephemeral = CreateKey();
        return Seal(ephemeral, publicKey, context, associated, message);
    }

    /// <summary>Decrypts what was encrypted for this key.</summary>
    /// <returns>
    /// The message, which the caller zeroes; null where it was changed, or is for another key, context or association.
    /// </returns>
    public static byte[]? Open(
        ECDiffieHellman key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedMessage)
    {
        if (sealedMessage.Length < Overhead) return null;
        var encapsulated = sealedMessage[..PublicKeyLength];
        var ciphertext = sealedMessage[PublicKeyLength..^TagLength];
        Span<byte> secrets = stackalloc byte[KeyLength + NonceLength];
        var message = new byte[ciphertext.Length];
        try
        {
            using var ephemeral = Import(encapsulated);
            Schedule(key, ephemeral.PublicKey, encapsulated, PublicKeyOf(key).Span, context, secrets);
            using var aes = new AesGcm(secrets[..KeyLength], TagLength);
            aes.Decrypt(secrets[KeyLength..], ciphertext, sealedMessage[^TagLength..], message, associated);
            return message;
        }
        catch (CryptographicException)
        {
            // Whatever is wrong with it, it is no message to this key.
            CryptographicOperations.ZeroMemory(message);
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secrets);
        }
    }

    /// <summary>With a key pair for this message that a vector names.</summary>
    internal static Bytes Seal(
        ECDiffieHellman ephemeral, Bytes publicKey, ReadOnlySpan<byte> context, ReadOnlySpan<byte> associated,
        ReadOnlySpan<byte> message)
    {
        var encapsulated = PublicKeyOf(ephemeral);
        var output = new byte[Overhead + message.Length];
        Span<byte> secrets = stackalloc byte[KeyLength + NonceLength];
        try
        {
            using var recipient = Import(publicKey.Span);
            Schedule(ephemeral, recipient.PublicKey, encapsulated.Span, publicKey.Span, context, secrets);
            encapsulated.Span.CopyTo(output);
            using var aes = new AesGcm(secrets[..KeyLength], TagLength);
            aes.Encrypt(
                secrets[KeyLength..], message, output.AsSpan(PublicKeyLength, message.Length), output.AsSpan()[^TagLength..],
                associated);
            return new Bytes(output);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secrets);
        }
    }

    /// <summary>Key and nonce of the one message (RFC 9180 §4.1, §5.1).</summary>
    private static void Schedule(
        ECDiffieHellman own, ECDiffieHellmanPublicKey other, ReadOnlySpan<byte> encapsulated, ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> context, Span<byte> secrets)
    {
        var agreed = own.DeriveRawSecretAgreement(other);
        var extracted = Extract(KemSuite, [], "eae_prk"u8, agreed);
        Span<byte> shared = stackalloc byte[SHA256.HashSizeInBytes];
        Expand(KemSuite, extracted, "shared_secret"u8, [.. encapsulated, .. recipient], shared);

        byte[] schedule =
            [BaseMode, .. Extract(Suite, [], "psk_id_hash"u8, []), .. Extract(Suite, [], "info_hash"u8, context)];
        var secret = Extract(Suite, shared, "secret"u8, []);
        Expand(Suite, secret, "key"u8, schedule, secrets[..KeyLength]);
        Expand(Suite, secret, "base_nonce"u8, schedule, secrets[KeyLength..]);
        CryptographicOperations.ZeroMemory(agreed);
        CryptographicOperations.ZeroMemory(extracted);
        CryptographicOperations.ZeroMemory(shared);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>LabeledExtract (RFC 9180 §4).</summary>
    private static byte[] Extract(
        ReadOnlySpan<byte> suite, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> input)
    {
        byte[] labeled = [.. "HPKE-v1"u8, .. suite, .. label, .. input];
        var extracted = new byte[SHA256.HashSizeInBytes];
        HKDF.Extract(HashAlgorithmName.SHA256, labeled, salt, extracted);
        CryptographicOperations.ZeroMemory(labeled);
        return extracted;
    }

    /// <summary>LabeledExpand (RFC 9180 §4).</summary>
    private static void Expand(
        ReadOnlySpan<byte> suite, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info,
        Span<byte> output)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)output.Length);
        HKDF.Expand(
            HashAlgorithmName.SHA256, secret, output, (byte[])[.. length, .. "HPKE-v1"u8, .. suite, .. label, .. info]);
    }

    private static ECDiffieHellman Import(ReadOnlySpan<byte> point)
    {
        if (point.Length != PublicKeyLength || point[0] != Uncompressed)
            throw new CryptographicException("A public key is 65 octets, the first of them 04.");
        return ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..(1 + Coordinate)].ToArray(), Y = point[(1 + Coordinate)..].ToArray() },
        });
    }
}
