using System.Buffers.Binary;
using System.Text;

namespace Tessera.Wire;

/// <summary>Reads big-endian fields from one whole message. Never reads past its end and never copies.</summary>
public ref struct ByteReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;

    public int Offset { get; private set; }

    public readonly int Remaining => _source.Length - Offset;

    public byte ReadByte(string field) => ReadOctets(1, field)[0];

    public ushort ReadUInt16(string field) => BinaryPrimitives.ReadUInt16BigEndian(ReadOctets(2, field));

    public int ReadInt32(string field) => BinaryPrimitives.ReadInt32BigEndian(ReadOctets(4, field));

    public uint ReadUInt32(string field) => BinaryPrimitives.ReadUInt32BigEndian(ReadOctets(4, field));

    public ReadOnlySpan<byte> ReadOctets(int length, string field)
    {
        if ((uint)length > (uint)Remaining)
            throw new WireFormatException(field, Offset, $"needs {length} octets, {Remaining} left");

        var taken = _source.Slice(Offset, length);
        Offset += length;
        return taken;
    }

    public ulong ReadUInt64(string field) => BinaryPrimitives.ReadUInt64BigEndian(ReadOctets(8, field));

    /// <summary>A copy of the next octets, for a value that outlives the message.</summary>
    public Bytes ReadBytes(int length, string field) => Bytes.CopyOf(ReadOctets(length, field));

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> ReadRest() => ReadOctets(Remaining, "rest");

    /// <summary>
    /// A C-Octet String (SMPP 3.4 §3.1): ASCII up to a NUL, at most <paramref name="max"/> octets with it.
    /// </summary>
    public string ReadCString(int max, string field)
    {
        var window = _source.Slice(Offset, Math.Min(max, Remaining));
        var end = window.IndexOf((byte)0);
        if (end < 0) throw new WireFormatException(field, Offset, $"no NUL in its first {max} octets");

        Offset += end + 1;
        return Encoding.ASCII.GetString(window[..end]);
    }

    /// <summary>Fails if octets are left: what we did not understand we do not accept.</summary>
    public readonly void ReadEnd(string message)
    {
        if (Remaining != 0) throw new WireFormatException(message, Offset, $"{Remaining} octets left over");
    }
}
