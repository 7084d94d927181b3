using Tessera.Phone.Modems.Hdlc;
using Tessera.Wire;

namespace Tessera.Terminal.Serial.Frames;

/// <summary>
/// Finds frames in the octets of a line that may be noisy: what is no frame between two flags is left out and counted.
/// </summary>
public sealed class SerialFramer
{
    private readonly byte[] _octets = new byte[SerialFrame.MaxLength + FrameCheck.Length];
    private int _length;
    private bool _isEscaped;
    private bool _isBroken = true;
    private bool _isEmpty = true;

    /// <summary>How often something between two flags was no frame.</summary>
    public long Damaged { get; private set; }

    /// <summary>Takes octets up to the end of the next frame.</summary>
    /// <param name="frame">That frame; null when there is none in the octets.</param>
    /// <returns>How many octets were taken: all of them where there is no frame.</returns>
    public int Read(ReadOnlySpan<byte> octets, out SerialFrame? frame)
    {
        for (var at = 0; at < octets.Length; at++)
        {
            if (octets[at] != SerialOctets.Flag) Take(octets[at]);
            else if ((frame = End()) is not null) return at + 1;
        }

        frame = null;
        return octets.Length;
    }

    private void Take(byte octet)
    {
        if (octet is SerialOctets.XOn or SerialOctets.XOff) return;
        _isEmpty = false;
        if (_isBroken) return;
        if (octet == SerialOctets.Escape)
        {
            (_isBroken, _isEscaped) = (_isEscaped, true);
            return;
        }

        if (_length == _octets.Length)
        {
            _isBroken = true;
            return;
        }

        _octets[_length++] = (byte)(_isEscaped ? octet ^ SerialOctets.Mask : octet);
        _isEscaped = false;
    }

    private SerialFrame? End()
    {
        var octets = _octets.AsSpan(0, _length);
        var isFrame = !_isBroken && !_isEscaped && FrameCheck.Holds(octets);
        if (!isFrame && !_isEmpty) Damaged++;
        (_length, _isEscaped, _isBroken, _isEmpty) = (0, false, false, true);
        if (!isFrame) return null;
        try
        {
            var reader = new ByteReader(octets[..^FrameCheck.Length]);
            var frame = SerialFrame.Read(ref reader);
            reader.ReadEnd(nameof(SerialFrame));
            return frame;
        }
        catch (WireFormatException)
        {
            // One damaged frame in 65536 has a right check; so has one of a version to come.
            Damaged++;
            return null;
        }
    }
}
