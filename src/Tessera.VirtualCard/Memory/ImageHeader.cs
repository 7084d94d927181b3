using System.Buffers;
using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.VirtualCard.Memory;

/// <summary>The first octets of a card image: what it is and where its cells lie. Written once, last.</summary>
/// <remarks>
/// <code>
/// 0      magic "TESSERA" 00      8
/// 8      version 0001            2
/// 10     size of the image       4
/// 14     number of cells         2
/// 16     { id 1, capacity 2 }    in the order in which the cells lie
/// 784    number of pages         2, each of 261 octets, behind the cells; none on a card without files of its own
/// 1016   checksum                8, over all before it
/// 1024   redo log                16384
/// 17408  cells
/// </code>
/// </remarks>
internal sealed class ImageHeader
{
    public const int Length = 1024;
    public const int MaxCells = 255;
    public const int MaxImage = 1 << 20;

    /// <summary>Octets that a page holds.</summary>
    public const int PageLength = 261;

    public const int MaxPages = 3072;

    private const int PagesAt = 784;
    private const int FirstCell = Length + RedoLog.Length;
    private const ushort Version = 1;

    public ImageHeader(IEnumerable<(int Id, int Capacity)> cells, int pages)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pages, MaxPages);
        Pages = pages;
        var at = FirstCell;
        foreach (var (id, capacity) in cells) Add(id, capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Cells.Count, MaxCells, nameof(cells));
        for (var page = 0; page < pages; page++) Add(Cell.FirstPage + page, PageLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(at, MaxImage, nameof(cells));
        ImageLength = at;

        void Add(int id, int capacity)
        {
            Cells.Add(id, new Cell(id, at, capacity));
            at += Cell.OverheadOf(id) + capacity;
        }
    }

    /// <summary>The pages too.</summary>
    public OrderedDictionary<int, Cell> Cells { get; } = [];

    public int Pages { get; }

    public int ImageLength { get; }

    private static ReadOnlySpan<byte> Magic => "TESSERA\0"u8;

    /// <exception cref="DamagedImageException">Not a card image, or not a whole one.</exception>
    public static ImageHeader Read(IImageMedium medium)
    {
        if (medium.Length < Length)
            throw new DamagedImageException(medium.Name, 0, "shorter than the header of a card image");

        var octets = new byte[Length];
        medium.Read(0, octets);
        var reader = new ByteReader(octets);
        if (!reader.ReadOctets(Magic.Length, "magic").SequenceEqual(Magic))
            throw new DamagedImageException(medium.Name, 0, "not a card image");
        if (reader.ReadUInt16("version") is not Version and var version)
            throw new DamagedImageException(medium.Name, Magic.Length, $"version {version}, this card reads {Version}");
        if (!Checksum.Holds(octets))
            throw new DamagedImageException(medium.Name, Length - Checksum.Length, "not the header that was written");

        var size = reader.ReadUInt32("size");
        if (medium.Length != size)
            throw new DamagedImageException(medium.Name, 10, $"{medium.Length} octets long, the header says {size}");

        var count = reader.ReadUInt16("cells");
        if (count > MaxCells) throw new DamagedImageException(medium.Name, 14, $"{count} cells, at most {MaxCells}");
        var cells = new (int Id, int Capacity)[count];
        for (var i = 0; i < cells.Length; i++) cells[i] = (reader.ReadByte("id"), reader.ReadUInt16("capacity"));
        var pages = new ByteReader(octets.AsSpan(PagesAt)).ReadUInt16("pages");
        var end = FirstCell + cells.Sum(cell => Cell.OverheadOf(cell.Id) + cell.Capacity)
            + (pages * (Cell.OverheadOf(Cell.FirstPage) + PageLength));
        if (end != size || pages > MaxPages || cells.DistinctBy(cell => cell.Id).Count() != count)
            throw new DamagedImageException(medium.Name, 16, "its cells do not make an image of that size");
        return new ImageHeader(cells, pages);
    }

    public void WriteTo(IImageMedium medium)
    {
        var output = new ArrayBufferWriter<byte>(Length);
        var writer = new ByteWriter(output);
        writer.WriteOctets(Magic);
        writer.WriteUInt16(Version);
        writer.WriteUInt32((uint)ImageLength);
        var cells = Cells.Values.Where(cell => cell.Id < Cell.FirstPage).ToList();
        writer.WriteUInt16((ushort)cells.Count);
        foreach (var cell in cells)
        {
            writer.WriteByte((byte)cell.Id);
            writer.WriteUInt16((ushort)cell.Capacity);
        }

        var octets = new byte[Length];
        output.WrittenSpan.CopyTo(octets);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(PagesAt), (ushort)Pages);
        Checksum.Seal(octets);
        medium.Write(0, octets);
    }
}
