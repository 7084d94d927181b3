using Tessera.Cards;
using Tessera.Cli.Apdus;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cli.Tests.Apdus;

public class AnswerPatternTests
{
    [Theory]
    [InlineData("9000", "9000", true)]
    [InlineData("9000", "A1A29000", true)]
    [InlineData("9000", "90006A82", false)]
    [InlineData("63C?", "63C2", true)]
    [InlineData("63C?", "6983", false)]
    [InlineData("a1 ?? 9000", "A1A29000", true)]
    [InlineData("A1??9000", "A1A2A39000", false)]
    [InlineData("6F * 9000", "6F01A19000", true)]
    [InlineData("6F*9000", "6F9000", true)]
    [InlineData("6F*9000", "6E019000", false)]
    [InlineData("90*000", "9000", false)]
    public void A_pattern_matches(string pattern, string answer, bool matches) => Assert.Equal(
        matches, AnswerPattern.Parse("line 1", pattern).Matches(Bytes.FromHex(answer).Read<ResponseApdu>()));

    [Theory]
    [InlineData("")]
    [InlineData("900")]
    [InlineData("*")]
    [InlineData("9000 ok")]
    [InlineData("6F*01*9000")]
    public void Refuses_what_is_no_pattern(string pattern) =>
        Assert.Throws<FormatException>(() => AnswerPattern.Parse("line 1", pattern));
}
