using System.Buffers;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Pdus;

/// <summary>PDUs as octets.</summary>
internal static class PduWire
{
    private const int MaxLength = 0x20000;

    public static Bytes Encode(uint sequenceNumber, Pdu pdu)
    {
        var buffer = new PduBuffer();
        buffer.Append(sequenceNumber, pdu);
        return Bytes.CopyOf(buffer.Written.Span);
    }

    public static PduFrame Cut(Bytes octets)
    {
        var buffer = new ReadOnlySequence<byte>(octets.Memory);
        Assert.Equal(FrameResult.Frame, PduFramer.TryRead(ref buffer, MaxLength, out var frame));
        Assert.True(buffer.IsEmpty);
        return frame;
    }

    /// <summary>
    /// What every PDU must do: be written as the vector, be read from it, and for every truncation and one octet too
    /// many either refuse or be exactly what remained.
    /// </summary>
    public static void Holds(uint sequenceNumber, Pdu pdu, string hex)
    {
        var octets = Bytes.FromHex(hex);
        Assert.Equal(octets, Encode(sequenceNumber, pdu));

        var frame = Cut(octets);
        Assert.Equal(sequenceNumber, frame.SequenceNumber);
        Assert.Equal(pdu.Id, frame.Id);
        Assert.Equal(pdu, Pdu.Read(frame));

        for (var length = 0; length < frame.Body.Length; length++)
            HoldsOrRefuses(frame with { Body = new Bytes(frame.Body.Memory[..length]) });
        byte[] longer = [.. frame.Body.Span, 0x5A];
        Assert.Throws<WireFormatException>(() => Pdu.Read(frame with { Body = new Bytes(longer) }));
    }

    /// <summary>A body that is not refused is written as it was read. Only an absent one may come back.</summary>
    public static void HoldsOrRefuses(PduFrame frame)
    {
        Pdu pdu;
        try
        {
            pdu = Pdu.Read(frame);
        }
        catch (WireFormatException)
        {
            return;
        }

        if (frame.Body.Length > 0) Assert.Equal(frame.Body, Cut(Encode(frame.SequenceNumber, pdu)).Body);
    }
}
