using System.Buffers;
using System.Buffers.Binary;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.VirtualCard.Vpcd;

/// <summary>What a virtual reader asks of its card besides APDUs.</summary>
public enum VpcdControl : byte
{
    /// <summary>Not answered.</summary>
    PowerOff = 0x00,

    /// <summary>Not answered.</summary>
    PowerOn = 0x01,

    /// <summary>Not answered.</summary>
    Reset = 0x02,

    /// <summary>Answered with the ATR, also without power.</summary>
    GetAtr = 0x04,
}

/// <summary>One message between the virtual reader of vsmartcard (vpcd) and the card that connected to it.</summary>
/// <remarks>
/// <code>
/// length 2 | content 1..65535
/// </code>
/// Content of one octet, from the reader, is a <see cref="VpcdControl"/>; anything longer is an APDU.
/// </remarks>
public readonly record struct VpcdFrame : IWireFormat<VpcdFrame>
{
    public const int HeaderLength = 2;
    public const int MaxContent = ushort.MaxValue;

    /// <exception cref="ArgumentException">No content, or more than 65535 octets.</exception>
    public VpcdFrame(Bytes content)
    {
        if (content.Length is 0 or > MaxContent)
            throw new ArgumentException($"A message has 1 to {MaxContent} octets.", nameof(content));
        Content = content;
    }

    public Bytes Content { get; }

    /// <summary>Null for an APDU.</summary>
    public VpcdControl? Control => Content.Length == 1 ? (VpcdControl)Content.Span[0] : null;

    public static VpcdFrame Of(VpcdControl control) => new(new Bytes((byte[])[(byte)control]));

    public static VpcdFrame Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var length = reader.ReadUInt16("length");
        if (length == 0) throw new WireFormatException("length", at, "is 0");
        return new VpcdFrame(reader.ReadBytes(length, "content"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt16((ushort)Content.Length);
        writer.WriteBytes(Content);
    }

    /// <summary>The length only: an APDU may hold a PIN.</summary>
    public override string ToString() => Control?.ToString() ?? $"{Content.Length} octets";
}

/// <summary>Cuts messages out of a byte stream.</summary>
public static class VpcdFramer
{
    public static FrameResult TryRead(ref ReadOnlySequence<byte> buffer, out VpcdFrame frame)
    {
        frame = default;
        if (buffer.Length < VpcdFrame.HeaderLength) return FrameResult.Incomplete;

        Span<byte> header = stackalloc byte[VpcdFrame.HeaderLength];
        buffer.Slice(0, VpcdFrame.HeaderLength).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt16BigEndian(header);
        if (length == 0) return FrameResult.Broken;
        if (buffer.Length < VpcdFrame.HeaderLength + length) return FrameResult.Incomplete;

        frame = new VpcdFrame(new Bytes(buffer.Slice(VpcdFrame.HeaderLength, length).ToArray()));
        buffer = buffer.Slice(VpcdFrame.HeaderLength + length);
        return FrameResult.Frame;
    }
}
