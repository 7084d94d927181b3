using System.Security.Cryptography;

namespace Tessera.Storage.Authorities;

/// <summary>The key of the authority at rest, sealed by AES-256-GCM (NIST SP 800-38D).</summary>
/// <remarks>
/// <code>
/// "TSA" 01 | nonce 12 | tag 16 | sealed: PKCS#8      all before the tag, and the certificate, are authenticated
/// </code>
/// </remarks>
internal static class SealedAuthorityKey
{
    public const int SealKeyLength = 32;

    /// <summary>Octets of the longest file.</summary>
    public const int MaxLength = 4096;

    private const int NonceAt = 4;
    private const int NonceLength = 12;
    private const int TagAt = NonceAt + NonceLength;
    private const int TagLength = 16;
    private const int SealedAt = TagAt + TagLength;

    private static ReadOnlySpan<byte> Magic => [(byte)'T', (byte)'S', (byte)'A', 0x01];

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> sealKey)
    {
        var file = new byte[SealedAt + key.Length];
        Magic.CopyTo(file);
        RandomNumberGenerator.Fill(file.AsSpan(NonceAt, NonceLength));
        using var gcm = new AesGcm(sealKey, TagLength);
        gcm.Encrypt(
            file.AsSpan(NonceAt, NonceLength), key, file.AsSpan(SealedAt), file.AsSpan(TagAt, TagLength),
            (byte[])[.. file[..TagAt], .. certificate]);
        return file;
    }

    /// <summary>PKCS#8; the caller zeroes it.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or belongs to another certificate or another seal.</exception>
    public static byte[] Open(ReadOnlySpan<byte> file, ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> sealKey)
    {
        if (!file.StartsWith(Magic) || file.Length <= SealedAt)
            throw new InvalidDataException("The sealed key of the authority has another format or length.");
        var key = new byte[file.Length - SealedAt];
        try
        {
            using var gcm = new AesGcm(sealKey, TagLength);
            gcm.Decrypt(
                file.Slice(NonceAt, NonceLength), file[SealedAt..], file.Slice(TagAt, TagLength), key,
                (byte[])[.. file[..TagAt], .. certificate]);
            return key;
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new InvalidDataException(
                "The sealed key of the authority is damaged, or not that of its certificate.", mismatch);
        }
    }
}
