using System.Globalization;
using System.Text;
using Tessera.Wire;

namespace Tessera.Cards.Store;

/// <summary>Contents of fields as people write and read them (docs/protocols/store.md §2).</summary>
public static class FieldValue
{
    private const string DateForm = "yyyy-MM-dd";
    private const string DateDigits = "yyyyMMdd";
    private const int MaxNumber = sizeof(ulong);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What a content says by its type; null where it is none of that type, or a type without words.</summary>
    public static string? Text(FieldType type, Bytes content) => type switch
    {
        FieldType.Text => TextOf(content),
        FieldType.Number when content.Length is > 0 and <= MaxNumber => Number(content).ToString(CultureInfo.InvariantCulture),
        FieldType.Date when DateTime.TryParseExact(
            content.ToString(), DateDigits, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) =>
            day.ToString(DateForm, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The content for a text of that type; octets are hexadecimal digits.</summary>
    /// <exception cref="FormatException">It is none, or too long for a field.</exception>
    public static Bytes Parse(FieldType type, string text)
    {
        var content = type switch
        {
            FieldType.Text => new Bytes(Utf8.GetBytes(text)),
            FieldType.Number => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? OfNumber(number)
                : throw new FormatException($"'{text}' is no number from 0 to {ulong.MaxValue}."),
            FieldType.Date => DateTime.TryParseExact(
                text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? Bytes.FromHex(day.ToString(DateDigits, CultureInfo.InvariantCulture))
                : throw new FormatException($"'{text}' is no day as 2026-11-22."),
            _ => Bytes.FromHex(text),
        };
        return content.Length <= StoreCommands.MaxContent
            ? content
            : throw new FormatException($"A field holds {StoreCommands.MaxContent} octets, not {content.Length}.");
    }

    private static string? TextOf(Bytes content)
    {
        try
        {
            return Utf8.GetString(content.Span);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static ulong Number(Bytes content)
    {
        ulong number = 0;
        foreach (var octet in content.Span) number = (number << 8) | octet;
        return number;
    }

    /// <summary>In as few octets as will do.</summary>
    private static Bytes OfNumber(ulong number)
    {
        List<byte> octets = [];
        do
        {
            octets.Insert(0, (byte)number);
            number >>= 8;
        }
        while (number > 0);
        return new Bytes(octets.ToArray());
    }
}
