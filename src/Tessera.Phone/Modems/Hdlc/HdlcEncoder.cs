using Tessera.Wire;

namespace Tessera.Phone.Modems.Hdlc;

/// <summary>
/// Makes the bits of frames: flags, the octets and their check with a zero after five ones, a flag (ISO/IEC 13239).
/// </summary>
/// <param name="leadFlags">Flags before the first frame.</param>
/// <param name="fills">Whether flags fill the time between frames.</param>
public sealed class HdlcEncoder(int leadFlags = HdlcEncoder.MinLeadFlags, bool fills = false)
{
    public const int MinLeadFlags = 2;

    /// <summary>Frames that may wait.</summary>
    public const int MaxQueue = 1024;

    private const int FlagBits = 8;
    private const byte Flag = 0x7E;

    private readonly Queue<Bytes> _frames = new();
    private ReadOnlyMemory<byte> _octets;
    private int _bit;
    private int _ones;
    private int _flags;
    private int _flagBit;
    private bool _filling;

    /// <summary>Whether all frames and the flag behind the last have been read.</summary>
    public bool IsIdle => _frames.Count == 0 && _octets.IsEmpty && _ones != 5 && (_flags == 0 || _filling);

    /// <exception cref="InvalidOperationException">Too many frames are waiting.</exception>
    public void Add(Bytes frame)
    {
        if (_frames.Count >= MaxQueue) throw new InvalidOperationException($"{MaxQueue} frames are waiting.");
        if (IsIdle && !_filling) _flags = Math.Max(leadFlags, MinLeadFlags);
        var check = FrameCheck.Compute(frame.Span);
        _frames.Enqueue(new Bytes((byte[])[.. frame.Span, (byte)check, (byte)(check >> 8)]));
    }

    /// <summary>The next bit; nothing if there is none.</summary>
    public bool? Next()
    {
        if (_flags > 0) return NextOfFlag();
        if (_ones == 5)
        {
            _ones = 0;
            EndIfSent();
            return false;
        }

        if (_octets.IsEmpty && !fills) return null;
        if (_octets.IsEmpty)
        {
            (_flags, _filling) = (1, true);
            return NextOfFlag();
        }

        var one = (_octets.Span[0] >> _bit & 1) != 0;
        _ones = one ? _ones + 1 : 0;
        if (++_bit == 8) (_octets, _bit) = (_octets[1..], 0);
        if (_ones < 5) EndIfSent();
        return one;
    }

    private bool NextOfFlag()
    {
        var one = (Flag >> _flagBit & 1) != 0;
        if (++_flagBit < FlagBits) return one;

        _flagBit = 0;
        _flags--;
        if (_flags == 0 && _frames.TryDequeue(out var frame))
            (_octets, _bit, _ones, _filling) = (frame.Memory, 0, 0, false);
        return one;
    }

    private void EndIfSent()
    {
        if (_octets.IsEmpty) _flags = 1;
    }
}
