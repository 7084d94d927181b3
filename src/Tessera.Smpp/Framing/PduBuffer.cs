using System.Buffers;
using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>PDUs on their way out, one behind the other.</summary>
public sealed class PduBuffer : IBufferWriter<byte>
{
    private const int FirstCapacity = 4096;

    private byte[] _octets = new byte[FirstCapacity];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _octets.AsMemory(0, Length);

    /// <summary>Appends one PDU, or nothing where that fails.</summary>
    /// <exception cref="ArgumentException">A field of the PDU is longer than the standard allows.</exception>
    public void Append(uint sequenceNumber, Pdu pdu)
    {
        var start = Length;
        try
        {
            var writer = new ByteWriter(this);
            writer.WriteUInt32(0);
            writer.WriteUInt32((uint)pdu.Id);
            writer.WriteUInt32((uint)pdu.Status);
            writer.WriteUInt32(sequenceNumber);
            pdu.WriteBody(writer);
        }
        catch (ArgumentException)
        {
            Length = start;
            throw;
        }

        BinaryPrimitives.WriteUInt32BigEndian(_octets.AsSpan(start), (uint)(Length - start));
    }

    public void Clear() => Length = 0;

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _octets.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _octets.AsSpan(Length);
    }

    private void Reserve(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed > _octets.Length) Array.Resize(ref _octets, Math.Max(needed, _octets.Length * 2));
    }
}
