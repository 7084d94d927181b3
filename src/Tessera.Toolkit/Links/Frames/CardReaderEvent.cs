using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>The reader of a terminal changed: EVENT DOWNLOAD, card reader status (ETSI TS 102 223 §7.5.7).</summary>
/// <remarks>
/// <code>
/// D6 L {
///   99 01 06         event: card reader status
///   82 02 82 81      from the terminal
///   reader state     as it is after the event
/// }
/// </code>
/// </remarks>
public sealed record CardReaderEvent(ReaderState State) : IWireFormat<CardReaderEvent>
{
    private const ushort EventDownload = 0xD6;
    private static readonly Bytes Head = Bytes.FromHex("990106 82028281");

    public static CardReaderEvent Read(ref ByteReader reader)
    {
        var body = new ByteReader(Tlv.ReadExpected(ref reader, EventDownload, "event download"));
        if (!body.ReadOctets(Head.Length, "event").SequenceEqual(Head.Span))
            throw new WireFormatException("event", 0, "is not card reader status from the terminal");

        var state = ReaderState.Read(ref body);
        body.ReadEnd("event download");
        return new CardReaderEvent(state);
    }

    public void Write(ByteWriter writer)
    {
        var state = Bytes.Of(State);
        Tlv.Write(writer, EventDownload, [.. Head.Span, .. state.Span]);
    }
}
