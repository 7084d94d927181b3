using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>
/// The holder lets programs at the server use the card, or no longer; or the server has no use for it, or no longer
/// (docs/protocols/link.md §8.1).
/// </summary>
/// <param name="Atr">Of the card; empty where the relay is off.</param>
/// <param name="Reason">Why it is off, for people; empty where it is on.</param>
/// <remarks>
/// <code>
/// state    1      01 on, 00 off
/// atr      1+n    on: 2 to 33 octets, off: none
/// reason   1+n    UTF-8, at most 200 octets
/// </code>
/// </remarks>
public sealed record RelayState(bool IsOn, Bytes Atr, string Reason) : IWireFormat<RelayState>
{
    public const int MaxReason = 200;
    private const int MaxAtr = 33;
    private const int MinAtr = 2;

    public static RelayState On(Bytes atr) => new(IsOn: true, atr, "");

    public static RelayState Off(string reason) => new(IsOn: false, Bytes.Empty, LinkText.Fit(reason, MaxReason));

    public static RelayState Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var state = reader.ReadByte("state");
        if (state > 1) throw new WireFormatException("state", at, $"{state:X2} is neither 00 nor 01");
        var (min, max) = state == 1 ? (MinAtr, MaxAtr) : (0, 0);
        var atr = Bytes.CopyOf(LinkText.ReadOctets(ref reader, max, "ATR", min));
        return new RelayState(state == 1, atr, LinkText.Read(ref reader, MaxReason, "reason"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(IsOn ? (byte)1 : (byte)0);
        LinkText.WriteOctets(writer, Atr.Span, IsOn ? MaxAtr : 0, "ATR", IsOn ? MinAtr : 0);
        LinkText.Write(writer, Reason, MaxReason, "reason");
    }
}

/// <summary>A command of a program at the server, for the card (docs/protocols/link.md §8.2).</summary>
/// <param name="Number">One more than that of the command before, modulo 65536; the answer has the same.</param>
/// <param name="Reset">The card is reset first.</param>
/// <param name="Apdu">The command as it is; empty: the card is reset and nothing else.</param>
/// <remarks>
/// <code>
/// number   2
/// flags    1      bit 1 reset
/// length   2      at most 16375
/// apdu
/// </code>
/// </remarks>
public sealed record RelayCommand(ushort Number, bool Reset, Bytes Apdu) : IWireFormat<RelayCommand>
{
    public const int MaxApdu = LinkFrame.MaxBody - 5;

    public static RelayCommand Read(ref ByteReader reader)
    {
        var number = reader.ReadUInt16("number");
        var at = reader.Offset;
        var flags = reader.ReadByte("flags");
        if (flags > 1) throw new WireFormatException("flags", at, $"{flags:X2} is neither 00 nor 01");
        return new RelayCommand(number, flags == 1, reader.ReadBytes(reader.ReadUInt16("length"), "APDU"));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt16(Number);
        writer.WriteByte(Reset ? (byte)1 : (byte)0);
        writer.WriteUInt16((ushort)Apdu.Length);
        writer.WriteBytes(Apdu);
    }

    /// <summary>Not the command: it may hold a PIN.</summary>
    public override string ToString() => $"command {Number} ({Apdu.Length} octets)";
}

/// <summary>What the card answered (docs/protocols/link.md §8.2).</summary>
/// <param name="Apdu">As it is; empty where the card was only reset.</param>
/// <remarks>
/// <code>
/// number   2      of the command
/// length   2      at most 16376
/// apdu
/// </code>
/// </remarks>
public sealed record RelayAnswer(ushort Number, Bytes Apdu) : IWireFormat<RelayAnswer>
{
    public const int MaxApdu = LinkFrame.MaxBody - 4;

    public static RelayAnswer Read(ref ByteReader reader) =>
        new(reader.ReadUInt16("number"), reader.ReadBytes(reader.ReadUInt16("length"), "APDU"));

    public void Write(ByteWriter writer)
    {
        writer.WriteUInt16(Number);
        writer.WriteUInt16((ushort)Apdu.Length);
        writer.WriteBytes(Apdu);
    }

    public override string ToString() => $"answer {Number} ({Apdu.Length} octets)";
}
