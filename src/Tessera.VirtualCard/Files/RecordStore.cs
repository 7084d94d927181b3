using System.Runtime.InteropServices;
using Tessera.VirtualCard.Memory;

namespace Tessera.VirtualCard.Files;

/// <summary>The records of a file by number, from 1; those of a cyclic file from the newest.</summary>
/// <remarks>
/// <code>
/// fixed      records one behind the other
/// cyclic     the same; the head of the file says where the newest is
/// variable   { length 1 | octets } one behind the other
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly struct RecordStore(FileVolume volume, CardFile file)
{
    private FileControl Control => file.Control;

    public int Count => file.Records;

    public byte[] this[int number] => Control.Kind == FileKind.LinearVariable
        ? Variable()[number - 1]
        : volume.Read(file, PlaceOf(number) * Control.RecordLength, Control.RecordLength);

    public IEnumerable<byte[]> All
    {
        get
        {
            if (Control.Kind == FileKind.LinearVariable) return Variable();
            var records = this;
            return Enumerable.Range(1, Count).Select(number => records[number]);
        }
    }

    /// <summary>A record of that length may be in the file.</summary>
    public bool Takes(int length) => Control.Kind == FileKind.LinearVariable
        ? length is > 0 && length <= Control.RecordLength
        : length == Control.RecordLength;

    /// <summary>Replaces a record; false where a longer one finds no room.</summary>
    public bool TryUpdate(MemoryTransaction change, int number, ReadOnlySpan<byte> octets)
    {
        if (Control.Kind != FileKind.LinearVariable)
        {
            volume.Write(change, file, PlaceOf(number) * Control.RecordLength, octets);
            return true;
        }

        var records = Variable();
        records[number - 1] = octets.ToArray();
        return TryWrite(change, records, number - 1);
    }

    /// <summary>Adds a record, in a full cyclic file for the oldest; false where there is no room.</summary>
    public bool TryAppend(MemoryTransaction change, ReadOnlySpan<byte> octets)
    {
        if (Count == Control.MaxRecords && Control.Kind != FileKind.Cyclic) return false;
        if (Control.Kind == FileKind.LinearVariable)
        {
            var records = Variable();
            records.Add(octets.ToArray());
            if (!TryWrite(change, records, records.Count - 1)) return false;
        }
        else
        {
            var place = Control.Kind != FileKind.Cyclic ? Count
                : Count == 0 ? 0
                : (file.Newest + 1) % Control.MaxRecords;
            volume.Write(change, file, place * Control.RecordLength, octets);
            if (Control.Kind == FileKind.Cyclic) file.Newest = place;
        }

        file.Records = Math.Min(Count + 1, Control.MaxRecords);
        FileVolume.WriteState(change, file);
        return true;
    }

    /// <summary>Makes a record 00, or no octets where its length may vary.</summary>
    public void Erase(MemoryTransaction change, int first, int last)
    {
        if (Control.Kind == FileKind.LinearVariable)
        {
            var records = Variable();
            for (var number = first; number <= last; number++) records[number - 1] = [];
            TryWrite(change, records, first - 1);
            return;
        }

        var (low, high) = Control.Kind == FileKind.Cyclic ? (PlaceOf(last), PlaceOf(first)) : (first - 1, last - 1);
        if (low <= high)
        {
            Erase(change, low, high, Control.RecordLength);
            return;
        }

        Erase(change, 0, high, Control.RecordLength);
        Erase(change, low, Control.MaxRecords - 1, Control.RecordLength);
    }

    /// <summary>Places in one piece, so that whole pages are.</summary>
    private void Erase(MemoryTransaction change, int low, int high, int length) =>
        volume.Erase(change, file, low * length, (high - low + 1) * length);

    private int PlaceOf(int number) => Control.Kind == FileKind.Cyclic
        ? (file.Newest - (number - 1) + Control.MaxRecords) % Control.MaxRecords
        : number - 1;

    private List<byte[]> Variable()
    {
        var body = volume.Read(file, 0, Control.Size).AsSpan();
        var records = new List<byte[]>(Count);
        for (var at = 0; records.Count < Count; at += 1 + body[at])
            records.Add(body.Slice(at + 1, body[at]).ToArray());
        return records;
    }

    /// <summary>Only what changed, from a record on, is written.</summary>
    private bool TryWrite(MemoryTransaction change, List<byte[]> records, int from)
    {
        if (records.Sum(record => 1 + record.Length) > Control.Size) return false;
        var at = records.Take(from).Sum(record => 1 + record.Length);
        volume.Write(change, file, at, [.. records.Skip(from).SelectMany(record => record.Prepend((byte)record.Length))]);
        return true;
    }
}
