using System.Buffers;
using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>A PDU that went over a session, for whoever wants to follow it.</summary>
/// <param name="IsOwn">We sent it.</param>
/// <param name="Frame">As it went; its body is a copy.</param>
public readonly record struct SeenPdu(bool IsOwn, PduFrame Frame)
{
    /// <summary>All of it, header and body; of a bind the body is left out, because the password is in it.</summary>
    public Bytes Octets
    {
        get
        {
            var body = IsBind ? Bytes.Empty : Frame.Body;
            var octets = new byte[PduFrame.HeaderLength + body.Length];
            BinaryPrimitives.WriteInt32BigEndian(octets, PduFrame.HeaderLength + Frame.Body.Length);
            BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(4), (uint)Frame.Id);
            BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(8), (uint)Frame.Status);
            BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(12), Frame.SequenceNumber);
            body.Span.CopyTo(octets.AsSpan(PduFrame.HeaderLength));
            return new Bytes(octets);
        }
    }

    private bool IsBind => Frame.Id is CommandId.BindReceiver or CommandId.BindTransmitter or CommandId.BindTransceiver;

    internal static SeenPdu Received(in PduFrame frame) => new(false, frame with { Body = Bytes.CopyOf(frame.Body.Span) });

    internal static SeenPdu Sent(uint number, Pdu pdu)
    {
        var octets = new PduBuffer();
        octets.Append(number, pdu);
        var sequence = new ReadOnlySequence<byte>(octets.Written);
        PduFramer.TryRead(ref sequence, int.MaxValue, out var frame);
        return Received(frame) with { IsOwn = true };
    }
}
