using System.Security.Cryptography;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>What an internal file holds.</summary>
internal enum ReferenceKind : byte
{
    Password = 0x01,
    Key = 0x02,
}

/// <summary>A password or a key of AES, which an internal file holds and no command reads.</summary>
/// <remarks>
/// <code>
/// kind 1, 01 password, 02 key | number 1, 1 to 14 | tries left 1 | tries 1, 1 to 15
/// | number of the resetting code 1, 00 for none | value: a password 1 to 16 as it is presented, a key 16, 24 or 32
/// </code>
/// A resetting code is another password. A try is taken in memory before anything is compared, and given back when it
/// was right.
/// </remarks>
internal readonly struct ReferenceFile(FileVolume volume, CardFile file)
{
    public const int HeadLength = 5;

    private const int TriesLeftAt = 2;

    public CardFile File { get; } = file;

    /// <summary>Octets of the value.</summary>
    public int Length => File.Control.Size - HeadLength;

    public int TriesLeft => volume.Read(File, TriesLeftAt, 1)[0];

    public int ResettingCode => volume.Read(File, 4, 1)[0];

    private int MostTries => volume.Read(File, 3, 1)[0];

    public bool Is(ReferenceKind kind, int number) =>
        File.Control.Size > HeadLength && volume.Read(File, 0, 2) is [var k, var n] && k == (byte)kind && n == number;

    /// <summary>The key itself, the caller's to dispose; null where its length is none of AES.</summary>
    public SecretKey? OpenKey()
    {
        if (Length is not (16 or 24 or 32)) return null;
        var octets = volume.Read(File, HeadLength, Length);
        var key = new SecretKey(octets);
        CryptographicOperations.ZeroMemory(octets);
        return key;
    }

    /// <summary>Takes a try; false where none was left.</summary>
    public bool TryTake(CardMemory memory)
    {
        var left = TriesLeft;
        if (left == 0) return false;
        Write(memory, TriesLeftAt, [(byte)(left - 1)]);
        return true;
    }

    /// <summary>All tries are there again.</summary>
    public void Restore(CardMemory memory)
    {
        if (TriesLeft != MostTries) Write(memory, TriesLeftAt, [(byte)MostTries]);
    }

    public bool Matches(ReadOnlySpan<byte> presented)
    {
        var value = volume.Read(File, HeadLength, Length);
        var equal = CryptographicOperations.FixedTimeEquals(value, presented);
        CryptographicOperations.ZeroMemory(value);
        return equal;
    }

    /// <summary>New value, all tries, in one step.</summary>
    public void Become(CardMemory memory, ReadOnlySpan<byte> value)
    {
        using var change = memory.Begin();
        Become(change, value);
        change.Commit();
    }

    public void Become(MemoryTransaction change, ReadOnlySpan<byte> value)
    {
        volume.Write(change, File, TriesLeftAt, [(byte)MostTries]);
        volume.Write(change, File, HeadLength, value);
    }

    public void Restore(MemoryTransaction change) => volume.Write(change, File, TriesLeftAt, [(byte)MostTries]);

    private void Write(CardMemory memory, int offset, ReadOnlySpan<byte> octets)
    {
        using var change = memory.Begin();
        volume.Write(change, File, offset, octets);
        change.Commit();
    }
}
