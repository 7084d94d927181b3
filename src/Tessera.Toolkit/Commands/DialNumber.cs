using System.Text;
using Tessera.Wire;

namespace Tessera.Toolkit.Commands;

/// <summary>A telephone number as a card writes it (ETSI TS 102 223 §8.1; digits of TS 131 102 §4.4.2.3).</summary>
/// <remarks>
/// <code>
/// type   91 international (written with +) | 81 unknown, telephony numbering plan
/// digits two an octet, low nibble first: 0-9, A *, B #, C pause, padded F
/// </code>
/// </remarks>
public static class DialNumber
{
    private const string Digits = "0123456789*#p";
    private const byte International = 0x91;
    private const byte Unknown = 0x81;
    private const int Filler = 0xF;

    /// <exception cref="ArgumentException">A character that cannot be dialled, or no digit at all.</exception>
    public static Bytes Encode(string number)
    {
        var digits = number.StartsWith('+') ? number[1..] : number;
        if (digits.Length == 0) throw new ArgumentException("No digits.", nameof(number));

        var octets = new byte[1 + ((digits.Length + 1) / 2)];
        octets[0] = number.StartsWith('+') ? International : Unknown;
        octets.AsSpan(1).Fill(0xFF);
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = Digits.IndexOf(digits[i], StringComparison.Ordinal);
            if (digit < 0) throw new ArgumentException($"'{digits[i]}' cannot be dialled.", nameof(number));
            octets[1 + (i / 2)] &= (byte)(i % 2 == 0 ? 0xF0 | digit : 0x0F | (digit << 4));
        }

        return new Bytes(octets);
    }

    /// <exception cref="WireFormatException">No octets, or a digit that is not used.</exception>
    public static string Decode(ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(value);
        var type = reader.ReadByte("type of number");
        var text = new StringBuilder((type & 0x70) == (International & 0x70) ? "+" : "");
        while (reader.Remaining > 0)
        {
            var at = reader.Offset;
            var octet = reader.ReadByte("digits");
            Append(text, octet & 0xF, at);
            if (octet >> 4 == Filler && reader.Remaining == 0) break;
            Append(text, octet >> 4, at);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, int digit, int at)
    {
        if (digit >= Digits.Length) throw new WireFormatException("digits", at, $"{digit:X} is no digit");
        text.Append(Digits[digit]);
    }
}
