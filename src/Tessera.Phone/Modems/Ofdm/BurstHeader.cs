using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tessera.Phone.Modems.Coding;

namespace Tessera.Phone.Modems.Ofdm;

/// <summary>What the second symbol of a burst says of those behind it.</summary>
/// <param name="Losses">How many lost symbols in a row the parity makes good at least: 1 to 4.</param>
/// <param name="Length">Octets of the frame: 1 to 256.</param>
/// <remarks>
/// <code>
/// bit   0     version, 0
/// bits  1-2   constellation
/// bits  3-4   losses - 1
/// bits  5-12  length - 1
/// bits 13-20  CRC-8 of bits 0-12, right-aligned in two octets
/// </code>
/// Sent twice, on data carriers 0 to 20 and 21 to 41: the carrier of the training symbol for a 0, its negative for a 1.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BurstHeader(Constellation Constellation, int Losses, int Length)
{
    public const int MaxLength = 256;
    public const int MaxLosses = 4;
    public const int CheckLength = 4;

    private const int Bits = Carriers.Data / 2;
    private const int CheckBits = 8;

    /// <summary>How many symbols carry the frame, its check and the parity.</summary>
    public int Symbols
    {
        get
        {
            var gap = OctetsTouched(Constellation, Losses);
            var symbols = 1;
            while (!Code(symbols).Covers(gap)) symbols++;
            return symbols;
        }
    }

    /// <summary>The code with the longest message whose parity still makes that many lost symbols good.</summary>
    public static InterleavedCode Widest(Constellation constellation, int losses, int symbols)
    {
        var gap = OctetsTouched(constellation, losses);
        var code = new InterleavedCode(BitsOf(constellation, symbols) / 8, 0);
        var parity = (gap + code.Codewords - 1) / code.Codewords * code.Codewords;
        return code with { Message = Math.Max(0, code.Length - parity) };
    }

    /// <summary>Octets that a run of lost symbols damages at most.</summary>
    /// <remarks>Where a symbol ends in the middle of an octet, the run may begin there.</remarks>
    public static int OctetsTouched(Constellation constellation, int symbols) =>
        (BitsOf(constellation, symbols) + (BitsOf(constellation, 1) % 8) + 7) / 8;

    /// <summary>The frame, its check and the parity, which takes all that the symbols leave.</summary>
    public InterleavedCode Code(int symbols)
    {
        var octets = BitsOf(Constellation, symbols) / 8;
        return new InterleavedCode(octets, Math.Min(Length + CheckLength, octets));
    }

    /// <summary>Whether more is lost than any parity makes good.</summary>
    public bool IsHopeless(int symbols, int lost)
    {
        var code = Code(symbols);
        return BitsOf(Constellation, lost) / 8 > code.Length - code.Message;
    }

    /// <summary>The sign of each data carrier.</summary>
    public void Write(Span<int> signs)
    {
        var word = (uint)((((int)Constellation << 2) | (Losses - 1)) << 8) | (uint)(Length - 1);
        word = (word << CheckBits) | Check(word);
        for (var i = 0; i < Bits; i++) signs[i] = signs[i + Bits] = (word >> (Bits - 1 - i) & 1) == 0 ? 1 : -1;
    }

    /// <param name="heard">
    /// Each data carrier against the training symbol's: its sign, as strong as it was heard.
    /// </param>
    /// <param name="header">The header.</param>
    /// <returns>Whether it is one: its check is right, and its version this one.</returns>
    public static bool TryRead(ReadOnlySpan<double> heard, out BurstHeader header)
    {
        var word = 0u;
        for (var i = 0; i < Bits; i++) word = (word << 1) | (heard[i] + heard[i + Bits] < 0 ? 1u : 0u);
        var fields = word >> CheckBits;
        header = new BurstHeader(
            (Constellation)(fields >> 10 & 3), (int)(fields >> 8 & 3) + 1, (int)(fields & 0xFF) + 1);
        return fields >> 12 == 0 && (byte)word == Check(fields);
    }

    private static int BitsOf(Constellation constellation, int symbols) =>
        symbols * Carriers.Data * PointMap.Of(constellation).Bits;

    private static byte Check(uint fields)
    {
        Span<byte> octets = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)fields);
        return Crc.Crc8(octets);
    }
}
