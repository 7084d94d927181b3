using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>
/// An international mobile subscriber identity of 6 to 15 digits, coded as in EF.IMSI (3GPP TS 31.102 §4.2.2).
/// </summary>
/// <remarks>
/// <code>
/// length    1   octets used, 4 to 8
/// identity  8   first semi-octet 1001 (odd number of digits) or 0001 (even), digits, filler F to the end
/// </code>
/// </remarks>
public readonly record struct Imsi : IWireFormat<Imsi>
{
    public const int Length = 9;

    private const int MinDigits = 6;
    private const int MaxDigits = 15;

    private readonly string? _digits;

    private Imsi(string digits) => _digits = digits;

    /// <exception cref="FormatException">It has not 6 to 15 digits.</exception>
    public static Imsi Parse(string digits) =>
        digits is { Length: >= MinDigits and <= MaxDigits } && digits.All(char.IsAsciiDigit)
            ? new Imsi(digits)
            : throw new FormatException("An IMSI has 6 to 15 digits.");

    public static Imsi Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var length = reader.ReadByte("IMSI length");
        var identity = reader.ReadOctets(Length - 1, "IMSI");
        if (length is 0 or > Length - 1) throw new WireFormatException("IMSI length", at, $"{length} is too long");

        Span<char> digits = stackalloc char[MaxDigits];
        var count = (2 * length) - ((identity[0] & 0x0F) == 0x09 ? 1 : 2);
        for (var i = 0; i < count; i++) digits[i] = (char)('0' + Semi(identity, i + 1));

        if (count >= MinDigits && !digits[..count].ContainsAnyExceptInRange('0', '9'))
        {
            var imsi = new Imsi(new string(digits[..count]));
            if (imsi.IsCodedAs(identity)) return imsi;
        }

        throw new WireFormatException("IMSI", at + 1, "is no identity of 6 to 15 digits");
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)((ToString().Length / 2) + 1));
        Span<byte> identity = stackalloc byte[Length - 1];
        Code(identity);
        writer.WriteOctets(identity);
    }

    public override string ToString() =>
        _digits ?? throw new InvalidOperationException("An IMSI was never given its digits.");

    private void Code(Span<byte> identity)
    {
        var digits = ToString();
        identity.Fill(0xFF);
        identity[0] = (byte)(0xF0 | (digits.Length % 2 == 1 ? 0x09 : 0x01));
        for (var i = 0; i < digits.Length; i++)
        {
            var (octet, shift) = ((i + 1) / 2, (i + 1) % 2 * 4);
            identity[octet] = (byte)((identity[octet] & ~(0x0F << shift)) | ((digits[i] - '0') << shift));
        }
    }

    private bool IsCodedAs(ReadOnlySpan<byte> identity)
    {
        Span<byte> own = stackalloc byte[Length - 1];
        Code(own);
        return own.SequenceEqual(identity);
    }

    private static int Semi(ReadOnlySpan<byte> octets, int index) => (octets[index / 2] >> (index % 2 * 4)) & 0x0F;
}
