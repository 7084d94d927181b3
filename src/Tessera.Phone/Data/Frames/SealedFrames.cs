using System.Buffers.Binary;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>Seals the frames that an end sends and opens those it hears, each once.</summary>
/// <remarks>
/// <code>
/// kind     1    40
/// number   2    low bits of the number of the frame, which counts from 0 in each direction and is the nonce
/// sealed        the frame, and 8 octets of tag; the kind is bound to it
/// </code>
/// </remarks>
internal sealed class SealedFrames(LineSecrets secrets) : IDisposable
{
    /// <summary>Octets around a frame.</summary>
    public const int Overhead = HeaderLength + LineCipher.TagLength;

    /// <summary>Frames with a wrong tag after which nobody is believed any more.</summary>
    public const int MaxForged = 4096;

    private const int HeaderLength = 3;
    private const byte First = (int)FrameKind.Sealed << 4;
    /// <summary>
    /// Frames by which one may be late. Units have numbers of 8 bits: of an older frame they could be taken for new
    /// ones.
    /// </summary>
    private const int Window = 8;

    private const ulong MaxNumber = 1UL << 32;

    private const int Echoes = 8;

    private readonly Queue<Bytes> _said = new();
    private ulong _outgoing;
    private ulong _expected;
    private ulong _seen;

    /// <summary>How many frames had a wrong tag.</summary>
    public int Forged { get; private set; }

    /// <summary>Whether the numbers or the trust are used up.</summary>
    public bool IsSpent => _outgoing >= MaxNumber || Forged >= MaxForged;

    /// <summary>The number that the next frame goes under.</summary>
    public ulong Number => _outgoing;

    public Bytes Seal(LineFrame frame)
    {
        var number = _outgoing++;
        var header = new byte[HeaderLength];
        header[0] = First;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(1), (ushort)number);
        var octets = secrets.Outgoing.Seal(number, Bytes.Of(frame).Span, header.AsSpan(0, 1));
        var sealedFrame = new Bytes((byte[])[.. header, .. octets]);
        if (_said.Count == Echoes) _said.Dequeue();
        _said.Enqueue(sealedFrame);
        return sealedFrame;
    }

    /// <returns>
    /// Null for what the peer did not send, or sent before; the echo of a line of two wires counts as nothing.
    /// </returns>
    public LineFrame? Open(Bytes octets)
    {
        if (octets.Length < Overhead || octets.Span[0] != First) return null;

        var number = Nearest(BinaryPrimitives.ReadUInt16BigEndian(octets.Span[1..]));
        if (IsOld(number) || _said.Contains(octets)) return null;
        if (secrets.Incoming.Open(number, octets.Span[HeaderLength..], octets.Span[..1]) is not { } open)
        {
            Forged++;
            return null;
        }

        Remember(number);
        try
        {
            return new Bytes(open).Read<LineFrame>();
        }
        catch (WireFormatException)
        {
            // Sealed by the peer and yet no frame: its fault, and worth no more than a frame that was lost.
            return null;
        }
    }

    public void Dispose() => secrets.Dispose();

    /// <summary>The number nearest to the one expected.</summary>
    private ulong Nearest(ushort low)
    {
        var ahead = (short)(low - (ushort)_expected);
        return ahead < 0 && _expected < (ulong)-ahead ? _expected + (ushort)ahead : _expected + (ulong)(long)ahead;
    }

    private bool IsOld(ulong number) =>
        number < _expected && (_expected - number > Window || (_seen >> (int)(_expected - number - 1) & 1) != 0);

    private void Remember(ulong number)
    {
        if (number < _expected)
        {
            _seen |= 1UL << (int)(_expected - number - 1);
            return;
        }

        var forward = number - _expected + 1;
        _seen = forward > Window ? 0 : _seen << (int)forward;
        _seen |= 1;
        _expected = number + 1;
    }
}
