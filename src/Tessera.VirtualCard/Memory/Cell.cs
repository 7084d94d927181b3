using System.Buffers.Binary;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.VirtualCard.Memory;

/// <summary>The place of one object in a card image: a cell with a meaning, or a page of the file system.</summary>
/// <remarks>
/// <code>
/// id | length 2 | octets (length) | checksum 8      the rest of the capacity is not read
/// id    1 octet, 01 to FF, of a cell
///       00 and 2 octets, 0100 on, of a page
/// </code>
/// </remarks>
internal sealed record Cell(int Id, int Offset, int Capacity)
{
    /// <summary>Pages have ids from here on.</summary>
    public const int FirstPage = 0x100;

    private const byte PageMark = 0x00;

    public static int HeadOf(int id) => id < FirstPage ? 3 : 5;

    public static int OverheadOf(int id) => HeadOf(id) + Checksum.Length;

    /// <summary>Id and length, as they stand before the octets here and in the log.</summary>
    public static void WriteHead(Span<byte> octets, int id, int length)
    {
        if (id < FirstPage)
        {
            octets[0] = (byte)id;
        }
        else
        {
            octets[0] = PageMark;
            BinaryPrimitives.WriteUInt16BigEndian(octets[1..], (ushort)id);
        }

        BinaryPrimitives.WriteUInt16BigEndian(octets[(HeadOf(id) - 2)..], (ushort)length);
    }

    public static (int Id, int Length) ReadHead(ref ByteReader reader)
    {
        int id = reader.ReadByte("id");
        if (id == PageMark) id = reader.ReadUInt16("page");
        return (id, reader.ReadUInt16("length"));
    }

    /// <exception cref="DamagedImageException">The cell is not as a card wrote it.</exception>
    public byte[] Read(IImageMedium medium)
    {
        var octets = new byte[OverheadOf(Id) + Capacity];
        medium.Read(Offset, octets);
        var reader = new ByteReader(octets);
        var (id, length) = ReadHead(ref reader);
        if (id != Id || length > Capacity || !Checksum.Holds(octets.AsSpan(0, OverheadOf(id) + length)))
            throw new DamagedImageException(medium.Name, Offset, $"cell {Id:X2} does not match its checksum");
        var content = octets.AsSpan(HeadOf(id), length).ToArray();
        CryptographicOperations.ZeroMemory(octets);
        return content;
    }

    public void Write(IImageMedium medium, ReadOnlySpan<byte> content)
    {
        var octets = new byte[OverheadOf(Id) + content.Length];
        WriteHead(octets, Id, content.Length);
        content.CopyTo(octets.AsSpan(HeadOf(Id)));
        Checksum.Seal(octets);
        medium.Write(Offset, octets);
        CryptographicOperations.ZeroMemory(octets);
    }
}
