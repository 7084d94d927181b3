using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.SecureChannels;

/// <summary>
/// The keys and counters of one session and what is computed with them, alike at both ends (GlobalPlatform Amendment D
/// §6.2); zeroed when disposed.
/// </summary>
/// <remarks>
/// <code>
/// S-ENC = KDF(K-ENC, 04, host challenge | card challenge)   S-MAC = KDF(K-MAC, 06, ..)   S-RMAC = KDF(K-MAC, 07, ..)
/// card cryptogram = KDF(S-MAC, 00, ..) 8   host cryptogram = KDF(S-MAC, 01, ..) 8
/// C-MAC = CMAC(S-MAC, chain 16 | CLA INS P1 P2 Lc data)[0..8]; all 16 octets are the next chain, 16 × 00 the first
/// R-MAC = CMAC(S-RMAC, chain 16 | data | SW)[0..8]
/// data are padded 80 00.. and ciphered by AES-CBC(S-ENC), vector AES(S-ENC, counter 16), for answers with 80 in front
/// </code>
/// </remarks>
public sealed class Scp03Session : IDisposable
{
    public const int ChallengeLength = 8;
    public const int CryptogramLength = 8;

    /// <summary>Octets of a code on the wire.</summary>
    public const int MacLength = 8;

    private const byte CardCryptogramConstant = 0x00;
    private const byte HostCryptogramConstant = 0x01;
    private const byte CardChallengeConstant = 0x02;
    private const byte EncryptionConstant = 0x04;
    private const byte MacConstant = 0x06;
    private const byte ResponseMacConstant = 0x07;
    private const byte Padding = 0x80;
    private const byte OfAnswers = 0x80;
    private const byte ChannelBits = 0x03;

    private readonly SecretKey _encryption;
    private readonly SecretKey _mac;
    private readonly SecretKey _responseMac;
    private readonly byte[] _chain = new byte[AesCmac.Length];
    private uint _counter;

    /// <param name="keys">Of the key version that the card named; they stay the caller's.</param>
    public Scp03Session(Scp03Keys keys, Bytes hostChallenge, Bytes cardChallenge)
    {
        byte[] context = [.. hostChallenge.Span, .. cardChallenge.Span];
        _encryption = Kdf.DeriveKey(keys.Encryption, EncryptionConstant, context);
        _mac = Kdf.DeriveKey(keys.Mac, MacConstant, context);
        _responseMac = Kdf.DeriveKey(keys.Mac, ResponseMacConstant, context);
        CardCryptogram = Derive(_mac, CardCryptogramConstant, context, CryptogramLength);
        HostCryptogram = Derive(_mac, HostCryptogramConstant, context, CryptogramLength);
    }

    /// <summary>The card proves by it that it has the keys.</summary>
    public Bytes CardCryptogram { get; }

    /// <summary>The host proves by it that it has the keys.</summary>
    public Bytes HostCryptogram { get; }

    /// <summary>The challenge of a card that counts (§6.2.2.1).</summary>
    /// <param name="encryption">K-ENC.</param>
    /// <param name="sequence">0 to FFFFFF.</param>
    /// <param name="aid">Of the application that the session is opened with.</param>
    public static Bytes CardChallenge(SecretKey encryption, uint sequence, Bytes aid) => Derive(
        encryption, CardChallengeConstant,
        [(byte)(sequence >> 16), (byte)(sequence >> 8), (byte)sequence, .. aid.Span], ChallengeLength);

    /// <summary>Another command of this session: commands without data are counted too.</summary>
    public void Count() => _counter = checked(_counter + 1);

    /// <summary>The code of a command, its data ciphered where they are; moves the chain on.</summary>
    /// <param name="command">Without its code; bits of chaining and channel do not count.</param>
    public Bytes CommandMac(CommandApdu command)
    {
        var length = command.Data.Length + MacLength;
        var input = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(input);
        writer.WriteOctets(_chain);
        writer.WriteByte((byte)(command.Cla & ~ChannelBits));
        writer.WriteByte(command.Ins);
        writer.WriteByte(command.P1);
        writer.WriteByte(command.P2);
        if (length > CommandApdu.MaxShortData || command.Le > CommandApdu.MaxShortLe)
        {
            writer.WriteByte(0);
            writer.WriteUInt16((ushort)length);
        }
        else
        {
            writer.WriteByte((byte)length);
        }

        writer.WriteBytes(command.Data);
        AesCmac.Compute(_mac, input.WrittenSpan, _chain);
        return Bytes.CopyOf(_chain.AsSpan(0, MacLength));
    }

    /// <summary>The code of the answer to the last command.</summary>
    public Bytes ResponseMac(Bytes data, StatusWord status)
    {
        var input = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(input);
        writer.WriteOctets(_chain);
        writer.WriteBytes(data);
        status.Write(writer);
        var mac = new byte[MacLength];
        AesCmac.Compute(_responseMac, input.WrittenSpan, mac);
        return new Bytes(mac);
    }

    public Bytes EncryptCommand(Bytes data) => Encrypt(data, 0);

    public Bytes EncryptResponse(Bytes data) => Encrypt(data, OfAnswers);

    /// <summary>The data, or null where they are no whole blocks or not padded.</summary>
    public Bytes? DecryptCommand(Bytes data) => Decrypt(data, 0);

    /// <inheritdoc cref="DecryptCommand"/>
    public Bytes? DecryptResponse(Bytes data) => Decrypt(data, OfAnswers);

    public void Dispose()
    {
        _encryption.Dispose();
        _mac.Dispose();
        _responseMac.Dispose();
        CryptographicOperations.ZeroMemory(_chain);
    }

    private static Bytes Derive(SecretKey key, byte constant, ReadOnlySpan<byte> context, int length)
    {
        var output = new byte[length];
        Kdf.Derive(key, constant, context, output);
        return new Bytes(output);
    }

    private Bytes Encrypt(Bytes data, byte direction)
    {
        var octets = new byte[((data.Length / AesCbc.Block) + 1) * AesCbc.Block];
        data.Span.CopyTo(octets);
        octets[data.Length] = Padding;
        XorVector(octets, direction);
        AesCbc.Encrypt(_encryption, octets);
        return new Bytes(octets);
    }

    private Bytes? Decrypt(Bytes data, byte direction)
    {
        if (data.Length == 0 || data.Length % AesCbc.Block != 0) return null;
        var octets = data.ToArray();
        AesCbc.Decrypt(_encryption, octets);
        XorVector(octets, direction);
        var end = octets.AsSpan().LastIndexOfAnyExcept((byte)0);
        if (end >= octets.Length - AesCbc.Block && octets[end] == Padding) return new Bytes(octets.AsMemory(0, end));

        CryptographicOperations.ZeroMemory(octets);
        return null;
    }

    /// <summary>Chaining begins with the vector, which is the same as to have it in the first block.</summary>
    private void XorVector(Span<byte> octets, byte direction)
    {
        Span<byte> vector = stackalloc byte[AesCbc.Block];
        vector[0] = direction;
        BinaryPrimitives.WriteUInt32BigEndian(vector[^4..], _counter);
        AesCbc.Encrypt(_encryption, vector);
        for (var i = 0; i < AesCbc.Block; i++) octets[i] ^= vector[i];
    }
}
