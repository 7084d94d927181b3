using System.Security.Cryptography;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Pins;
using Tessera.Wire;

namespace Tessera.Verifier;

/// <summary>
/// What a verifier has of the holder of one card: the slow hash of a PIN, a finger, and the tries left of each. Zeroed when
/// disposed.
/// </summary>
/// <remarks>
/// <code>
/// version 1, 01
/// PIN tries 1 | rounds 4, 0 where there is no PIN | salt 16 | PBKDF2 with SHA-256 of the PIN block 32
/// finger tries 1 | template, absent where there is none
/// </code>
/// </remarks>
public sealed class HolderReference : IDisposable
{
    public const byte MaxPinTries = 3;
    public const byte MaxFingerTries = 5;

    /// <summary>Rounds of PBKDF2 for a PIN. It has few digits: what protects them is that the file is sealed.</summary>
    public const int DefaultRounds = 600_000;

    private const byte Version = 1;
    private const int SaltLength = 16;
    private const int HashLength = SHA256.HashSizeInBytes;
    private const int MinRounds = 1000;

    private readonly byte[] _salt = new byte[SaltLength];
    private readonly byte[] _hash = new byte[HashLength];
    private int _rounds;
    private FingerTemplate? _finger;

    public byte PinTries { get; private set; }

    public byte FingerTries { get; private set; }

    public bool HasPin => _rounds > 0;

    public bool HasFinger => _finger is not null;

    /// <summary>Keeps a PIN in place of any before, with all its tries.</summary>
    public void SetPin(PinBlock pin, int rounds = DefaultRounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, MinRounds);
        RandomNumberGenerator.Fill(_salt);
        Hash(pin.Reveal(), _salt, rounds, _hash);
        (_rounds, PinTries) = (rounds, MaxPinTries);
    }

    /// <summary>Keeps a finger in place of any before, with all its tries.</summary>
    /// <param name="finger">Taken over.</param>
    public void SetFinger(FingerTemplate finger)
    {
        _finger?.Dispose();
        (_finger, FingerTries) = (finger, MaxFingerTries);
    }

    /// <summary>A try is gone, whatever comes of it: to be durable before anything is compared.</summary>
    internal void TakeTry(bool ofPin)
    {
        if (ofPin) PinTries--;
        else FingerTries--;
    }

    /// <summary>It was right: all tries are back.</summary>
    internal void Restore(bool ofPin)
    {
        if (ofPin) PinTries = MaxPinTries;
        else FingerTries = MaxFingerTries;
    }

    /// <summary>Takes as long whatever is entered.</summary>
    /// <param name="block">As <see cref="PinBlock"/> has it.</param>
    internal bool IsPin(ReadOnlySpan<byte> block)
    {
        Span<byte> hash = stackalloc byte[HashLength];
        Hash(block, _salt, _rounds, hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }

    /// <param name="padded">A template, and zeros behind it.</param>
    internal bool IsFinger(ReadOnlySpan<byte> padded)
    {
        try
        {
            var reader = new ByteReader(padded);
            using var probe = FingerTemplate.Read(ref reader);
            return !padded[reader.Offset..].ContainsAnyExcept((byte)0) && FingerMatcher.Matches(_finger!, probe);
        }
        catch (WireFormatException)
        {
            // A terminal sends templates only: what is none is not the holder's.
            return false;
        }
    }

    internal static HolderReference Read(ReadOnlySpan<byte> octets)
    {
        var reader = new ByteReader(octets);
        if (reader.ReadByte("version") != Version) throw new WireFormatException("version", 0, "is not known");
        var reference = new HolderReference { PinTries = reader.ReadByte("PIN tries") };
        reference._rounds = (int)reader.ReadUInt32("rounds");
        reader.ReadOctets(SaltLength, "salt").CopyTo(reference._salt);
        reader.ReadOctets(HashLength, "hash").CopyTo(reference._hash);
        reference.FingerTries = reader.ReadByte("finger tries");
        if (reader.Remaining > 0) reference._finger = FingerTemplate.Read(ref reader);
        reader.ReadEnd("reference");
        return reference;
    }

    /// <returns>The caller's to zero.</returns>
    internal byte[] ToOctets()
    {
        ReadOnlySpan<byte> finger = _finger is null ? [] : _finger.Reveal();
        return
        [
            Version, PinTries, (byte)(_rounds >> 24), (byte)(_rounds >> 16), (byte)(_rounds >> 8), (byte)_rounds,
            .. _salt, .. _hash, FingerTries, .. finger,
        ];
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_hash);
        _finger?.Dispose();
    }

    private static void Hash(ReadOnlySpan<byte> pin, ReadOnlySpan<byte> salt, int rounds, Span<byte> hash) =>
        Rfc2898DeriveBytes.Pbkdf2(pin, salt, hash, rounds, HashAlgorithmName.SHA256);
}
