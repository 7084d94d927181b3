using System.Buffers.Binary;
using System.Security.Cryptography;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>The files of a card on the pages of its memory.</summary>
/// <remarks>
/// <code>
/// head   01 | page of the directory 2, 0000 for the MF | life cycle 1 | records 2 | newest record 2
///           | length 1 | file control parameters | file management data
/// body   02 | page of the head 2 | index 2 | 1 to 256 octets; what is not there is 00
/// free   empty
/// </code>
/// A page of a body is taken when it is first written, but counts from the creation of the file on: a file that could
/// be created can be filled.
/// </remarks>
internal sealed class FileVolume
{
    public const int BodyLength = ImageHeader.PageLength - BodyHead;

    private const byte HeadMark = 0x01;
    private const byte BodyMark = 0x02;
    private const int BodyHead = 5;

    private readonly CardMemory _memory;
    private readonly SortedSet<int> _free = [];
    private int _reserved;

    /// <exception cref="DamagedImageException">The pages hold no tree of files.</exception>
    public FileVolume(CardMemory memory)
    {
        _memory = memory;
        var pages = Enumerable.Range(Cell.FirstPage, memory.Pages).ToList();
        var files = new Dictionary<int, CardFile>();
        foreach (var page in pages)
            if (memory.Read(page) is [HeadMark, ..]) Load(page, files);
        foreach (var page in pages)
        {
            var octets = memory.Read(page);
            if (octets.IsEmpty) _free.Add(page);
            else if (octets[0] == BodyMark) Attach(page, octets, files);
        }

        Master = files.Values.FirstOrDefault(file => file.Parent is null)
            ?? throw new DamagedImageException("file system", 0, "there is no MF");
        _reserved = files.Values.Sum(file => 1 + file.Body.Length);
    }

    public CardFile Master { get; }

    public static int PagesFor(int size) => (size + BodyLength - 1) / BodyLength;

    /// <summary>The head of an MF, for the first page of an image that is made.</summary>
    public static byte[] WriteMaster(FileControl control, Bytes management) => Head(0, control, management);

    /// <summary>The octets; they end where the file ends.</summary>
    public byte[] Read(CardFile file, int offset, int length)
    {
        var octets = new byte[Math.Min(length, file.Control.Size - offset)];
        for (var at = 0; at < octets.Length;)
        {
            var (index, within) = Math.DivRem(offset + at, BodyLength);
            var count = Math.Min(BodyLength - within, octets.Length - at);
            if (file.Body[index] != 0)
            {
                var page = _memory.Read(file.Body[index])[BodyHead..];
                if (within < page.Length)
                    page[within..Math.Min(page.Length, within + count)].CopyTo(octets.AsSpan(at));
            }

            at += count;
        }

        return octets;
    }

    /// <summary>Makes the octets part of the transaction; they fit into the file.</summary>
    public void Write(MemoryTransaction change, CardFile file, int offset, ReadOnlySpan<byte> octets)
    {
        Span<byte> page = stackalloc byte[ImageHeader.PageLength];
        while (!octets.IsEmpty)
        {
            var (index, within) = Math.DivRem(offset, BodyLength);
            var count = Math.Min(BodyLength - within, octets.Length);
            page.Clear();
            if (file.Body[index] == 0) file.Body[index] = Take();
            else change.Read(file.Body[index]).CopyTo(page);
            page[0] = BodyMark;
            BinaryPrimitives.WriteUInt16BigEndian(page[1..], (ushort)file.Page);
            BinaryPrimitives.WriteUInt16BigEndian(page[3..], (ushort)index);
            octets[..count].CopyTo(page[(BodyHead + within)..]);
            var room = BodyHead + Math.Min(BodyLength, file.Control.Size - (index * BodyLength));
            change.Write(file.Body[index], page[..room]);
            offset += count;
            octets = octets[count..];
        }

        CryptographicOperations.ZeroMemory(page);
    }

