using System.Buffers;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Storage.Keys;

/// <summary>The file of the vault: master keys by version and purpose, sealed by AES-256-GCM (NIST SP 800-38D).</summary>
/// <remarks>
/// <code>
/// "TSK" 04 | current version 1 | head of the seal 21 | nonce 12 | tag 16 | sealed as 03        see VaultSeal
/// "TSK" 03 | current version 1 | nonce 12 | tag 16 | sealed: { version 1 | made 8 | purpose 1 | length 1 | key }
/// "TSK" 02 | version 1 | nonce 12 | tag 16 | sealed: purse 16, store 16, ota 16
/// "TSK" 01 | version 1 | nonce 12 | tag 16 | sealed: purse 16, store 16
/// </code>
/// All before the tag is authenticated too. Made is in milliseconds since 1970. 01 and 02 are read only.
/// </remarks>
internal static class VaultFile
{
    public const int SealKeyLength = 32;

    /// <summary>Octets of the longest file: every version there can be.</summary>
    public const int MaxLength = 1 << 17;

    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 16;
    private const int SealAt = 5;
    private const byte WithoutOta = 1;
    private const byte OneVersion = 2;
    private const byte Versions = 3;
    private const byte UnderSeal = 4;

    private static ReadOnlySpan<byte> Magic => "TSK"u8;

    /// <summary>It has to be written again in the format of today.</summary>
    public static bool IsOld(ReadOnlySpan<byte> file) => file.Length > Magic.Length && file[Magic.Length] < Versions;

    /// <summary>The head of the seal that the file is under; empty where the key of the seal lies beside it.</summary>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static ReadOnlySpan<byte> HeadOf(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Magic) || file.Length <= SealAt || file[Magic.Length] is 0 or > UnderSeal)
            throw Foreign();
        if (file[Magic.Length] < UnderSeal) return [];
        return file.Length > SealAt + VaultSeal.HeadLength ? file.Slice(SealAt, VaultSeal.HeadLength) : throw Foreign();
    }

    /// <param name="head">See <see cref="HeadOf"/>.</param>
    public static byte[] Seal(
        IReadOnlyList<IssuerKeys> keys, byte current, ReadOnlySpan<byte> head, ReadOnlySpan<byte> sealKey)
    {
        var clear = Write(keys);
        var tagAt = SealAt + head.Length + NonceLength;
        try
        {
            var file = new byte[tagAt + TagLength + clear.Length];
            Magic.CopyTo(file);
            (file[Magic.Length], file[Magic.Length + 1]) = (head.IsEmpty ? Versions : UnderSeal, current);
            head.CopyTo(file.AsSpan(SealAt));
            RandomNumberGenerator.Fill(file.AsSpan(tagAt - NonceLength, NonceLength));
            using var gcm = new AesGcm(sealKey, TagLength);
            gcm.Encrypt(
                file.AsSpan(tagAt - NonceLength, NonceLength), clear, file.AsSpan(tagAt + TagLength),
                file.AsSpan(tagAt, TagLength), file.AsSpan(0, tagAt));
            return file;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    /// <param name="now">What a file that does not say it is taken to be made at.</param>
    /// <exception cref="InvalidDataException">It is damaged, or sealed under another key.</exception>
    public static (IReadOnlyList<IssuerKeys> Keys, byte Current) Unseal(
        ReadOnlySpan<byte> file, ReadOnlySpan<byte> sealKey, DateTimeOffset now)
    {
        var head = HeadOf(file);
        var tagAt = SealAt + head.Length + NonceLength;
        if (file.Length <= tagAt + TagLength) throw Foreign();
        var (format, current) = (file[Magic.Length], file[Magic.Length + 1]);
        var clear = new byte[file.Length - tagAt - TagLength];
        try
        {
            using var gcm = new AesGcm(sealKey, TagLength);
            gcm.Decrypt(
                file.Slice(tagAt - NonceLength, NonceLength), file[(tagAt + TagLength)..], file.Slice(tagAt, TagLength),
                clear, file[..tagAt]);
            return (format >= Versions ? Read(clear) : [ReadOld(format, current, clear, now)], current);
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new InvalidDataException(
                head.IsEmpty
                    ? "The sealed keys are damaged, or sealed under another key."
                    : $"The vault does not open: the {WhatOf(head)} is another one, or the sealed keys are damaged.",
                mismatch);
        }
        catch (Exception bad) when (bad is WireFormatException or ArgumentException)
        {
            throw new InvalidDataException($"The sealed keys are not what was sealed: {bad.Message}", bad);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    /// <summary>The caller zeroes it.</summary>
    public static byte[] Write(IEnumerable<IssuerKeys> keys)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        var writer = new ByteWriter(output);
        foreach (var each in keys)
        {
            foreach (var purpose in IssuerKeys.Purposes)
            {
                var key = each.Key(purpose);
                writer.WriteByte(each.Version);
                writer.WriteUInt64((ulong)each.Made.ToUnixTimeMilliseconds());
                writer.WriteByte((byte)purpose);
                writer.WriteByte((byte)key.Length);
                writer.WriteOctets(key.Reveal());
            }
        }

        var octets = output.WrittenSpan.ToArray();
        output.Clear();
        return octets;
    }

    /// <exception cref="WireFormatException">They are not octets that <see cref="Write"/> wrote.</exception>
    /// <exception cref="ArgumentException">A version is not whole.</exception>
    public static IReadOnlyList<IssuerKeys> Read(ReadOnlySpan<byte> octets)
    {
        var versions = new SortedDictionary<byte, (DateTimeOffset Made, Dictionary<KeyPurpose, SecretKey> Keys)>();
        var reader = new ByteReader(octets);
        while (reader.Remaining > 0)
        {
            var at = reader.Offset;
            var version = reader.ReadByte("version");
            var made = DateTimeOffset.FromUnixTimeMilliseconds((long)reader.ReadUInt64("made"));
            var purpose = (KeyPurpose)reader.ReadByte("purpose");
            var key = new SecretKey(reader.ReadOctets(reader.ReadByte("length"), "key"));
            if (!versions.TryGetValue(version, out var known)) versions.Add(version, known = (made, []));
            if (!known.Keys.TryAdd(purpose, key))
                throw new WireFormatException("purpose", at, $"{purpose} of version {version:X2} is there twice");
        }

        return [.. versions.Select(each => new IssuerKeys(each.Key, each.Value.Made, each.Value.Keys))];
    }

    private static IssuerKeys ReadOld(byte format, byte version, ReadOnlySpan<byte> clear, DateTimeOffset now)
    {
        var isThere = format == OneVersion ? 3 : 2;
        if (clear.Length != isThere * KeyLength)
            throw new InvalidDataException("The sealed keys have another format or length.");
        var keys = IssuerKeys.Purposes.Skip(isThere).ToDictionary(purpose => purpose, _ => SecretKey.Generate());
        for (var i = 0; i < isThere; i++)
            keys.Add(IssuerKeys.Purposes[i], new SecretKey(clear.Slice(i * KeyLength, KeyLength)));
        return new IssuerKeys(version, now, keys);
    }

    private static string WhatOf(ReadOnlySpan<byte> head) => VaultSeal.KindOf(head) switch
    {
        SealKind.Passphrase => "passphrase",
        SealKind.KeyFile => "key file",
        _ => "passphrase or the key file",
    };

    private static InvalidDataException Foreign() => new("The sealed keys have another format or length.");
}
