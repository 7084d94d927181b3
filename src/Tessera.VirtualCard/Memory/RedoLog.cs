using System.Buffers.Binary;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.VirtualCard.Memory;

/// <summary>What one object becomes.</summary>
internal readonly record struct CellChange(int Id, byte[] Content);

/// <summary>The last transaction, whole: a commit is this log on the medium, all after it is repetition.</summary>
/// <remarks>
/// <code>
/// length of the changes 4 | { id, length 2, octets } | checksum 8, over all before it     ids as in a cell
/// </code>
/// A log that is torn is none. A log that is whole is applied again at every opening, which does no harm: the next
/// transaction overwrites it only after its changes are flushed.
/// </remarks>
internal static class RedoLog
{
    public const int Length = 16384;

    /// <summary>Octets of change one transaction may carry.</summary>
    public const int MaxChanges = Length - Head - Checksum.Length;

    private const int Head = 4;

    /// <summary>What a change takes of <see cref="MaxChanges"/>.</summary>
    public static int LengthOf(int id, byte[] content) => Cell.HeadOf(id) + content.Length;

    public static void Write(IImageMedium medium, IReadOnlyCollection<CellChange> changes)
    {
        var length = changes.Sum(change => LengthOf(change.Id, change.Content));
        var octets = new byte[Head + length + Checksum.Length];
        BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)length);
        var at = Head;
        foreach (var (id, content) in changes)
        {
            Cell.WriteHead(octets.AsSpan(at), id, content.Length);
            content.CopyTo(octets, at + Cell.HeadOf(id));
            at += LengthOf(id, content);
        }

        Checksum.Seal(octets);
        medium.Write(ImageHeader.Length, octets);
        CryptographicOperations.ZeroMemory(octets);
    }

    /// <summary>The changes of the last transaction; none where its log is torn or there was none yet.</summary>
    public static List<CellChange> Read(IImageMedium medium)
    {
        var octets = new byte[Length];
        medium.Read(ImageHeader.Length, octets);
        var length = BinaryPrimitives.ReadUInt32BigEndian(octets);
        if (length > MaxChanges || !Checksum.Holds(octets.AsSpan(0, Head + (int)length + Checksum.Length))) return [];

        var changes = new List<CellChange>();
        var reader = new ByteReader(octets.AsSpan(Head, (int)length));
        while (reader.Remaining > 0)
        {
            var (id, octetsOfIt) = Cell.ReadHead(ref reader);
            changes.Add(new CellChange(id, reader.ReadOctets(octetsOfIt, "octets").ToArray()));
        }

        CryptographicOperations.ZeroMemory(octets);
        return changes;
    }
}