    /// <summary>Makes octets 00; whole pages go back to the free ones, so that any length fits a transaction.</summary>
    public void Erase(MemoryTransaction change, CardFile file, int offset, int length)
    {
        while (length > 0)
        {
            var (index, within) = Math.DivRem(offset, BodyLength);
            var room = Math.Min(BodyLength, file.Control.Size - (index * BodyLength));
            var count = Math.Min(room - within, length);
            if (file.Body[index] == 0)
            {
                // It is 00 already.
            }
            else if (count == room)
            {
                change.Write(file.Body[index], []);
                _free.Add(file.Body[index]);
                file.Body[index] = 0;
            }
            else
            {
                Write(change, file, offset, new byte[count]);
            }

            (offset, length) = (offset + count, length - count);
        }
    }

    /// <summary>Makes life cycle, number of records and newest record part of the transaction.</summary>
    public static void WriteState(MemoryTransaction change, CardFile file)
    {
        var head = change.Read(file.Page).ToArray();
        WriteState(head, file.LifeCycle, file.Records, file.Newest);
        change.Write(file.Page, head);
    }

    /// <summary>A file in a directory; null where there is no room for it.</summary>
    public CardFile? Create(MemoryTransaction change, CardFile directory, FileControl control, Bytes management)
    {
        var pages = 1 + PagesFor(control.Size);
        var head = Head(directory.Page, control, management);
        if (pages > _memory.Pages - _reserved || head.Length > ImageHeader.PageLength) return null;

        _reserved += pages;
        var file = new CardFile(Take(), directory, control, management);
        change.Write(file.Page, head);
        directory.Children.Add(file);
        return file;
    }

    /// <summary>The file, and all in it.</summary>
    public void Delete(MemoryTransaction change, CardFile file)
    {
        foreach (var each in file.Descent)
        {
            _reserved -= 1 + each.Body.Length;
            foreach (var page in each.Body.Where(page => page != 0).Append(each.Page))
            {
                change.Write(page, []);
                _free.Add(page);
            }
        }

        file.Parent!.Children.Remove(file);
    }

    private int Take()
    {
        var page = _free.Min;
        _free.Remove(page);
        return page;
    }

    private CardFile Load(int page, Dictionary<int, CardFile> files)
    {
        if (files.TryGetValue(page, out var known)) return known;
        var octets = _memory.Read(page);
        var reader = new ByteReader(octets);
        reader.ReadByte("mark");
        var above = reader.ReadUInt16("directory");
        var state = (LifeCycle)reader.ReadByte("life cycle");
        var (records, newest) = (reader.ReadUInt16("records"), reader.ReadUInt16("newest"));
        var control = reader.ReadBytes(reader.ReadByte("length"), "control").Read<FileControl>();
        var file = new CardFile(
            page, above == 0 ? null : Load(above, files), control, Bytes.CopyOf(reader.ReadRest()))
        {
            LifeCycle = state,
            Records = records,
            Newest = newest,
        };
        file.Parent?.Children.Add(file);
        files.Add(page, file);
        return file;
    }

    private static void Attach(int page, ReadOnlySpan<byte> octets, Dictionary<int, CardFile> files)
    {
        var file = files[BinaryPrimitives.ReadUInt16BigEndian(octets[1..])];
        file.Body[BinaryPrimitives.ReadUInt16BigEndian(octets[3..])] = page;
    }

    private static byte[] Head(int directory, FileControl control, Bytes management)
    {
        var parameters = Bytes.Of(control);
        byte[] head =
        [
            HeadMark, (byte)(directory >> 8), (byte)directory, 0, 0, 0, 0, 0,
            (byte)parameters.Length, .. parameters.Span, .. management.Span,
        ];
        WriteState(head, control.LifeCycle, 0, 0);
        return head;
    }

    private static void WriteState(Span<byte> head, LifeCycle state, int records, int newest)
    {
        head[3] = (byte)state;
        BinaryPrimitives.WriteUInt16BigEndian(head[4..], (ushort)records);
        BinaryPrimitives.WriteUInt16BigEndian(head[6..], (ushort)newest);
    }
}
