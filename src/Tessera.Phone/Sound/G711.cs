using System.Numerics;

namespace Tessera.Phone.Sound;

/// <summary>The two laws of ITU-T G.711: 8 bits a sample on the line, 16 bits linear inside.</summary>
public static class G711
{
    private const int MuBias = 0x84;
    private const int MuClip = 32635;

    private static readonly short[] FromMu = Table(ExpandMu);
    private static readonly short[] FromA = Table(ExpandA);
    private static readonly byte[] ToMu = Table(CompressMu);
    private static readonly byte[] ToA = Table(CompressA);

    public static short DecodeMu(byte code) => FromMu[code];

    public static short DecodeA(byte code) => FromA[code];

    public static byte EncodeMu(short sample) => ToMu[(ushort)sample];

    public static byte EncodeA(short sample) => ToA[(ushort)sample];

    private static short[] Table(Func<byte, short> expand) =>
        [.. Enumerable.Range(0, 256).Select(code => expand((byte)code))];

    private static byte[] Table(Func<short, byte> compress) =>
        [.. Enumerable.Range(0, 65536).Select(sample => compress((short)sample))];

    private static short ExpandMu(byte code)
    {
        var bits = ~code & 0xFF;
        var magnitude = ((((bits & 0x0F) << 3) + MuBias) << ((bits >> 4) & 0x07)) - MuBias;
        return (short)((bits & 0x80) == 0 ? magnitude : -magnitude);
    }

    private static byte CompressMu(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), MuClip) + MuBias;
        var segment = BitOperations.Log2((uint)magnitude) - 7;
        return (byte)~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F));
    }

    private static short ExpandA(byte code)
    {
        var bits = code ^ 0x55;
        var segment = (bits >> 4) & 0x07;
        var magnitude = ((bits & 0x0F) << 4) + 8;
        if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
        return (short)((bits & 0x80) == 0 ? -magnitude : magnitude);
    }

    private static byte CompressA(short sample)
    {
        var sign = sample < 0 ? 0 : 0x80;
        // Negative values are cut as the ones' complement, so that both halves of the law have the same steps.
        var magnitude = sample < 0 ? ~sample : sample;
        var segment = magnitude < 0x100 ? 0 : BitOperations.Log2((uint)magnitude) - 7;
        var step = (magnitude >> (segment == 0 ? 4 : segment + 3)) & 0x0F;
        return (byte)((sign | (segment << 4) | step) ^ 0x55);
    }
}
