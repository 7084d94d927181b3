using Tessera.Wire;

namespace Tessera.Phone.Modems.Hdlc;

/// <summary>
/// Finds frames between flags in a row of bits (ISO/IEC 13239). What is aborted, empty, too long or has a wrong check is
/// left out.
/// </summary>
/// <param name="maxFrame">Octets of the longest frame without its check.</param>
public sealed class HdlcDecoder(int maxFrame)
{
    /// <summary>Bits of a flag before its last, which are taken for bits of the frame until that comes.</summary>
    private const int FlagBits = 7;

    private readonly byte[] _octets = new byte[maxFrame + FrameCheck.Length];
    private int _bits;
    private int _ones;
    private bool _inside;

    /// <summary>Takes the next bit.</summary>
    /// <returns>Whether it ended a frame.</returns>
    public HdlcEvent Write(bool one, out Bytes frame)
    {
        frame = default;
        if (one)
        {
            if (++_ones == 7) _inside = false;
            else if (_ones < 7) Append(one);
            return HdlcEvent.None;
        }

        var ones = _ones;
        _ones = 0;
        if (ones < 5) Append(one);
        if (ones != 6) return HdlcEvent.None;

        var whole = _inside && TryEnd(out frame);
        (_inside, _bits) = (true, 0);
        return whole ? HdlcEvent.Frame : HdlcEvent.Flag;
    }

    private bool TryEnd(out Bytes frame)
    {
        var bits = _bits - FlagBits;
        var octets = _octets.AsSpan(0, Math.Max(0, bits / 8));
        frame = default;
        if (bits % 8 != 0 || octets.Length <= FrameCheck.Length || !FrameCheck.Holds(octets)) return false;
        frame = Bytes.CopyOf(octets[..^FrameCheck.Length]);
        return true;
    }

    private void Append(bool one)
    {
        if (!_inside) return;
        if (_bits >= _octets.Length * 8 + FlagBits)
        {
            _inside = false;
            return;
        }

        if (_bits < _octets.Length * 8)
        {
            ref var octet = ref _octets[_bits / 8];
            octet = (byte)(_bits % 8 == 0 ? (one ? 1 : 0) : octet | (one ? 1 << _bits % 8 : 0));
        }

        _bits++;
    }
}

/// <summary>What a bit was to an <see cref="HdlcDecoder"/>.</summary>
public enum HdlcEvent
{
    None,

    /// <summary>The end of a flag: a frame may begin.</summary>
    Flag,

    /// <summary>The end of a flag that ended a frame with a right check.</summary>
    Frame,
}
