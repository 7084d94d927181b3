using System.Buffers;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>What a link frame carries (docs/protocols/link.md §2).</summary>
public enum FrameType : byte
{
    Hello = 0x01,
    Script = 0x02,
    Answer = 0x03,
    Event = 0x04,

    /// <summary>Reserved for the telephone line.</summary>
    Voice = 0x05,

    Bye = 0x06,
    Open = 0x07,
    Pairing = 0x08,
    Enrol = 0x09,
    Challenge = 0x0A,
    Proof = 0x0B,
    Relay = 0x0C,
    Command = 0x0D,
    Response = 0x0E,
}

/// <summary>One message of a link, its body not yet read (docs/protocols/link.md §2).</summary>
/// <remarks>
/// <code>
/// type     1
/// length   3    octets of the body, at most 16380
/// body
/// </code>
/// </remarks>
public readonly record struct LinkFrame(FrameType Type, Bytes Body) : IWireFormat<LinkFrame>
{
    public const int HeaderLength = 4;

    /// <summary>Octets of the longest frame, header and body.</summary>
    public const int MaxLength = 16384;

    public const int MaxBody = MaxLength - HeaderLength;

    public static LinkFrame Of<T>(FrameType type, T body) where T : IWireFormat<T> => new(type, Bytes.Of(body));

    public static LinkFrame Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var type = (FrameType)reader.ReadByte("frame type");
        if (!IsKnown(type)) throw new WireFormatException("frame type", at, $"{(byte)type:X2} is not used");

        var length = ReadLength(reader.ReadOctets(3, "frame length"));
        if (length > MaxBody) throw new WireFormatException("frame length", at + 1, $"{length} is more than {MaxBody}");

        return new LinkFrame(type, reader.ReadBytes(length, "frame body"));
    }

    /// <exception cref="ArgumentException">The body is longer than a frame may be.</exception>
    public void Write(ByteWriter writer)
    {
        if (Body.Length > MaxBody)
            throw new ArgumentException($"A frame body has at most {MaxBody} octets, not {Body.Length}.", nameof(writer));
        writer.WriteByte((byte)Type);
        writer.WriteByte((byte)(Body.Length >> 16));
        writer.WriteUInt16((ushort)Body.Length);
        writer.WriteBytes(Body);
    }

    /// <summary>Type and length only: a body may hold what must not be logged.</summary>
    public override string ToString() => $"{Type} ({Body.Length} octets)";

    internal static bool IsKnown(FrameType type) => type is >= FrameType.Hello and <= FrameType.Response;

    internal static int ReadLength(ReadOnlySpan<byte> octets) => (octets[0] << 16) | (octets[1] << 8) | octets[2];
}

/// <summary>What the octets received so far amount to.</summary>
public enum FrameResult
{
    /// <summary>Less than one frame: read more.</summary>
    Incomplete,

    /// <summary>One frame.</summary>
    Frame,

    /// <summary>A type or length no frame can have: nothing after it can be trusted, close.</summary>
    Broken,
}

/// <summary>Cuts frames out of a byte stream (docs/protocols/link.md §2).</summary>
public static class LinkFramer
{
    public static FrameResult TryRead(ref ReadOnlySequence<byte> buffer, out LinkFrame frame)
    {
        frame = default;
        if (buffer.IsEmpty) return FrameResult.Incomplete;

        var type = (FrameType)buffer.FirstSpan[0];
        if (!LinkFrame.IsKnown(type)) return FrameResult.Broken;
        if (buffer.Length < LinkFrame.HeaderLength) return FrameResult.Incomplete;

        Span<byte> header = stackalloc byte[LinkFrame.HeaderLength];
        buffer.Slice(0, LinkFrame.HeaderLength).CopyTo(header);
        var length = LinkFrame.ReadLength(header[1..]);
        if (length > LinkFrame.MaxBody) return FrameResult.Broken;
        if (buffer.Length < LinkFrame.HeaderLength + length) return FrameResult.Incomplete;

        frame = new LinkFrame(type, new Bytes(buffer.Slice(LinkFrame.HeaderLength, length).ToArray()));
        buffer = buffer.Slice(LinkFrame.HeaderLength + length);
        return FrameResult.Frame;
    }
}
