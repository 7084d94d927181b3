using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tessera.Phone.Data;

/// <summary>AES-128-CCM with a tag of 8 octets (SP 800-38C), under numbers that never come twice for a key.</summary>
internal sealed class LineCipher(ReadOnlySpan<byte> key) : IDisposable
{
    public const int KeyLength = 16;
    public const int TagLength = 8;

    private const int NonceLength = 12;

    private readonly AesCcm _aes = new(key[..KeyLength]);

    /// <summary>The octets enciphered, and the tag behind them.</summary>
    public byte[] Seal(ulong number, ReadOnlySpan<byte> open, ReadOnlySpan<byte> bound)
    {
        var sealedOctets = new byte[open.Length + TagLength];
        _aes.Encrypt(
            Nonce(number, stackalloc byte[NonceLength]), open, sealedOctets.AsSpan(0, open.Length),
            sealedOctets.AsSpan(open.Length), bound);
        return sealedOctets;
    }

    /// <returns>Null when the octets are not what the peer sealed under this number.</returns>
    public byte[]? Open(ulong number, ReadOnlySpan<byte> sealedOctets, ReadOnlySpan<byte> bound)
    {
        if (sealedOctets.Length < TagLength) return null;

        var open = new byte[sealedOctets.Length - TagLength];
        try
        {
            _aes.Decrypt(
                Nonce(number, stackalloc byte[NonceLength]), sealedOctets[..open.Length], sealedOctets[open.Length..],
                open, bound);
            return open;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose() => _aes.Dispose();

    private static Span<byte> Nonce(ulong number, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt64BigEndian(nonce[(NonceLength - sizeof(ulong))..], number);
        return nonce;
    }
}
