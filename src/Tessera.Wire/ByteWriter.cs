using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tessera.Wire;

/// <summary>Appends big-endian fields to a buffer.</summary>
public readonly ref struct ByteWriter(IBufferWriter<byte> output)
{
    private readonly IBufferWriter<byte> _output = output;

    public void WriteByte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_output.GetSpan(2), value);
        _output.Advance(2);
    }

    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_output.GetSpan(4), value);
        _output.Advance(4);
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_output.GetSpan(4), value);
        _output.Advance(4);
    }

    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_output.GetSpan(8), value);
        _output.Advance(8);
    }

    public void WriteBytes(Bytes value) => WriteOctets(value.Span);

    public void WriteOctets(ReadOnlySpan<byte> value) => _output.Write(value);

    public void WriteCString(string value)
    {
        Encoding.ASCII.GetBytes(value.AsSpan(), _output);
        WriteByte(0);
    }
}
