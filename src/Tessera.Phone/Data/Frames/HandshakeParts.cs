using System.Buffers;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>Messages of the handshake in modem frames: in parts, where the frames of a modem are short.</summary>
/// <remarks>
/// <code>
/// kind    4 bits
/// last    2 bits    number of the last part
/// part    2 bits    number of this part, from 0
/// octets            of the message
/// </code>
/// </remarks>
internal sealed class HandshakeParts
{
    private const int MaxParts = 4;
    private const int HeaderLength = 1;

    private readonly ArrayBufferWriter<byte> _octets = new();
    private int _expected;
    private int _header;

    /// <summary>The frames of a message, each as long as the modem allows.</summary>
    /// <exception cref="ArgumentException">It does not fit four of them.</exception>
    public static Sequence<Bytes> Split(FrameKind kind, Bytes message, int maxFrame)
    {
        var room = maxFrame - HeaderLength;
        var parts = (message.Length + room - 1) / room;
        if (parts > MaxParts)
            throw new ArgumentException($"{message.Length} octets take {parts} frames.", nameof(message));

        return Enumerable.Range(0, parts)
            .Select(part => new Bytes((byte[])
            [
                (byte)(((int)kind << 4) | ((parts - 1) << 2) | part),
                .. message.Span.Slice(part * room, Math.Min(room, message.Length - (part * room))),
            ]))
            .ToSequence();
    }

    /// <summary>Takes the next part. Parts come in their order; one that does not begins anew or is dropped.</summary>
    /// <returns>The message, with its last part.</returns>
    public Bytes? Join(Bytes frame)
    {
        var (header, last, part) = (frame.Span[0] & 0xFC, (frame.Span[0] >> 2) & 0x03, frame.Span[0] & 0x03);
        if (part == 0)
        {
            _octets.ResetWrittenCount();
            (_header, _expected) = (header, 0);
        }

        if (header != _header || part != _expected || part > last) return null;

        _octets.Write(frame.Span[HeaderLength..]);
        _expected++;
        return part == last ? Bytes.CopyOf(_octets.WrittenSpan) : null;
    }
}
