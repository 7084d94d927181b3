using Tessera.Cards.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>The keys of one version, taken out of their cell; zeroed when disposed.</summary>
/// <param name="cell">Where they are.</param>
/// <param name="version">01 to 7F.</param>
/// <param name="sequence">The last that a challenge was made of.</param>
/// <param name="keys">Owned from here on.</param>
internal sealed class KeyVersion(byte cell, byte version, uint sequence, Scp03Keys keys) : IDisposable
{
    public byte Cell { get; } = cell;

    public byte Version { get; } = version;

    public uint Sequence { get; } = sequence;

    public Scp03Keys Keys { get; } = keys;

    public void Dispose() => Keys.Dispose();
}

/// <summary>What a security domain keeps in non-volatile memory.</summary>
/// <remarks>
/// <code>
/// traits   i 1 | key diversification data 10 | AID 5..16
/// keys     four cells: version 1 | sequence counter 3 | K-ENC | K-MAC | K-DEK; an empty one is free
/// objects  BER-TLV, each tag once
/// </code>
/// </remarks>
internal sealed class DomainFile(Memory.CardMemory memory)
{
    public const int MaxTraits = 27;
    public const int MaxVersions = 4;
    public const int MaxKeys = Head + (GlobalPlatformCommands.KeysOfVersion * 32);
    public const int MaxObjects = 512;
    public const uint LastSequence = 0xFFFFFF;

    private const int Head = 4;
    private const int DiversificationAt = 1;
    private const int AidAt = DiversificationAt + InitializeUpdateAnswer.DiversificationLength;

    public Scp03Options Options => (Scp03Options)memory.Read(CellId.DomainTraits)[0];

    public Bytes Diversification => Bytes.CopyOf(memory.Read(CellId.DomainTraits)[DiversificationAt..AidAt]);

    public Bytes Aid => Bytes.CopyOf(memory.Read(CellId.DomainTraits)[AidAt..]);

    /// <summary>In the order in which the card takes them, with the octets of each of their keys.</summary>
    public IEnumerable<(byte Version, int KeyLength)> Versions =>
        Cells.Where(cell => memory.Read(cell).Length > 0).Select(cell =>
        {
            var content = memory.Read(cell);
            return (content[0], (content.Length - Head) / GlobalPlatformCommands.KeysOfVersion);
        });

    public Bytes Objects => Bytes.CopyOf(memory.Read(CellId.DomainObjects));

    private static IEnumerable<byte> Cells =>
        Enumerable.Range(CellId.DomainKeys, MaxVersions).Select(cell => (byte)cell);

    public static IEnumerable<Memory.NewCell> NewCells(DomainPersonalisation domain)
    {
        if (domain.Diversification.Length != InitializeUpdateAnswer.DiversificationLength)
            throw new ArgumentException("Key diversification data have 10 octets.", nameof(domain));
        if (domain.Aid.Length is < 5 or > 16)
            throw new ArgumentException("The AID of a security domain has 5 to 16 octets.", nameof(domain));
        if (domain.KeyVersion is 0 or > 0x7F)
            throw new ArgumentException("A key version is 01 to 7F.", nameof(domain));

        byte[] traits = [(byte)domain.Options, .. domain.Diversification.Span, .. domain.Aid.Span];
        yield return new(CellId.DomainTraits, MaxTraits, new Bytes(traits));
        var first = Write(domain.KeyVersion, 0, domain.Keys);
        foreach (var cell in Cells)
            yield return new(cell, MaxKeys, cell == CellId.DomainKeys ? new Bytes(first) : Bytes.Empty);
        yield return new(CellId.DomainObjects, MaxObjects, Bytes.Empty);
    }

    /// <summary>The keys of that version, of the first one for 00; null where there are none. The caller disposes them.</summary>
    public KeyVersion? Open(byte version)
    {
        foreach (var cell in Cells)
        {
            var content = memory.Read(cell);
            if (content.IsEmpty || (version != 0 && content[0] != version)) continue;
            return Read(cell, content);
        }

        return null;
    }

    /// <summary>The next number of a sequence, kept before anybody is told it.</summary>
    public uint Advance(KeyVersion keys)
    {
        var next = keys.Sequence + 1;
        Commit(keys.Cell, Write(keys.Version, next, keys.Keys));
        return next;
    }

    /// <summary>A new version in the place of another, or in a free one; its sequence begins anew.</summary>
    /// <returns>False where there is no room.</returns>
    public bool TryPut(byte? replaced, byte version, Scp03Keys keys)
    {
        foreach (var cell in Cells)
        {
            var content = memory.Read(cell);
            if (replaced is { } old ? content.IsEmpty || content[0] != old : !content.IsEmpty) continue;
            Commit(cell, Write(version, 0, keys));
            return true;
        }

        return false;
    }

    public void Delete(KeyVersion keys) => Commit(keys.Cell, []);

    public void WriteObjects(ReadOnlySpan<byte> objects) => Commit(CellId.DomainObjects, objects.ToArray());

    private static KeyVersion Read(byte cell, ReadOnlySpan<byte> content)
    {
        var reader = new ByteReader(content);
        var version = reader.ReadByte("version");
        var sequence = ((uint)reader.ReadByte("sequence") << 16) | reader.ReadUInt16("sequence");
        var length = reader.Remaining / GlobalPlatformCommands.KeysOfVersion;
        return new KeyVersion(cell, version, sequence, new Scp03Keys(
            new SecretKey(reader.ReadOctets(length, "K-ENC")), new SecretKey(reader.ReadOctets(length, "K-MAC")),
            new SecretKey(reader.ReadOctets(length, "K-DEK"))));
    }

    private static byte[] Write(byte version, uint sequence, Scp03Keys keys) =>
    [
        version, (byte)(sequence >> 16), (byte)(sequence >> 8), (byte)sequence,
        .. keys.Encryption.Reveal(), .. keys.Mac.Reveal(), .. keys.DataEncryption.Reveal(),
    ];

    private void Commit(byte cell, byte[] content)
    {
        using var change = memory.Begin();
        change.Write(cell, content);
        change.Commit();
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(content);
    }
}
