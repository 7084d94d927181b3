using System.Buffers.Binary;
using System.Numerics;
using Tessera.Phone.Modems.Coding;
using Tessera.Wire;

namespace Tessera.Phone.Modems.Ofdm;

/// <summary>From the data symbols of a burst to its frame.</summary>
/// <param name="symbols">The points of the data carriers of each; null for one that was lost.</param>
internal sealed class BurstDecoder(List<Complex[]?> symbols)
{
    public bool TryDecode(BurstHeader header, out ModemFrame frame)
    {
        frame = default;
        var code = header.Code(symbols.Count);
        return TryCorrect(header.Constellation, symbols.Count, code, out var run, out var quality)
            && TryCut(run, header.Length, quality, out frame);
    }

    /// <summary>
    /// Decodes without a header: each constellation is tried, the expected one first, with the least parity, which
    /// serves whatever more there is. The length is where a frame is followed by its check.
    /// </summary>
    public bool TryGuess(BurstHeader? expected, out BurstHeader header, out ModemFrame frame)
    {
        (header, frame) = (default, default);
        var last = expected ?? new BurstHeader(Constellation.Qam64, 1, 1);
        var heard = symbols.FindLastIndex(symbol => symbol is not null) + 1;
        if (heard == 0) return false;
        foreach (var constellation in Enum.GetValues<Constellation>().OrderBy(other => other != last.Constellation))
        {
            // Behind the last symbol that was heard there may be some that were lost.
            for (var count = heard; count <= symbols.Count; count++)
            {
                if (TryGuess(constellation, last.Losses, count, out header, out frame)) return true;
                if (last.Losses > 1 && TryGuess(constellation, 1, count, out header, out frame)) return true;
            }
        }

        return false;
    }

    private bool TryGuess(
        Constellation constellation, int losses, int count, out BurstHeader header, out ModemFrame frame)
    {
        (header, frame) = (default, default);
        var code = BurstHeader.Widest(constellation, losses, count);
        if (!TryCorrect(constellation, count, code, out var run, out var quality)) return false;
        var most = Math.Min(code.Message - BurstHeader.CheckLength, BurstHeader.MaxLength);
        for (var length = 1; length <= most; length++)
        {
            if (!TryCut(run, length, quality, out frame)) continue;
            for (var level = 1; level <= BurstHeader.MaxLosses; level++)
            {
                header = new BurstHeader(constellation, level, length);
                if (header.Symbols == count) return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The octets of the run, errors corrected and gaps filled, and how clearly the points were heard, in dB.
    /// </summary>
    private bool TryCorrect(
        Constellation constellation, int count, InterleavedCode code, out byte[] run, out double quality)
    {
        run = new byte[code.Length];
        Span<bool> erased = stackalloc bool[code.Length];
        var map = PointMap.Of(constellation);
        var (bits, filled, at) = (0, 0, 0);
        var (signal, noise) = (0.0, double.Epsilon);
        for (var i = 0; i < count * Carriers.Data; i++)
        {
            var symbol = symbols[i / Carriers.Data];
            var nearest = 0;
            if (symbol is not null)
            {
                var heard = symbol[i % Carriers.Data];
                nearest = map.Nearest(heard);
                signal += Power(map.Point(nearest));
                noise += Power(heard - map.Point(nearest));
            }

            // An octet may begin in one symbol and end in the next. Behind the last one there may be some bits.
            bits = (bits << map.Bits) | nearest;
            filled += map.Bits;
            if (at == code.Length) break;
            erased[at] |= symbol is null;
            if (filled < 8) continue;
            filled -= 8;
            run[at++] = (byte)(bits >> filled);
            if (filled > 0 && at < code.Length) erased[at] |= symbol is null;
        }

        quality = 10 * Math.Log10(signal / noise);
        Scrambler.Apply(run);
        return code.TryCorrect(run, erased);
    }

    private static bool TryCut(byte[] run, int length, double quality, out ModemFrame frame)
    {
        var payload = run.AsSpan(0, length);
        frame = default;
        if (BinaryPrimitives.ReadUInt32BigEndian(run.AsSpan(length)) != Crc.Castagnoli(payload)) return false;
        frame = new ModemFrame(Bytes.CopyOf(payload), quality);
        return true;
    }

    private static double Power(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);
}
