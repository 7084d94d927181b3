namespace Tessera.Phone.Speech;

/// <summary>Spanish: treinta y cuatro euros con treinta céntimos, tres de marzo de dos mil veintiséis.</summary>
internal sealed class Spanish() : SpokenLanguage("es")
{
    private const string One = "un";

    private protected override string Joint => "with";

    private protected override IEnumerable<string> Day(DateOnly day) =>
        [.. Cardinal(day.Day), "of", Month(day), "of", .. Cardinal(day.Year)];

    /// <summary>Uno at the end is un before what it counts.</summary>
    private protected override IEnumerable<string> Counting(int number) => number % 10 == 1 && number % 100 != 11
        ? [.. Cardinal(number).SkipLast(1), One]
        : Cardinal(number);

    private protected override IEnumerable<string> Cardinal(int number) => number switch
    {
        <= 20 or 100 => [$"{number}"],
        < 30 => ["veinti", $"{number % 10}"],
        < 100 when number % 10 == 0 => [$"{number}"],
        < 100 => [$"{number / 10 * 10}", "and", $"{number % 10}"],
        < 200 => ["ciento", .. Cardinal(number - 100)],
        < 1000 => [.. Hundreds(number / 100), .. Rest(number % 100)],
        < 2000 => ["1000", .. Rest(number % 1000)],
        _ => [.. Counting(number / 1000), "1000", .. Rest(number % 1000)],
    };

    private IEnumerable<string> Rest(int rest) => rest == 0 ? [] : Cardinal(rest);

    private static IEnumerable<string> Hundreds(int hundreds) => hundreds is 5 or 7 or 9
        ? [$"{hundreds * 100}"]
        : [$"{hundreds}", "cientos"];
}
