using System.Buffers;
using Tessera.Phone.Modems.Hdlc;
using Tessera.Wire;

namespace Tessera.Terminal.Serial.Frames;

/// <summary>
/// Frames as octets of an asynchronous line: flags, octet stuffing and the check of ISO/IEC 13239 §4.5.2.
/// </summary>
public static class SerialOctets
{
    public const byte Flag = 0x7E;
    public const byte Escape = 0x7D;

    /// <summary>What an escaped octet is combined with.</summary>
    public const byte Mask = 0x20;

    /// <summary>DC1 and DC3: equipment on the way may take and insert them for flow control (RFC 1662 §7.1).</summary>
    public const byte XOn = 0x11;

    /// <inheritdoc cref="XOn"/>
    public const byte XOff = 0x13;

    private static readonly SearchValues<byte> Stuffed = SearchValues.Create(Flag, Escape, XOn, XOff);

    /// <summary>Writes the octets of a frame, its check and the flag behind it, but no flag before it.</summary>
    public static void Write(SerialFrame frame, IBufferWriter<byte> output)
    {
        var octets = Bytes.Of(frame).Span;
        var check = FrameCheck.Compute(octets);
        Stuff(octets, output);
        Stuff([(byte)check, (byte)(check >> 8)], output);
        output.Write([Flag]);
    }

    private static void Stuff(ReadOnlySpan<byte> octets, IBufferWriter<byte> output)
    {
        while (octets.IndexOfAny(Stuffed) is >= 0 and var at)
        {
            output.Write(octets[..at]);
            output.Write([Escape, (byte)(octets[at] ^ Mask)]);
            octets = octets[(at + 1)..];
        }

        output.Write(octets);
    }
}
