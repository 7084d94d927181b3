namespace Tessera.Phone.Speech;

/// <summary>English: thirty-four euros and thirty cents, March third, twenty twenty-six.</summary>
internal sealed class English() : SpokenLanguage("en")
{
    private protected override IEnumerable<string> Day(DateOnly day) =>
        [Month(day), .. Ordinal(day.Day), .. Year(day.Year)];

    private protected override IEnumerable<string> Cardinal(int number) => number switch
    {
        <= 20 => [$"{number}"],
        < 100 when number % 10 == 0 => [$"{number}"],
        < 100 => [$"{number / 10 * 10}", $"{number % 10}"],
        < 1000 => [$"{number / 100}", "100", .. Rest(number % 100)],
        _ => [.. Cardinal(number / 1000), "1000", .. Rest(number % 1000)],
    };

    private IEnumerable<string> Rest(int rest) =>
        rest == 0 ? [] : rest < 100 ? ["and", .. Cardinal(rest)] : Cardinal(rest);

    private static IEnumerable<string> Ordinal(int day) => day is <= 20 or 30
        ? [Ordered(day)]
        : [$"{day / 10 * 10}", Ordered(day % 10)];

    private static string Ordered(int number) => number switch
    {
        1 => "1st",
        2 => "2nd",
        3 => "3rd",
        _ => $"{number}th",
    };

    private IEnumerable<string> Year(int year) => year is >= 1100 and <= 9999 && year % 1000 >= 10 && year % 100 >= 10
        ? [.. Cardinal(year / 100), .. Cardinal(year % 100)]
        : Cardinal(year);
}
