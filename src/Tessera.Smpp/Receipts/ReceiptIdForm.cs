using System.Globalization;
using System.Numerics;

namespace Tessera.Smpp;

/// <summary>
/// How an SMSC writes in a receipt the message id that it gave in the response: a setting of each link.
/// </summary>
public enum ReceiptIdForm
{
    /// <summary>Alike, but for leading zeros and case.</summary>
    Same,

    /// <summary>Decimal in the receipt, hexadecimal in the response.</summary>
    DecimalForHex,

    /// <summary>Hexadecimal in the receipt, decimal in the response.</summary>
    HexForDecimal,
}

/// <summary>Message ids in the one form by which a receipt is matched with its message.</summary>
public static class MessageIds
{
    /// <summary>The key of an id that a response gave: lower case, without leading zeros.</summary>
    public static string Key(string messageId)
    {
        var trimmed = messageId.TrimStart('0');
        return trimmed.Length == 0 ? "0" : trimmed.ToLowerInvariant();
    }

    /// <summary>The key of an id that a receipt gave; an id that is no number in that form stays as it is.</summary>
    public static string KeyOfReceipt(string messageId, ReceiptIdForm form)
    {
        var (read, write) = form == ReceiptIdForm.DecimalForHex
            ? (NumberStyles.None, "x")
            : (NumberStyles.AllowHexSpecifier, "D");
        return form != ReceiptIdForm.Same
            && BigInteger.TryParse($"0{messageId}", read, CultureInfo.InvariantCulture, out var number)
                ? Key(number.ToString(write, CultureInfo.InvariantCulture))
                : Key(messageId);
    }
}
