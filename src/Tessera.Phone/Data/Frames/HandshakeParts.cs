using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>
/// Messages of the handshake in modem frames: in parts, where the frames of a modem are short. A message that is said
/// again has the same parts, so those that were heard the first time need not be heard twice.
/// </summary>
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

    private readonly Bytes?[] _parts = new Bytes?[MaxParts];
    private int _header;

    /// <summary>The frames of a message, each as long as they may be.</summary>
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

    /// <summary>Takes a part, in any order. Of two messages mixed nothing comes: no seal fits.</summary>
    /// <returns>The message, when none is missing any more.</returns>
    public Bytes? Join(Bytes frame)
    {
        var (header, last, part) = (frame.Span[0] & 0xFC, (frame.Span[0] >> 2) & 0x03, frame.Span[0] & 0x03);
        if (part > last) return null;
        if (header != _header) Array.Clear(_parts);
        _header = header;
        _parts[part] = new Bytes(frame.Memory[HeaderLength..]);
        if (Array.Exists(_parts[..(last + 1)], missing => missing is null)) return null;

        var message = _parts[..(last + 1)].SelectMany(octets => octets!.Value.ToArray()).ToArray();
        Array.Clear(_parts);
        return new Bytes(message);
    }
}
