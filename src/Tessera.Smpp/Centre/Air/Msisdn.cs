using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>The international number of a subscriber, 3 to 15 digits of E.164, without the plus.</summary>
/// <remarks>
/// <code>
/// type and plan   1     91: international, E.164
/// digits          2..8  swapped BCD, filler F
/// </code>
/// </remarks>
public readonly record struct Msisdn : IWireFormat<Msisdn>
{
    internal const int MinLength = 3;
    internal const int MaxLength = 9;

    private const byte InternationalE164 = 0x91;
    private const int MinDigits = 3;
    private const int MaxDigits = 15;

    private readonly string? _digits;

    private Msisdn(string digits) => _digits = digits;

    /// <summary>Without the plus.</summary>
    public string Digits => _digits ?? throw new InvalidOperationException("A number was never given its digits.");

    /// <param name="number">With or without the plus.</param>
    /// <exception cref="FormatException">It has not 3 to 15 digits.</exception>
    public static Msisdn Parse(string number)
    {
        var digits = number.StartsWith('+') ? number[1..] : number;
        return digits.Length is >= MinDigits and <= MaxDigits && digits.All(char.IsAsciiDigit)
            ? new Msisdn(digits)
            : throw new FormatException("An international number has 3 to 15 digits.");
    }

    /// <summary>Reads all that is left.</summary>
    public static Msisdn Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var type = reader.ReadByte("type of number");
        if (type != InternationalE164) throw new WireFormatException("type of number", at, $"{type:X2} is not 91");

        var octets = reader.ReadRest();
        var digits = new char[2 * octets.Length];
        for (var i = 0; i < digits.Length; i++) digits[i] = "0123456789*#abcF"[(octets[i / 2] >> (i % 2 * 4)) & 0x0F];

        var count = digits is [.., 'F'] ? digits.Length - 1 : digits.Length;
        return count is >= MinDigits and <= MaxDigits && digits.Take(count).All(char.IsAsciiDigit)
            ? new Msisdn(new string(digits, 0, count))
            : throw new WireFormatException("MSISDN", at, "is no number of 3 to 15 digits");
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte(InternationalE164);
        var digits = Digits;
        for (var i = 0; i < digits.Length; i += 2)
        {
            var high = i + 1 < digits.Length ? digits[i + 1] - '0' : 0x0F;
            writer.WriteByte((byte)((high << 4) | (digits[i] - '0')));
        }
    }

    public override string ToString() => $"+{Digits}";
}
