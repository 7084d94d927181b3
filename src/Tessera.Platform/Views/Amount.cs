using System.Globalization;

namespace Tessera.Platform.Views;

/// <summary>An amount of money in minor units of the purse's currency; it reads <c>12.50</c>.</summary>
public readonly record struct Amount(uint MinorUnits) : IComparable<Amount>
{
    /// <summary>Characters of the longest amount: <c>42949672.95</c>.</summary>
    public const int MaxText = 11;

    private const uint Hundred = 100;

    public static readonly Amount Zero;

    /// <param name="value">Not negative, at most two decimals.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is no such amount.</exception>
    public static Amount Of(decimal value)
    {
        var minor = value * Hundred;
        if (minor is < 0 or > uint.MaxValue || minor != decimal.Truncate(minor))
            throw new ArgumentOutOfRangeException(nameof(value), value, "Not an amount with two decimals.");
        return new Amount((uint)minor);
    }

    /// <summary>Reads what a holder types: digits, and a point or a comma before one or two decimals.</summary>
    public static bool TryParse(string text, out Amount amount)
    {
        amount = Zero;
        var plain = text.Trim().Replace(',', '.');
        var point = plain.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0 && plain.Length - point is < 2 or > 3) return false;
        if (!decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return false;

        if (value * Hundred > uint.MaxValue) return false;
        amount = Of(value);
        return true;
    }

    public int CompareTo(Amount other) => MinorUnits.CompareTo(other.MinorUnits);

    public override string ToString() => Text(MinorUnits);

    /// <summary>A signed amount, such as a change or a balance.</summary>
    public static string Text(long minorUnits) =>
        (minorUnits / (decimal)Hundred).ToString("0.00", CultureInfo.InvariantCulture);

    public static bool operator <(Amount left, Amount right) => left.MinorUnits < right.MinorUnits;

    public static bool operator >(Amount left, Amount right) => left.MinorUnits > right.MinorUnits;

    public static bool operator <=(Amount left, Amount right) => left.MinorUnits <= right.MinorUnits;

    public static bool operator >=(Amount left, Amount right) => left.MinorUnits >= right.MinorUnits;
}
