namespace Tessera.Phone.Speech;

/// <summary>German: vierunddreißig Euro und dreißig Cent, dritter März zweitausendsechsundzwanzig.</summary>
internal sealed class German() : SpokenLanguage("de")
{
    private const string One = "ein";

    private protected override IEnumerable<string> Day(DateOnly day) =>
        [.. Ordinal(day.Day), Month(day), .. Cardinal(day.Year)];

    private protected override IEnumerable<string> Counting(int number) => number == 1 ? [One] : Cardinal(number);

    private protected override IEnumerable<string> Cardinal(int number) => number switch
    {
        <= 20 => [$"{number}"],
        < 100 when number % 10 == 0 => [$"{number}"],
        < 100 => [Unit(number % 10), "and", $"{number / 10 * 10}"],
        < 1000 => [Unit(number / 100), "100", .. Rest(number % 100)],
        _ => [.. Counting(number / 1000), "1000", .. Rest(number % 1000)],
    };

    private IEnumerable<string> Rest(int rest) => rest == 0 ? [] : Cardinal(rest);

    private static string Unit(int number) => number == 1 ? One : $"{number}";

    private static IEnumerable<string> Ordinal(int day) => day switch
    {
        1 => ["1st"],
        2 => ["2nd"],
        3 => ["3rd"],
        <= 20 or 30 => [$"{day}th"],
        _ => [Unit(day % 10), "and", $"{day / 10 * 10}th"],
    };
}
