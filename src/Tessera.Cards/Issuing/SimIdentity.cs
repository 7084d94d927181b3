using System.Globalization;
using System.Text;
using Tessera.Cards.Pins;
using Tessera.Wire;

namespace Tessera.Cards.Issuing;

/// <summary>Who a SIM is, as its files tell it; each text has its length before it.</summary>
/// <remarks>
/// <code>
/// length 1 | ICCID | length 1 | IMSI | digits of the network code 1 | length 1 | MSISDN | length 1 | SMSC | length 1 | SPN
/// </code>
/// </remarks>
/// <param name="Iccid">18 to 20 digits, the last of them that of the formula of Luhn (ITU-T E.118).</param>
/// <param name="Imsi">6 to 15 digits (ITU-T E.212).</param>
/// <param name="NetworkCodeDigits">2 or 3.</param>
/// <param name="Msisdn">Its number, digits, with + where it is international.</param>
/// <param name="ServiceCentre">Number of the short message service centre, as the number.</param>
/// <param name="Provider">What the phone shows for the network, ASCII, at most 16 characters.</param>
public sealed record SimIdentity(
    string Iccid, string Imsi, int NetworkCodeDigits, string Msisdn, string ServiceCentre, string Provider)
    : IWireFormat<SimIdentity>
{
    private const int MaxNumber = 16;
    private const int MaxProvider = 16;

    /// <summary>What follows digits so that all are right by the formula of Luhn (ISO/IEC 7812-1 annex B).</summary>
    public static char Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 1; i <= digits.Length; i++)
        {
            var digit = (digits[^i] - '0') * (i % 2 == 1 ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }

    /// <exception cref="FormatException">A field is not of its form.</exception>
    public SimIdentity Checked()
    {
        if (!IsDigits(Iccid, 18, 20) || Iccid[^1] != Luhn(Iccid.AsSpan()[..^1]))
            throw new FormatException("An ICCID has 18 to 20 digits, the last of which is its check digit.");
        if (!IsDigits(Imsi, 6, 15)) throw new FormatException("An IMSI has 6 to 15 digits.");
        if (NetworkCodeDigits is not (2 or 3)) throw new FormatException("A network code has 2 or 3 digits.");
        if (!IsDigits(Msisdn.TrimStart('+'), 3, 15)) throw new FormatException("The number of a SIM has 3 to 15 digits.");
        if (!IsDigits(ServiceCentre.TrimStart('+'), 3, 15)) throw new FormatException("A service centre has 3 to 15 digits.");
        return Provider.Length is > 0 and <= MaxProvider && Ascii.IsValid(Provider)
            ? this
            : throw new FormatException($"The name of a provider has 1 to {MaxProvider} ASCII characters.");
    }

    public static SimIdentity Read(ref ByteReader reader)
    {
        var (iccid, imsi) = (Text(ref reader, "ICCID", 20), Text(ref reader, "IMSI", 15));
        var digits = reader.ReadByte("digits of the network code");
        var identity = new SimIdentity(
            iccid, imsi, digits, Text(ref reader, "MSISDN", MaxNumber), Text(ref reader, "service centre", MaxNumber),
            Text(ref reader, "provider", MaxProvider));
        try
        {
            return identity.Checked();
        }
        catch (FormatException bad)
        {
            throw new WireFormatException("identity of a SIM", 0, bad.Message);
        }
    }

    public void Write(ByteWriter writer)
    {
        Write(writer, Iccid);
        Write(writer, Imsi);
        writer.WriteByte((byte)NetworkCodeDigits);
        Write(writer, Msisdn);
        Write(writer, ServiceCentre);
        Write(writer, Provider);
    }

    private static void Write(ByteWriter writer, string text)
    {
        writer.WriteByte((byte)text.Length);
        writer.WriteOctets(Encoding.ASCII.GetBytes(text));
    }

    private static string Text(ref ByteReader reader, string field, int most)
    {
        var at = reader.Offset;
        int length = reader.ReadByte(string.Create(CultureInfo.InvariantCulture, $"length of the {field}"));
        if (length > most) throw new WireFormatException(field, at, $"{length} characters, above {most}");
        return Encoding.ASCII.GetString(reader.ReadOctets(length, field));
    }

    private static bool IsDigits(string text, int least, int most) =>
        text.Length >= least && text.Length <= most && text.All(char.IsAsciiDigit);
}

/// <summary>What makes a SIM the SIM of one subscriber. Zeroed when disposed.</summary>
public sealed class SimIssue : IDisposable
{
    public required SimIdentity Identity { get; init; }

    /// <summary>K, OPc and the administrative code; owned from here on.</summary>
    public required SubscriberKeys Keys { get; init; }

    /// <summary>PIN, PUK, PIN2 and PUK2 of the telephony files; owned from here on.</summary>
    public required IReadOnlyList<PinBlock> Codes { get; init; }

    public void Dispose()
    {
        Keys.Dispose();
        foreach (var code in Codes) code.Dispose();
    }
}
