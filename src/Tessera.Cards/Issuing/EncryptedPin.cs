using System.Security.Cryptography;
using Tessera.Cards.Pins;
using Tessera.Wire;

namespace Tessera.Cards.Issuing;

/// <summary>A PIN or PUK on its way to a card.</summary>
/// <remarks><code>AES-CBC(K-DEK, ASCII digits padded FF 8 | random 8), vector 0</code></remarks>
public static class EncryptedPin
{
    public const int Length = 16;

    public static Bytes Of(PinBlock pin, SecretKey dataEncryption)
    {
        var octets = RandomNumberGenerator.GetBytes(Length);
        pin.Reveal().CopyTo(octets);
        AesCbc.Encrypt(dataEncryption, octets);
        return new Bytes(octets);
    }

    /// <summary>The 8 octets of the reference; the caller zeroes them.</summary>
    /// <exception cref="WireFormatException">It has another length.</exception>
    public static byte[] Decrypt(Bytes cryptogram, SecretKey dataEncryption)
    {
        if (cryptogram.Length != Length)
            throw new WireFormatException("encrypted PIN", 0, $"has {cryptogram.Length} octets, not {Length}");
        var octets = cryptogram.ToArray();
        AesCbc.Decrypt(dataEncryption, octets);
        var pin = octets[..PinBlock.Length];
        CryptographicOperations.ZeroMemory(octets);
        return pin;
    }
}
