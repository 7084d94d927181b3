using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>The state of a card reader (ETSI TS 102 223 §8.33); the low three bits name the reader.</summary>
[Flags]
public enum CardReaderStatus : byte
{
    None = 0,
    Removable = 0x08,
    ReaderPresent = 0x10,
    Id1Size = 0x20,
    CardPresent = 0x40,
    CardPowered = 0x80,

    /// <summary>A reader for cards of ID-1 size without a card.</summary>
    Empty = ReaderPresent | Id1Size,

    /// <summary>A reader for cards of ID-1 size with a powered card.</summary>
    Ready = Empty | CardPresent | CardPowered,
}

/// <summary>
/// What is in the reader of a terminal, and the session that is open for it (docs/protocols/link.md §4).
/// </summary>
/// <remarks>
/// <code>
/// A0 01 status                    card reader status, TS 102 223 §8.33
/// A1 L ATR                        card ATR, §8.34: exactly when the status says card present
/// FE 04 session (2) follows (2)   own: session in force or 0000; the session it follows within the same insertion or
/// 0000
/// </code>
/// </remarks>
public sealed record ReaderState(CardReaderStatus Status, Bytes Atr, ushort Session, ushort Follows)
    : IWireFormat<ReaderState>
{
    /// <summary>ISO/IEC 7816-3 §8.2.1: TS and at most 32 characters.</summary>
    public const int MaxAtr = 33;

    public static readonly ReaderState NoReader = new(CardReaderStatus.None, Bytes.Empty, 0, 0);
    public static readonly ReaderState Empty = new(CardReaderStatus.Empty, Bytes.Empty, 0, 0);

    private const ushort StatusTag = 0xA0;
    private const ushort AtrTag = 0xA1;
    private const ushort SessionTag = 0xFE;

    public bool HasCard => Status.HasFlag(CardReaderStatus.CardPresent);

    public static ReaderState Open(Bytes atr, ushort session, ushort follows = 0) =>
        new(CardReaderStatus.Ready, atr, session, follows);

    /// <summary>The card stays, its session is over.</summary>
    public ReaderState Ended() => this with { Session = 0, Follows = 0 };

    public static ReaderState Read(ref ByteReader reader)
    {
        var status = ReadStatus(ref reader);
        var atr = status.HasFlag(CardReaderStatus.CardPresent) ? ReadAtr(ref reader) : Bytes.Empty;
        var at = reader.Offset;
        var fields = new ByteReader(Tlv.ReadExpected(ref reader, SessionTag, "session"));
        var state = new ReaderState(status, atr, fields.ReadUInt16("session"), fields.ReadUInt16("followed session"));
        fields.ReadEnd("session");
        if (state.Contradiction() is { } reason) throw new WireFormatException("session", at, reason);
        return state;
    }

    /// <exception cref="ArgumentException">
    /// The parts contradict each other: a session or an ATR without a card.
    /// </exception>
    public void Write(ByteWriter writer)
    {
        if (Contradiction() is { } reason) throw new ArgumentException($"Reader state: {reason}.", nameof(writer));
        Tlv.Write(writer, StatusTag, [(byte)Status]);
        if (HasCard) Tlv.Write(writer, AtrTag, Atr.Span);
        Tlv.Write(writer, SessionTag, [(byte)(Session >> 8), (byte)Session, (byte)(Follows >> 8), (byte)Follows]);
    }

    private string? Contradiction() => this switch
    {
        { HasCard: false, Session: not 0 } => "is open without a card",
        { HasCard: false, Atr.Length: not 0 } => "has an ATR without a card",
        { HasCard: true, Atr.Length: < 2 or > MaxAtr } => $"has an ATR of {Atr.Length} octets",
        { Session: 0, Follows: not 0 } => "is none and follows another",
        { Session: not 0 } when Session == Follows => "follows itself",
        _ => null,
    };

    private static CardReaderStatus ReadStatus(ref ByteReader reader)
    {
        var field = new ByteReader(Tlv.ReadExpected(ref reader, StatusTag, "card reader status"));
        var status = (CardReaderStatus)field.ReadByte("card reader status");
        field.ReadEnd("card reader status");
        return status;
    }

    private static Bytes ReadAtr(ref ByteReader reader) =>
        Bytes.CopyOf(Tlv.ReadExpected(ref reader, AtrTag, "card ATR"));
}
