using System.Globalization;

namespace Tessera.Toolkit.Interpretation;

/// <summary>Names and decimals of currencies by their ISO 4217 digits, BCD as a purse names them.</summary>
public static class Currencies
{
    private static readonly Dictionary<ushort, (string Name, int Decimals)> Known = new()
    {
        [0x0036] = ("AUD", 2), [0x0124] = ("CAD", 2), [0x0156] = ("CNY", 2), [0x0203] = ("CZK", 2),
        [0x0208] = ("DKK", 2), [0x0348] = ("HUF", 2), [0x0352] = ("ISK", 0), [0x0356] = ("INR", 2),
        [0x0376] = ("ILS", 2), [0x0392] = ("JPY", 0), [0x0410] = ("KRW", 0), [0x0554] = ("NZD", 2),
        [0x0578] = ("NOK", 2), [0x0702] = ("SGD", 2), [0x0752] = ("SEK", 2), [0x0756] = ("CHF", 2),
        [0x0826] = ("GBP", 2), [0x0840] = ("USD", 2), [0x0946] = ("RON", 2), [0x0949] = ("TRY", 2),
        [0x0975] = ("BGN", 2), [0x0978] = ("EUR", 2), [0x0980] = ("UAH", 2), [0x0985] = ("PLN", 2),
        [0x0986] = ("BRL", 2),
    };

    /// <summary>12.50 EUR; a currency that is not known shows its digits and counts minor units.</summary>
    public static string Show(uint amount, ushort currency) => $"{ShowAmount(amount, currency)} {NameOf(currency)}";

    /// <summary>12.50, with as many decimals as the currency has.</summary>
    public static string ShowAmount(uint amount, ushort currency)
    {
        var decimals = Of(currency).Decimals;
        return (amount / (decimals == 0 ? 1m : 100m)).ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    /// <summary>EUR, or what is known of another.</summary>
    public static string NameOf(ushort currency) => Of(currency).Name;

    /// <summary>What one minor unit is: 0.01 EUR.</summary>
    public static string ShowUnit(ushort? currency) => currency is { } known ? Show(1, known) : "1";

    private static (string Name, int Decimals) Of(ushort currency) =>
        Known.TryGetValue(currency, out var known) ? known : ($"minor of {currency:X4}", 0);
}
