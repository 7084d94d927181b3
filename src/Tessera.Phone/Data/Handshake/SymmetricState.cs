using System.Security.Cryptography;
using System.Text;

namespace Tessera.Phone.Data;

/// <summary>
/// What both ends of a handshake know so far: the SymmetricState of the Noise framework (revision 34 §5.2).
/// </summary>
internal sealed class SymmetricState : IDisposable
{
    private const string Name = "Noise_KX_P256_AESCCM8_SHA256";
    private const int HashLength = SHA256.HashSizeInBytes;

    private readonly byte[] _hash = new byte[HashLength];
    private readonly byte[] _chain = new byte[HashLength];
    private LineCipher? _cipher;
    private ulong _number;

    /// <param name="prologue">What both ends must agree on beforehand.</param>
    public SymmetricState(ReadOnlySpan<byte> prologue)
    {
        Encoding.ASCII.GetBytes(Name, _hash);
        _hash.CopyTo(_chain, 0);
        MixHash(prologue);
    }

    private SymmetricState(SymmetricState other)
    {
        other._hash.CopyTo(_hash, 0);
        other._chain.CopyTo(_chain, 0);
    }

    /// <summary>A copy from before the first key, so that several answers to one message can be tried.</summary>
    public SymmetricState Fork() => _cipher is null
        ? new SymmetricState(this)
        : throw new InvalidOperationException("A state with a key is not copied.");

    public void MixHash(ReadOnlySpan<byte> octets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_hash);
        hash.AppendData(octets);
        hash.GetHashAndReset(_hash);
    }

    /// <summary>Takes a shared secret in and zeroes it.</summary>
    public void MixKey(Span<byte> secret)
    {
        Span<byte> keys = stackalloc byte[2 * HashLength];
        DeriveKeys(secret, keys);
        keys[..HashLength].CopyTo(_chain);
        _cipher?.Dispose();
        _cipher = new LineCipher(keys[HashLength..]);
        _number = 0;
        CryptographicOperations.ZeroMemory(keys);
        CryptographicOperations.ZeroMemory(secret);
    }

    public byte[] EncryptAndHash(ReadOnlySpan<byte> open)
    {
        var octets = Cipher.Seal(_number++, open, _hash);
        MixHash(octets);
        return octets;
    }

    /// <returns>Null when the octets are not the peer's; the state is of no use then.</returns>
    public byte[]? DecryptAndHash(ReadOnlySpan<byte> octets)
    {
        var open = Cipher.Open(_number++, octets, _hash);
        MixHash(octets);
        return open;
    }

    /// <summary>The ciphers of both directions: first from the initiator, then from the responder.</summary>
    public (LineCipher Initiator, LineCipher Responder) Split()
    {
        Span<byte> keys = stackalloc byte[2 * HashLength];
        DeriveKeys([], keys);
        var ciphers = (new LineCipher(keys[..HashLength]), new LineCipher(keys[HashLength..]));
        CryptographicOperations.ZeroMemory(keys);
        return ciphers;
    }

    public void Dispose()
    {
        _cipher?.Dispose();
        CryptographicOperations.ZeroMemory(_chain);
    }

    /// <summary>HKDF (RFC 5869) without further words; the platform's takes no empty secret.</summary>
    private void DeriveKeys(ReadOnlySpan<byte> secret, Span<byte> keys)
    {
        Span<byte> extracted = stackalloc byte[HashLength];
        Span<byte> expanding = stackalloc byte[HashLength + 1];
        HMACSHA256.HashData(_chain, secret, extracted);
        expanding[0] = 1;
        HMACSHA256.HashData(extracted, expanding[..1], keys);
        keys[..HashLength].CopyTo(expanding);
        expanding[HashLength] = 2;
        HMACSHA256.HashData(extracted, expanding, keys[HashLength..]);
        CryptographicOperations.ZeroMemory(extracted);
        CryptographicOperations.ZeroMemory(expanding);
    }

    private LineCipher Cipher => _cipher ?? throw new InvalidOperationException("There is no key yet.");
}
