using Microsoft.Extensions.Configuration;
using Tessera.Phone.Speech;
using Tessera.Server.Hosting;
using Xunit;

namespace Tessera.Server.Tests.Calls;

/// <summary>Which numbers have offers, and in which language they are spoken, as an operator writes it.</summary>
public sealed class OfferOptionsTests
{
    [Fact]
    public void Numbers_name_applications_and_unset_they_are_those_of_the_shop()
    {
        var two = Read("offer-numbers", "33639980084=shop,33639980085=library").OfferNumbers;

        Assert.Equal(2, two.Count);
        Assert.Equal(("shop", "library"), (two["33639980084"], two["33639980085"]));
        Assert.Equal("shop", Assert.Single(Read("data", "data").OfferNumbers).Value);
        Assert.Empty(Read("offer-numbers", "").OfferNumbers);
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("=shop")]
    [InlineData("+33639980084=shop")]
    [InlineData("1234567890123456=shop")]
    [InlineData("33639980084=shop=library")]
    [InlineData("33639980084=shop,33639980085")]
    public void What_is_no_number_and_name_is_refused_by_the_name_of_the_option(string text)
    {
        var refused = Assert.Throws<FormatException>(() => Read("offer-numbers", text));

        Assert.Contains("--offer-numbers", refused.Message, StringComparison.Ordinal);
        Assert.Contains(text, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    [InlineData("fr")]
    [InlineData("es")]
    public void A_language_is_known_by_its_code(string code) => Assert.Equal(code, Read("language", code).Language.Code);

    [Fact]
    public void Any_other_language_is_refused_and_unset_it_is_English()
    {
        var refused = Assert.Throws<FormatException>(() => Read("language", "it"));

        Assert.Contains("--language", refused.Message, StringComparison.Ordinal);
        Assert.Equal(SpokenLanguage.English, Read("data", "data").Language);
    }

    private static ServerOptions Read(string name, string value) => ServerOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build());
}
