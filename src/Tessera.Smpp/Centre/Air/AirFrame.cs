using System.Buffers;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>What a frame between a phone and the centre carries (docs/protocols/air.md §1).</summary>
public enum AirFrameType : byte
{
    Attach = 0x01,
    Attached = 0x02,
    Refused = 0x03,

    /// <summary>One RPDU of TS 24.011.</summary>
    Rp = 0x04,

    Detach = 0x05,
    Ping = 0x06,
    Pong = 0x07,
}

/// <summary>Why the centre will not have a phone, or not any longer (TS 24.008 §10.5.3.6 and §10.5.5.14).</summary>
public enum AirCause : byte
{
    /// <summary>No subscriber has that IMSI.</summary>
    UnknownSubscriber = 0x02,

    /// <summary>The same SIM attached on a newer connection.</summary>
    ImplicitlyDetached = 0x0A,

    /// <summary>There is no room for another phone.</summary>
    Congestion = 0x16,

    /// <summary>The phone broke the protocol, or was silent too long.</summary>
    ProtocolError = 0x6F,
}

/// <summary>One frame between a phone and the centre (docs/protocols/air.md §1).</summary>
/// <remarks>
/// <code>
/// length   2   octets of type and body, 1 to 261
/// type     1
/// body
/// </code>
/// </remarks>
public readonly record struct AirFrame(AirFrameType Type, Bytes Body) : IWireFormat<AirFrame>
{
    public const int MaxBody = 260;

    internal const int LengthLength = 2;

    public static AirFrame Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var length = reader.ReadUInt16("length");
        if (length is 0 or > MaxBody + 1) throw new WireFormatException("length", at, $"{length} is none of 1 to 261");

        at = reader.Offset;
        var type = (AirFrameType)reader.ReadByte("type");
        var body = reader.ReadBytes(length - 1, "body");
        if (!Fits(type, body.Length))
            throw new WireFormatException("type", at, $"{(byte)type:X2} with {body.Length} octets is not used");
        return new AirFrame(type, body);
    }

    /// <exception cref="ArgumentException">No such frame has a body of that length.</exception>
    public void Write(ByteWriter writer)
    {
        if (!Fits(Type, Body.Length))
            throw new ArgumentException($"No frame {Type} has {Body.Length} octets.", nameof(writer));
        writer.WriteUInt16((ushort)(Body.Length + 1));
        writer.WriteByte((byte)Type);
        writer.WriteBytes(Body);
    }

    /// <summary>Type and length only: a message is its holder's.</summary>
    public override string ToString() => $"{Type} ({Body.Length} octets)";

    private static bool Fits(AirFrameType type, int length) => type switch
    {
        AirFrameType.Attach => length == Imsi.Length,
        AirFrameType.Attached => length is >= Msisdn.MinLength and <= Msisdn.MaxLength,
        AirFrameType.Refused => length == 1,
        AirFrameType.Rp => length is >= 2 and <= MaxBody,
        AirFrameType.Detach or AirFrameType.Ping or AirFrameType.Pong => length == 0,
        _ => false,
    };
}

/// <summary>Cuts frames out of a byte stream.</summary>
internal static class AirFramer
{
    /// <returns>False while there is less than one frame.</returns>
    /// <exception cref="WireFormatException">What comes is no frame; nothing after it can be trusted.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, out AirFrame frame)
    {
        frame = default;
        if (buffer.Length < AirFrame.LengthLength) return false;

        Span<byte> octets = stackalloc byte[AirFrame.LengthLength + 1 + AirFrame.MaxBody];
        buffer.Slice(0, AirFrame.LengthLength).CopyTo(octets);
        var whole = AirFrame.LengthLength + ((octets[0] << 8) | octets[1]);
        if (whole <= octets.Length)
        {
            if (buffer.Length < whole) return false;
            buffer.Slice(0, whole).CopyTo(octets);
            octets = octets[..whole];
        }

        var reader = new ByteReader(octets);
        frame = AirFrame.Read(ref reader);
        buffer = buffer.Slice(whole);
        return true;
    }
}
