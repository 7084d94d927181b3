using Tessera.Phone.Speech;
using Xunit;

namespace Tessera.Phone.Tests.Speech;

public class SpokenTextTests
{
    [Theory]
    [InlineData("Coffee", "coffee")]
    [InlineData("Coffee 2.80", "coffee 2 euros and 80 cents")]
    [InlineData("You paid 2.80. Thank you.", "paid 2 euros and 80 cents thanks")]
    [InlineData("Wrong PIN. 2 tries left.", "wrong-pin 2 tries-left")]
    [InlineData("There is not enough money: you can spend 0.05.", "not-enough can-spend 5 cents")]
    [InlineData("  please   CHOOSE!", "choose")]
    [InlineData("", "")]
    public void Reads_a_text_by_its_longest_sentences(string text, string words) =>
        Assert.Equal(words, string.Join(' ', Phrase.In(SpokenLanguage.English).Read(text)!.Words));

    [Fact]
    public void Reads_it_in_another_language() =>
        Assert.Equal(
            Phrase.In(SpokenLanguage.German).Say("balance").Amount(3430).ToSamples(),
            Phrase.In(SpokenLanguage.German).Read("Your balance is 34.30.")!.ToSamples());

    [Theory]
    [InlineData("Coffee and cake")]
    [InlineData("2.8")]
    [InlineData("1000000")]
    [InlineData("12:30")]
    [InlineData("Your balance is -3.20")]
    public void What_has_no_sound_is_not_read_by_halves(string text) =>
        Assert.Null(Phrase.In(SpokenLanguage.English).Read(text));

    [Fact]
    public void A_text_without_end_is_not_read() =>
        Assert.Null(Phrase.In(SpokenLanguage.English).Read(new string(' ', SpokenText.MaxText) + "stop"));
}
