using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.SecureChannels;

/// <summary>An AES key on its way to a card (GlobalPlatform Amendment D §7).</summary>
/// <remarks>
/// <code>
/// 88 | length 1 of all up to the check value | length of the key 1 | cryptogram, whole blocks | 03 | check value 3
/// cryptogram = AES-CBC(K-DEK, key | anything up to a whole block), vector 0
/// </code>
/// </remarks>
public sealed record EncryptedKey(int KeyLength, Bytes Cryptogram, Bytes CheckValue) : IWireFormat<EncryptedKey>
{
    /// <summary>Type of the key: AES.</summary>
    public const byte Aes = 0x88;

    public static EncryptedKey Of(SecretKey key, SecretKey dataEncryption)
    {
        var octets = RandomNumberGenerator.GetBytes((key.Length + AesCbc.Block - 1) / AesCbc.Block * AesCbc.Block);
        key.Reveal().CopyTo(octets);
        AesCbc.Encrypt(dataEncryption, octets);
        return new EncryptedKey(key.Length, new Bytes(octets), KeyCheckValue.Of(key));
    }

    /// <exception cref="WireFormatException">It is no AES key, or its lengths do not fit.</exception>
    public static EncryptedKey Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        if (reader.ReadByte("key type") is not Aes and var type)
            throw new WireFormatException("key type", at, $"{type:X2} is not AES");
        var length = reader.ReadByte("key data length");
        var keyLength = reader.ReadByte("key length");
        if (keyLength is not (16 or 24 or 32))
            throw new WireFormatException("key length", at + 2, $"{keyLength} is not 16, 24 or 32");
        var cryptogram = reader.ReadBytes(Math.Max(length - 1, 0), "key cryptogram");
        if (cryptogram.Length % AesCbc.Block != 0 || cryptogram.Length < keyLength)
            throw new WireFormatException("key cryptogram", at + 3, $"{cryptogram.Length} octets hold no such key");
        var check = reader.ReadBytes(reader.ReadByte("check value length"), "check value");
        if (check.Length != KeyCheckValue.Length)
            throw new WireFormatException("check value", reader.Offset, $"has {check.Length} octets, not 3");
        return new EncryptedKey(keyLength, cryptogram, check);
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(Aes);
        writer.WriteByte(checked((byte)(Cryptogram.Length + 1)));
        writer.WriteByte((byte)KeyLength);
        writer.WriteBytes(Cryptogram);
        writer.WriteByte((byte)CheckValue.Length);
        writer.WriteBytes(CheckValue);
    }

    /// <summary>The key, or null where its check value is another one; the caller disposes it.</summary>
    public SecretKey? Decrypt(SecretKey dataEncryption)
    {
        var octets = Cryptogram.ToArray();
        AesCbc.Decrypt(dataEncryption, octets);
        var key = new SecretKey(octets.AsSpan(0, KeyLength));
        CryptographicOperations.ZeroMemory(octets);
        if (CryptographicOperations.FixedTimeEquals(KeyCheckValue.Of(key).Span, CheckValue.Span)) return key;

        key.Dispose();
        return null;
    }
}
