using System.Xml.Linq;
using Tessera.Platform.Views;
using Xunit;

namespace Tessera.Platform.Tests.Dialogues;

public class ViewTests
{
    private sealed record Trip(string Stop, Amount Price);

    private static readonly Trip[] Trips = [new("Centre", Amount.Of(3.20m)), new("Airport", Amount.Of(14.80m))];

    [Fact]
    public void A_table_of_records_has_a_column_for_each_property() => Assert.Equal(
        ["Where to?", "Stop     Price", "Centre    3.20", "Airport  14.80"],
        TextRendering.Lines(View.Titled("Where to?").Table(Trips), 20), StringComparer.Ordinal);

    [Fact]
    public void A_table_too_wide_for_the_display_becomes_lines() => Assert.Equal(
        ["Centre 3.20", "Airport", "14.80"], TextRendering.Lines(View.Titled("").Table(Trips), 11), StringComparer.Ordinal);

    [Fact]
    public void A_chart_becomes_a_line_for_each_value() => Assert.Equal(
        ["Balance", "Mon    12.5", "Tue       7"],
        TextRendering.Lines(View.Titled("").Chart("Balance", ChartShape.Line,
            new Series("Balance", [new("Mon", 12.5m), new("Tue", 7m)])), 11), StringComparer.Ordinal);

    [Theory]
    [InlineData("one two three", 7, new[] { "one two", "three" })]
    [InlineData("exactly", 7, new[] { "exactly" })]
    [InlineData("unbelievably", 5, new[] { "unbel", "ievab", "ly" })]
    [InlineData("a\nb", 7, new[] { "a", "b" })]
    [InlineData("", 7, new[] { "" })]
    public void Text_breaks_at_spaces_and_long_words_are_cut(string text, int columns, string[] lines) =>
        Assert.Equal(lines, TextRendering.Wrap(text, columns), StringComparer.Ordinal);

    [Fact]
    public void Screens_hold_what_the_display_shows_at_once_and_leave_breaking_lines_to_it()
    {
        var view = View.Titled("News").Text("The bus to the harbour leaves at noon.");

        Assert.Equal(
            ["News\nThe bus to the", "harbour leaves at noon."], TextRendering.Screens(view, new TextDisplay(16, 2)), StringComparer.Ordinal);
        Assert.Equal(["News\nThe bus to the harbour leaves at noon."], TextRendering.Screens(view, new TextDisplay(20, 6)), StringComparer.Ordinal);
        Assert.Empty(TextRendering.Screens(View.Of(" "), TextDisplay.Small));
    }

    [Fact]
    public void No_screen_line_is_wider_or_screen_higher_than_the_display()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var display = new TextDisplay(random.Next(1, 40), random.Next(1, 9));
            var words = Enumerable.Range(0, random.Next(60)).Select(_ => new string('w', random.Next(1, 50)));
            var view = View.Titled("T").Text(string.Join(' ', words));

            Assert.All(TextRendering.Lines(view, display.Columns), line => Assert.InRange(line.Length, 0, display.Columns));
            Assert.All(TextRendering.Screens(view, display), screen =>
                Assert.InRange(screen.Length, 1, (display.Columns + 1) * display.Rows));
        }
    }

    [Theory]
    [InlineData(ChartShape.Bars)]
    [InlineData(ChartShape.Line)]
    public void A_chart_is_well_formed_svg_that_says_its_values(ChartShape shape)
    {
        var chart = new Chart("Paid <& received>", shape,
            [new Series("Paid", [new("Mon", -12.5m), new("Tue", 7m)]), new Series("Got", [new("Mon", 0m), new("Tue", 300m)])]);

        var svg = XElement.Parse(SvgChart.Draw(chart, "c1"));

        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.Equal("c1-t c1-d", svg.Attribute("aria-labelledby")!.Value);
        Assert.Equal("Paid <& received>", svg.Element("title")!.Value);
        Assert.Equal("Paid: Mon -12.5, Tue 7. Got: Mon 0, Tue 300", svg.Element("desc")!.Value);
        Assert.Equal(4, svg.Descendants(shape == ChartShape.Bars ? "rect" : "circle").Count());
        Assert.All(svg.Descendants().Attributes("y").Concat(svg.Descendants().Attributes("cy")), y =>
            Assert.InRange(double.Parse(y.Value, System.Globalization.CultureInfo.InvariantCulture), 0, 280));
    }

    [Fact]
    public void A_chart_of_nothing_but_zero_can_be_drawn() =>
        Assert.NotNull(XElement.Parse(SvgChart.Draw(new Chart("Zero", ChartShape.Bars, [new Series("s", [new("a", 0m)])]), "z")));

    [Theory]
    [InlineData("12.50", 1250u)]
    [InlineData("12,5", 1250u)]
    [InlineData(" 7 ", 700u)]
    [InlineData("0.01", 1u)]
    [InlineData("42949672.95", uint.MaxValue)]
    public void Amounts_are_read_as_people_write_them(string text, uint minor)
    {
        Assert.True(Amount.TryParse(text, out var amount));
        Assert.Equal(minor, amount.MinorUnits);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12.505")]
    [InlineData("12.")]
    [InlineData("-1")]
    [InlineData("1.2.3")]
    [InlineData("1e3")]
    [InlineData("42949672.96")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("twelve")]
    public void Nothing_else_is_an_amount(string text) => Assert.False(Amount.TryParse(text, out _));

    [Fact]
    public void A_view_has_limits()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => View.Of(new string('x', View.MaxText + 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => View.Titled("").Table(new Trip[View.MaxRows + 1]));
        Assert.Throws<ArgumentException>(() => View.Titled("").Table(["a", "b"], [["only one"]]));
    }
}
