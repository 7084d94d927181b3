using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Xunit;

namespace Tessera.Phone.Tests.Speech;

public class PhraseTests
{
    public static TheoryData<string> Codes => new(SpokenLanguage.All.Select(language => language.Code));

    [Theory]
    [InlineData("en", 3430, "30 4 euros and 30 cents")]
    [InlineData("de", 3430, "4 and 30 euros and 30 cents")]
    [InlineData("fr", 3430, "30 4 euros and 30 cents")]
    [InlineData("es", 3430, "30 and 4 euros with 30 cents")]
    [InlineData("en", 101, "1 euro and 1 cent")]
    [InlineData("de", 101, "ein euro and ein cent")]
    [InlineData("es", 2101, "veinti un euros with un cent")]
    [InlineData("en", 5, "5 cents")]
    [InlineData("en", 0, "0 euros")]
    [InlineData("en", -1250, "minus 12 euros and 50 cents")]
    public void Amounts_are_euros_and_cents(string code, long cents, string words) =>
        Assert.Equal(words, string.Join(' ', SpokenLanguage.Of(code).Amount(cents)));

    [Theory]
    [InlineData("en", 21, "20 1")]
    [InlineData("en", 105, "1 100 and 5")]
    [InlineData("en", 999_999, "9 100 and 90 9 1000 9 100 and 90 9")]
    [InlineData("en", 1001, "1 1000 and 1")]
    [InlineData("en", 1100, "1 1000 1 100")]
    [InlineData("de", 1, "1")]
    [InlineData("de", 21, "ein and 20")]
    [InlineData("de", 101, "ein 100 1")]
    [InlineData("de", 1001, "ein 1000 1")]
    [InlineData("de", 71_017, "ein and 70 1000 17")]
    [InlineData("fr", 21, "20 and 1")]
    [InlineData("fr", 70, "60 10")]
    [InlineData("fr", 71, "60 and 11")]
    [InlineData("fr", 72, "60 12")]
    [InlineData("fr", 81, "80 1")]
    [InlineData("fr", 97, "80 17")]
    [InlineData("fr", 100, "100")]
    [InlineData("fr", 1200, "1000 2 100")]
    [InlineData("es", 25, "veinti 5")]
    [InlineData("es", 31, "30 and 1")]
    [InlineData("es", 100, "100")]
    [InlineData("es", 101, "ciento 1")]
    [InlineData("es", 555, "500 50 and 5")]
    [InlineData("es", 21_000, "veinti un 1000")]
    [InlineData("es", 1234, "1000 2 cientos 30 and 4")]
    public void Numbers_follow_the_rules_of_the_language(string code, int number, string words) =>
        Assert.Equal(words, string.Join(' ', SpokenLanguage.Of(code).Number(number)));

    [Theory]
    [InlineData("en", "month3 3rd 20 20 6")]
    [InlineData("de", "3rd month3 2 1000 6 and 20")]
    [InlineData("fr", "3 month3 2 1000 20 6")]
    [InlineData("es", "3 of month3 of 2 1000 veinti 6")]
    public void Dates_are_spoken_with_their_year(string code, string words) =>
        Assert.Equal(words, string.Join(' ', SpokenLanguage.Of(code).Date(new DateOnly(2026, 3, 3))));

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_number_amount_and_date_has_words_that_are_shipped(string code)
    {
        var language = SpokenLanguage.Of(code);
        var words = Enumerable.Range(0, 2200).Concat([9999, 10_000, 21_021, 999_999]).SelectMany(language.Number)
            .Concat(Enumerable.Range(0, 300).SelectMany(cents => language.Amount(cents * 7)))
            .Concat(Enumerable.Range(0, 366).SelectMany(day => language.Date(new DateOnly(2008, 1, 1).AddDays(day))))
            .Concat(language.Date(new DateOnly(1999, 12, 31)));

        Assert.Empty(words.Distinct(StringComparer.Ordinal).Except(language.Words, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void All_languages_say_the_same_sentences(string code)
    {
        string[] sentences =
        [
            "welcome", "unknown-number", "message-sent", "call-again", "enter-amount", "enter-number", "choose",
            "for-press", "insert-card", "data", "balance", "paid", "loaded", "not-paid", "wrong", "again", "thanks",
            "goodbye", "star", "hash", "minus", "shop", "coffee", "tea", "sandwich", "lunch", "your-balance", "loading",
            "lost-card", "more", "repeat", "correct", "press-key", "look-at-device", "not-by-phone", "card-refused",
            "wrong-pin", "tries-left", "try-left", "pin-blocked", "not-enough", "can-spend", "last-digits",
            "no-such-card", "blocked-now", "unblock", "stop",
        ];
        Assert.Empty(sentences.Except(SpokenLanguage.Of(code).Words, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_word_can_be_heard_and_none_is_too_loud(string code)
    {
        var language = SpokenLanguage.Of(code);
        foreach (var word in language.Words)
        {
            var samples = Phrase.In(language).Say(word).ToSamples();
            var seconds = samples.Length / (double)AudioBlock.Rate;
            Assert.True(seconds is > 0.1 and < 4, $"{word}: {seconds} s");
            Assert.True(Level.Of(samples) is > -32 and < -10, $"{word}: {Level.Of(samples)} dBm0");
        }
    }

    [Fact]
    public void Digits_are_spoken_in_groups()
    {
        var phrase = Phrase.In(SpokenLanguage.English).Digits("12 34*#");
        var together = Phrase.In(SpokenLanguage.English).Digits("1234*#");

        Assert.Equal("1 2 3 4 star hash", string.Join(' ', phrase.Words));
        Assert.Equal(3600, phrase.ToSamples().Length - together.ToSamples().Length);
    }

    [Fact]
    public void A_phrase_is_its_parts_one_after_the_other()
    {
        var balance = Phrase.In(SpokenLanguage.German).Say("balance");
        var amount = Phrase.In(SpokenLanguage.German).Amount(3430);
        var both = balance.Amount(3430).Pause(TimeSpan.FromSeconds(1));

        Assert.Equal([.. balance.ToSamples(), .. amount.ToSamples(), .. new short[8000]], both.ToSamples());
    }

    [Fact]
    public void What_has_no_words_is_refused()
    {
        var phrase = Phrase.In(SpokenLanguage.French);
        Assert.Throws<ArgumentException>(() => phrase.Say("bonjour"));
        Assert.Throws<ArgumentOutOfRangeException>(() => phrase.Number(1_000_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => phrase.Amount(100_000_000));
        Assert.Throws<FormatException>(() => phrase.Digits("12a"));
        Assert.Same(SpokenLanguage.English, SpokenLanguage.Of("xx"));
    }
}
