using System.Globalization;

namespace Tessera.Smpp.Centre;

/// <summary>Message ids as ESMEs see them: the same decimal digits in responses, receipts and queries.</summary>
internal static class MessageId
{
    public static string Of(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <returns>Null where the text is no id of this centre.</returns>
    public static long? Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
