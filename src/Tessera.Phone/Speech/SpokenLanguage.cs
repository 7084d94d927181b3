namespace Tessera.Phone.Speech;

/// <summary>A language in which numbers, amounts and dates can be spoken with the words that are shipped.</summary>
public abstract class SpokenLanguage
{
    /// <summary>The largest number that has words.</summary>
    public const int MaxNumber = 999_999;

    public static readonly SpokenLanguage English = new English();
    public static readonly SpokenLanguage German = new German();
    public static readonly SpokenLanguage French = new French();
    public static readonly SpokenLanguage Spanish = new Spanish();

    private readonly Lazy<Vocabulary> _vocabulary;

    private protected SpokenLanguage(string code)
    {
        Code = code;
        _vocabulary = new(() => Vocabulary.Load(code));
    }

    public static IReadOnlyList<SpokenLanguage> All { get; } = [English, German, French, Spanish];

    /// <summary>Of ISO 639-1, as in the holder's settings.</summary>
    public string Code { get; }

    /// <summary>The names of all words and sentences that are shipped, such as <c>balance</c>.</summary>
    public IReadOnlyList<string> Words => [.. Sound.Words];

    internal Vocabulary Sound => _vocabulary.Value;

    /// <summary>Between euros and cents.</summary>
    private protected virtual string Joint => "and";

    /// <summary>The language of that code; English where it has none.</summary>
    public static SpokenLanguage Of(string code) =>
        All.FirstOrDefault(language => string.Equals(language.Code, code, StringComparison.OrdinalIgnoreCase)) ?? English;

    /// <summary>The words of a number.</summary>
    /// <param name="number">At most <see cref="MaxNumber"/>, and as much below zero.</param>
    public IEnumerable<string> Number(int number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, MaxNumber);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, -MaxNumber);
        return number < 0 ? ["minus", .. Cardinal(-number)] : Cardinal(number);
    }

    /// <summary>The words of an amount: 3430 is thirty-four euros and thirty cents.</summary>
    /// <param name="cents">Less than a million euros.</param>
    public IEnumerable<string> Amount(long cents)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cents, (MaxNumber * 100L) + 99);
        ArgumentOutOfRangeException.ThrowIfLessThan(cents, (-MaxNumber * 100L) - 99);
        var (euros, rest) = ((int)(Math.Abs(cents) / 100), (int)(Math.Abs(cents) % 100));
        IEnumerable<string> words = euros > 0 || rest == 0 ? Counted(euros, "euro", "euros") : [];
        if (euros > 0 && rest > 0) words = words.Append(Joint);
        if (rest > 0) words = words.Concat(Counted(rest, "cent", "cents"));
        return cents < 0 ? words.Prepend("minus") : words;
    }

    /// <summary>The words of a day with its year.</summary>
    public IEnumerable<string> Date(DateOnly date) => Day(date);

    private protected abstract IEnumerable<string> Day(DateOnly day);

    private protected abstract IEnumerable<string> Cardinal(int number);

    /// <summary>A number before what it counts.</summary>
    private protected virtual IEnumerable<string> Counting(int number) => Cardinal(number);

    private protected static string Month(DateOnly date) => $"month{date.Month}";

    private IEnumerable<string> Counted(int number, string one, string many) =>
        Counting(number).Append(number == 1 ? one : many);
}
