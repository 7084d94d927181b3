using System.Globalization;
using System.Text;

namespace Tessera.Phone.Speech;

/// <summary>
/// Reads a text of English words that are shipped aloud in any language: each run of words has a name, and the name has
/// a sound in every language. Numbers are spoken as numbers, <c>12.50</c> as an amount.
/// </summary>
public static class SpokenText
{
    /// <summary>Characters of the longest text.</summary>
    public const int MaxText = 1000;

    private const NumberStyles Plainly = NumberStyles.AllowDecimalPoint;

    /// <summary>Adds a text to a phrase.</summary>
    /// <returns>Null where some of it has no sound.</returns>
    public static Phrase? Read(this Phrase phrase, string text)
    {
        if (text.Length > MaxText) return null;
        var words = Plain(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var at = 0; at < words.Length;)
        {
            if (Number(phrase, words[at]) is { } spoken)
            {
                (phrase, at) = (spoken, at + 1);
                continue;
            }

            var count = words.Length - at;
            while (count > 0 && NameOf(words.AsSpan(at, count)) is null) count--;
            if (count == 0) return null;
            phrase = phrase.Say(NameOf(words.AsSpan(at, count))!);
            at += count;
        }

        return phrase;
    }

    /// <summary>A text without what is not spoken: small letters, one space between words, no signs around them.</summary>
    internal static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var bare = word.Trim('.', ',', ':', ';', '!', '?', '(', ')', '\'', '"');
            if (bare.Length == 0) continue;
            if (plain.Length > 0) plain.Append(' ');
            plain.Append(bare.ToLowerInvariant());
        }

        return plain.ToString();
    }

    private static string? NameOf(ReadOnlySpan<string> words) =>
        SpokenLanguage.English.Sound.NameOf(string.Join(' ', words));

    private static Phrase? Number(Phrase phrase, string word)
    {
        if (!char.IsAsciiDigit(word[0])) return null;
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= SpokenLanguage.MaxNumber) return phrase.Number(number);
        return word.Length >= 4 && word[^3] == '.'
            && decimal.TryParse(word, Plainly, CultureInfo.InvariantCulture, out var amount)
            && amount <= SpokenLanguage.MaxNumber
            ? phrase.Amount((long)(amount * 100))
            : null;
    }
}
