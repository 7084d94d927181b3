using System.Buffers;
using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>What kind of number an address holds: bits 7 to 5 of its type octet (3GPP TS 23.040 §9.1.2.5).</summary>
public enum TypeOfNumber : byte
{
    Unknown = 0,
    International = 1,
    National = 2,
    NetworkSpecific = 3,
    Subscriber = 4,
    Alphanumeric = 5,
    Abbreviated = 6,
}

/// <summary>The plan a number belongs to: bits 4 to 1 of its type octet (3GPP TS 23.040 §9.1.2.5).</summary>
public enum NumberingPlan : byte
{
    Unknown = 0,
    Telephone = 1,
    Data = 3,
    Telex = 4,
    National = 8,
    Private = 9,
    Ermes = 10,
}

/// <summary>Who sends or receives a short message: a number, or a name in letters (3GPP TS 23.040 §9.1.2.5).</summary>
/// <remarks>
/// <code>
/// length   1   useful semi-octets (a service centre's address in RP counts octets, type included, instead)
/// type     1   1 | type of number 3 | numbering plan 4
/// value    ..  digits, two an octet, low nibble first, F to fill up; or letters, packed septets
/// </code>
/// </remarks>
public readonly record struct Address : IWireFormat<Address>
{
    public const int MaxDigits = 20;

    private const int MaxSeptets = 11;
    private const string Digits = "0123456789*#abc";
    private const int Fill = 0x0F;

    /// <exception cref="ArgumentException">Too long, or a character that such an address cannot hold.</exception>
    public Address(TypeOfNumber type, NumberingPlan plan, string value)
    {
        if (!Fits(type, value)) throw new ArgumentException("The value is no such address.", nameof(value));
        (Type, Plan, Value) = (type, plan, value);
    }

    private Address(TypeOfNumber type, NumberingPlan plan, string value, bool _) =>
        (Type, Plan, Value) = (type, plan, value);

    public TypeOfNumber Type { get; }

    public NumberingPlan Plan { get; }

    /// <summary>Digits without a plus sign, or letters.</summary>
    public string Value => field ?? "";

    /// <summary>From <c>+33123</c>, a number of another type, or a name in letters.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static Address Parse(string text)
    {
        var (type, plan, value) = text is ['+', .. var digits]
            ? (TypeOfNumber.International, NumberingPlan.Telephone, digits)
            : text.All(c => Digits.Contains(c, StringComparison.Ordinal))
                ? (TypeOfNumber.Unknown, NumberingPlan.Telephone, text)
                : (TypeOfNumber.Alphanumeric, NumberingPlan.Unknown, text);
        return value.Length > 0 && Fits(type, value)
            ? new Address(type, plan, value)
            : throw new FormatException("An address is a number of up to 20 digits, or a name of up to 11 letters.");
    }

    /// <summary>An address of a TPDU.</summary>
    public static Address Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var length = reader.ReadByte("address length");
        if (length > MaxDigits) throw new WireFormatException("address length", at, $"{length} semi-octets");
        var type = reader.ReadByte("address type");
        return Read(type, reader.ReadOctets((length + 1) / 2, "address"), length, at);
    }

    /// <summary>An address of the relay layer, whose length counts octets and may be zero.</summary>
    public static Address? ReadRelay(ref ByteReader reader)
    {
        var at = reader.Offset;
        var length = reader.ReadByte("RP address length");
        if (length == 0) return null;
        if (length > 1 + (MaxDigits / 2)) throw new WireFormatException("RP address length", at, $"{length} octets");
        var type = reader.ReadByte("RP address type");
        var octets = reader.ReadOctets(length - 1, "RP address");
        var filled = octets is [.., >= Fill << 4] ? 1 : 0;
        return Read(type, octets, (2 * octets.Length) - filled, at);
    }

    public void Write(ByteWriter writer)
    {
        var octets = Encode(out var semiOctets);
        writer.WriteByte((byte)semiOctets);
        writer.WriteByte(TypeOctet);
        writer.WriteBytes(octets);
    }

    public void WriteRelay(ByteWriter writer)
    {
        var octets = Encode(out _);
        writer.WriteByte((byte)(1 + octets.Length));
        writer.WriteByte(TypeOctet);
        writer.WriteBytes(octets);
    }

    public override string ToString() => Type == TypeOfNumber.International ? $"+{Value}" : Value;

    private byte TypeOctet => (byte)(0x80 | ((byte)Type << 4) | (byte)Plan);

    private static bool Fits(TypeOfNumber type, string value) => type == TypeOfNumber.Alphanumeric
        ? GsmAlphabet.Covers(value) && SeptetsOf(value).Length <= MaxSeptets
        : value.Length <= MaxDigits && value.All(c => Digits.Contains(c, StringComparison.Ordinal));

    private static ReadOnlySpan<byte> SeptetsOf(string letters)
    {
        var septets = new ArrayBufferWriter<byte>();
        GsmAlphabet.Write(letters, septets);
        return septets.WrittenSpan;
    }

    private static Address Read(byte type, ReadOnlySpan<byte> octets, int semiOctets, int at)
    {
        if ((type & 0x80) == 0) throw new WireFormatException("address type", at + 1, $"extension in {type:X2}");
        var (kind, plan) = ((TypeOfNumber)((type >> 4) & 0b111), (NumberingPlan)(type & 0x0F));
        if (kind == TypeOfNumber.Alphanumeric)
        {
            // Some senders count whole octets, which shows as a letter too many: seven spare bits are never a letter.
            var septets = semiOctets * 4 / 7;
            if (septets % 8 == 0 && septets > 0 && octets[^1] >> 1 == 0) septets--;
            return new Address(kind, plan, GsmAlphabet.Read(Septets.Unpack(octets, 0, septets).Span), false);
        }

        Span<char> digits = stackalloc char[semiOctets];
        for (var i = 0; i < semiOctets; i++)
        {
            var nibble = i % 2 == 0 ? octets[i / 2] & 0x0F : octets[i / 2] >> 4;
            if (nibble == Fill) throw new WireFormatException("address", at + 2 + (i / 2), "filler among the digits");
            digits[i] = Digits[nibble];
        }

        if (semiOctets % 2 != 0 && octets[^1] >> 4 != Fill)
            throw new WireFormatException("address", at + 1 + octets.Length, "a digit where filler belongs");
        return new Address(kind, plan, new string(digits), false);
    }

    private Bytes Encode(out int semiOctets)
    {
        if (Type == TypeOfNumber.Alphanumeric)
        {
            var septets = SeptetsOf(Value);
            semiOctets = ((septets.Length * 7) + 3) / 4;
            return Septets.Pack(septets);
        }

        semiOctets = Value.Length;
        var octets = new byte[(Value.Length + 1) / 2];
        if (semiOctets % 2 != 0) octets[^1] = Fill << 4;
        for (var i = 0; i < Value.Length; i++)
            octets[i / 2] |= (byte)(Digits.IndexOf(Value[i], StringComparison.Ordinal) << (4 * (i % 2)));
        return new Bytes(octets);
    }
}
