using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>One PDU cut from the stream, header read, body not yet.</summary>
/// <param name="Body">Lives in the buffer it was cut from: it must be read before that is given back.</param>
/// <remarks>
/// <code>
/// command_length    4   of the whole PDU, these octets too
/// command_id        4
/// command_status    4   0 in requests
/// sequence_number   4   1..7FFFFFFF; a response repeats that of its request
/// body
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PduFrame(CommandId Id, CommandStatus Status, uint SequenceNumber, Bytes Body)
{
    public const int HeaderLength = 16;
    public const uint MaxSequenceNumber = 0x7FFF_FFFF;
}

/// <summary>What the octets received so far amount to.</summary>
public enum FrameResult
{
    /// <summary>Less than one PDU: read more.</summary>
    Incomplete,

    /// <summary>One PDU: handle it; a body that does not parse is answered, not fatal.</summary>
    Frame,

    /// <summary>A length no PDU can have: nothing after it can be trusted, close.</summary>
    Broken,
}

/// <summary>Cuts PDUs out of a byte stream (SMPP 3.4 §3.2.1, command_length).</summary>
public static class PduFramer
{
    /// <param name="buffer">What was received; begins behind the PDU afterwards, if there was one.</param>
    /// <param name="maxLength">Octets of the longest PDU that is taken.</param>
    public static FrameResult TryRead(ref ReadOnlySequence<byte> buffer, int maxLength, out PduFrame frame)
    {
        frame = default;
        if (buffer.Length < sizeof(uint)) return FrameResult.Incomplete;

        Span<byte> header = stackalloc byte[PduFrame.HeaderLength];
        buffer.Slice(0, sizeof(uint)).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (length < PduFrame.HeaderLength || length > (uint)maxLength) return FrameResult.Broken;
        if (buffer.Length < length) return FrameResult.Incomplete;

        buffer.Slice(0, PduFrame.HeaderLength).CopyTo(header);
        var reader = new ByteReader(header[sizeof(uint)..]);
        frame = new PduFrame(
            (CommandId)reader.ReadUInt32("command_id"),
            (CommandStatus)reader.ReadUInt32("command_status"),
            reader.ReadUInt32("sequence_number"),
            Contiguous(buffer.Slice(PduFrame.HeaderLength, length - PduFrame.HeaderLength)));
        buffer = buffer.Slice(length);
        return FrameResult.Frame;
    }

    private static Bytes Contiguous(ReadOnlySequence<byte> body) =>
        new(body.IsSingleSegment ? body.First : body.ToArray());
}
