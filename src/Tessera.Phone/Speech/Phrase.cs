using Tessera.Phone.Sound;

namespace Tessera.Phone.Speech;

/// <summary>
/// What is to be said, put together of shipped words: <c>Phrase.In(language).Say("balance").Amount(3430)</c>. Immutable:
/// each call gives a longer one.
/// </summary>
public sealed class Phrase
{
    /// <summary>Between two words of a number.</summary>
    private static readonly TimeSpan Close = TimeSpan.FromMilliseconds(30);

    /// <summary>Between digits, and before and after a number.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(120);

    /// <summary>Between groups of digits.</summary>
    private static readonly TimeSpan Group = TimeSpan.FromMilliseconds(450);

    private readonly (string? Word, TimeSpan Pause)[] _parts;

    private Phrase(SpokenLanguage language, (string? Word, TimeSpan Pause)[] parts) =>
        (Language, _parts) = (language, parts);

    public SpokenLanguage Language { get; }

    /// <summary>The names of its words, in order.</summary>
    public IEnumerable<string> Words => _parts.Where(part => part.Word is not null).Select(part => part.Word!);

    public static Phrase In(SpokenLanguage language) => new(language, []);

    /// <summary>A word or sentence that is shipped, such as <c>welcome</c>.</summary>
    /// <exception cref="ArgumentException">The language has no such word.</exception>
    public Phrase Say(string word)
    {
        if (!Language.Sound.Has(word)) throw new ArgumentException($"No word '{word}' is shipped.", nameof(word));
        return With([word], Close);
    }

    /// <summary>A number in words.</summary>
    public Phrase Number(int number) => With(Language.Number(number), Close);

    /// <summary>An amount in euros and cents.</summary>
    public Phrase Amount(long cents) => With(Language.Amount(cents), Close);

    /// <summary>A day with its year.</summary>
    public Phrase Date(DateOnly date) => With(Language.Date(date), Close);

    /// <summary>Digits one by one, and * and #; a space makes a pause, so that <c>12 34</c> is heard as two groups.</summary>
    /// <exception cref="FormatException">Something else is in it.</exception>
    public Phrase Digits(string digits)
    {
        List<(string?, TimeSpan)> parts = [];
        foreach (var digit in digits)
        {
            parts.Add(digit switch
            {
                >= '0' and <= '9' => ($"{digit}", Apart),
                '*' => ("star", Apart),
                '#' => ("hash", Apart),
                ' ' => (null, Group),
                _ => throw new FormatException("Only digits, * and # are spoken one by one."),
            });
        }

        return new Phrase(Language, [.. _parts, (null, Apart), .. parts]);
    }

    /// <summary>Nothing for a while.</summary>
    public Phrase Pause(TimeSpan pause)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pause, TimeSpan.Zero);
        return new Phrase(Language, [.. _parts, (null, pause)]);
    }

    /// <summary>Its sound, 8000 samples a second.</summary>
    public short[] ToSamples()
    {
        var samples = new List<short>();
        foreach (var (word, pause) in _parts)
        {
            if (word is not null) samples.AddRange(Language.Sound[word].Span);
            samples.AddRange(new short[AudioBlock.SamplesIn(pause)]);
        }

        return [.. samples];
    }

    private Phrase With(IEnumerable<string> words, TimeSpan pause) =>
        new(Language, [.. _parts, .. words.Select(word => ((string?)word, pause)), (null, Apart)]);
}
