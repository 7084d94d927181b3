using System.Buffers.Binary;
using System.Numerics;
using Tessera.Phone.Modems.Coding;
using Tessera.Wire;

namespace Tessera.Phone.Modems.Ofdm;

/// <summary>The symbols of one burst on its way out: training, header, data.</summary>
internal sealed class BurstSymbols
{
    /// <summary>Of one carrier, so that all of them have the power of -13 dBm0.</summary>
    public const double Amplitude = 730;

    private readonly BurstHeader _header;
    private readonly byte[] _octets;
    private readonly int _data;

    public BurstSymbols(Bytes frame, BurstHeader header)
    {
        _header = header;
        _data = header.Symbols;
        var code = header.Code(_data);
        _octets = new byte[code.Length];
        frame.Span.CopyTo(_octets);
        BinaryPrimitives.WriteUInt32BigEndian(_octets.AsSpan(frame.Length), Crc.Castagnoli(frame.Span));
        code.Encode(_octets);
        Scrambler.Apply(_octets);
    }

    public int Count => 2 + _data;

    /// <summary>The samples of the training symbol.</summary>
    public static short[] Training()
    {
        var samples = new short[Carriers.SymbolLength];
        Write(Carriers.Training, samples);
        return samples;
    }

    /// <summary>The samples of a symbol, prefix first.</summary>
    public void Write(int symbol, Span<short> samples)
    {
        Span<Complex> carriers = stackalloc Complex[Carriers.Count];
        Points(symbol, carriers);
        Write(carriers, samples);
    }

    private static void Write(ReadOnlySpan<Complex> carriers, Span<short> samples)
    {
        Span<float> wave = stackalloc float[Carriers.Size];
        Transform.Inverse(carriers, wave);
        for (var i = 0; i < Carriers.SymbolLength; i++)
        {
            var value = wave[(i + Carriers.Size - Carriers.Prefix) % Carriers.Size] * Amplitude;
            samples[i] = (short)Math.Clamp(Math.Round(value), short.MinValue, short.MaxValue);
        }
    }

    private void Points(int symbol, Span<Complex> carriers)
    {
        Carriers.Training.CopyTo(carriers);
        if (symbol == 0) return;
        for (var pilot = 0; pilot < Carriers.Pilots; pilot++)
            carriers[pilot * Carriers.PilotStep] = Carriers.Pilot(symbol - 1, pilot);

        if (symbol == 1)
        {
            Span<int> signs = stackalloc int[Carriers.Data];
            _header.Write(signs);
            for (var i = 0; i < Carriers.Data; i++) carriers[Carriers.DataPlaces[i]] *= signs[i];
            return;
        }

        var map = PointMap.Of(_header.Constellation);
        var bit = (symbol - 2) * Carriers.Data * map.Bits;
        for (var i = 0; i < Carriers.Data; i++, bit += map.Bits)
            carriers[Carriers.DataPlaces[i]] = map.Point(Bits(bit, map.Bits));
    }

    /// <summary>Some bits in a row; behind the last octet there are zeros.</summary>
    private int Bits(int from, int count)
    {
        var bits = 0;
        for (var i = from; i < from + count; i++)
        {
            var octet = i / 8 < _octets.Length ? _octets[i / 8] : 0;
            bits = (bits << 1) | ((octet >> (7 - (i % 8))) & 1);
        }

        return bits;
    }
}
