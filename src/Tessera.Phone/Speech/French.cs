namespace Tessera.Phone.Speech;

/// <summary>French: trente-quatre euros et trente centimes, trois mars deux mille vingt-six.</summary>
internal sealed class French() : SpokenLanguage("fr")
{
    private protected override IEnumerable<string> Day(DateOnly day) =>
        [.. day.Day == 1 ? ["1st"] : Cardinal(day.Day), Month(day), .. Cardinal(day.Year)];

    private protected override IEnumerable<string> Cardinal(int number) => number switch
    {
        <= 20 or 30 or 40 or 50 or 60 or 80 or 100 => [$"{number}"],
        < 60 => Tens(number / 10 * 10, number % 10),
        < 80 => Tens(60, number - 60),
        < 100 => ["80", .. Cardinal(number - 80)],
        < 1000 => [.. Factor(number / 100), "100", .. Rest(number % 100)],
        _ => [.. Factor(number / 1000), "1000", .. Rest(number % 1000)],
    };

    /// <summary>Vingt et un, soixante et onze, but soixante-douze.</summary>
    private IEnumerable<string> Tens(int tens, int rest) =>
        rest is 1 or 11 ? [$"{tens}", "and", $"{rest}"] : [$"{tens}", .. Cardinal(rest)];

    /// <summary>Cent and mille stand without one.</summary>
    private IEnumerable<string> Factor(int factor) => factor == 1 ? [] : Cardinal(factor);

    private IEnumerable<string> Rest(int rest) => rest == 0 ? [] : Cardinal(rest);
}
