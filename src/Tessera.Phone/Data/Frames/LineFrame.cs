using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>What goes over the line under a seal.</summary>
/// <param name="Signs">What it says by its bits.</param>
/// <param name="Next">The first unit that the sender has not heard: all before it have arrived.</param>
/// <param name="Quality">How the sender hears the other end, in dB; 0 when it has not heard it for a while.</param>
/// <param name="Heard">Units behind <paramref name="Next"/> that have arrived, a bit each: empty mostly.</param>
/// <param name="Unit">The number of the first unit in <paramref name="Octets"/>.</param>
/// <param name="Octets">
/// Units behind each other, all whole but the last; none without <see cref="FrameSigns.Data"/>.
/// </param>
/// <remarks>
/// <code>
/// signs     4 bits   80 data | 40 bye | 20 full | 10 over
/// length    4 bits   octets of heard, the last not zero
/// next      1
/// quality   1
/// heard     0 to 15  bit n of octet m: unit next + 1 + 8m + n
/// unit      1        exactly with data
/// octets    1..      exactly with data
/// </code>
/// </remarks>
internal sealed record LineFrame(FrameSigns Signs, byte Next, byte Quality, Bytes Heard, byte Unit, Bytes Octets)
    : IWireFormat<LineFrame>
{
    /// <summary>Octets around those of data, without <see cref="Heard"/>.</summary>
    public const int Overhead = 4;

    public const int MaxHeard = 15;

    private const byte SignsMask = 0xF0;

    public static LineFrame Read(ref ByteReader reader)
    {
        var first = reader.ReadByte("signs");
        var signs = (FrameSigns)(first & SignsMask);
        var next = reader.ReadByte("next");
        var quality = reader.ReadByte("quality");
        var at = reader.Offset;
        var heard = reader.ReadBytes(first & MaxHeard, "heard");
        if (heard.Length > 0 && heard.Span[^1] == 0) throw new WireFormatException("heard", at, "ends in zeros");
        if (!signs.HasFlag(FrameSigns.Data)) return new LineFrame(signs, next, quality, heard, 0, Bytes.Empty);

        var unit = reader.ReadByte("unit");
        at = reader.Offset;
        var octets = Bytes.CopyOf(reader.ReadRest());
        if (octets.Length == 0) throw new WireFormatException("octets", at, "are missing");
        return new LineFrame(signs, next, quality, heard, unit, octets);
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)((byte)Signs | Heard.Length));
        writer.WriteByte(Next);
        writer.WriteByte(Quality);
        writer.WriteBytes(Heard);
        if (!Signs.HasFlag(FrameSigns.Data)) return;
        writer.WriteByte(Unit);
        writer.WriteBytes(Octets);
    }
}

/// <summary>What a frame says by its bits.</summary>
[Flags]
internal enum FrameSigns : byte
{
    None = 0,

    /// <summary>It carries units.</summary>
    Data = 0x80,

    /// <summary>Its sender leaves: all it sent before has arrived.</summary>
    Bye = 0x40,

    /// <summary>Its sender takes no new units for now.</summary>
    Full = 0x20,

    /// <summary>Where ends speak by turns: it is the other's.</summary>
    Over = 0x10,
}
