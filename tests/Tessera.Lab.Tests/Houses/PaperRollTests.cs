using System.Text;
using Tessera.Lab.Houses.Devices;
using Xunit;

namespace Tessera.Lab.Tests.Houses;

/// <summary>What octets of ESC/POS leave on paper.</summary>
public sealed class PaperRollTests
{
    private readonly PaperRoll _paper = new(() => { });

    [Fact]
    public void A_receipt_looks_as_its_octets_say()
    {
        Print("\x1B@\x1B" + "a\x01\x1B" + "E\x01\x1D!\x11SHOP\n\x1B" + "E\0\x1D!\0\x1B" + "a\0Tea  2.50\n\x1B" + "a\x02"
            + "EUR\n\x1B" + "d\x02\x1DVA\x03");

        Assert.Equal(
            [
                new PaperLine("SHOP", IsBold: true, IsLarge: true, PaperPlace.Middle, IsCut: false),
                new PaperLine("Tea  2.50", IsBold: false, IsLarge: false, PaperPlace.Left, IsCut: false),
                new PaperLine("EUR", IsBold: false, IsLarge: false, PaperPlace.Right, IsCut: false),
                new PaperLine("", IsBold: false, IsLarge: false, PaperPlace.Right, IsCut: false),
                new PaperLine("", IsBold: false, IsLarge: false, PaperPlace.Right, IsCut: false),
                new PaperLine("", IsBold: false, IsLarge: false, PaperPlace.Right, IsCut: true),
            ],
            _paper.Lines);
    }

    [Theory]
    [InlineData("82", "é")]
    [InlineData("1B 74 10 80", "€")]
    [InlineData("1B 74 13 D5", "€")]
    [InlineData("1B 74 02 84", "ä")]
    public void Letters_are_those_of_the_page_that_was_chosen(string hex, string letter)
    {
        _paper.Write([.. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), 0x0A]);

        Assert.Equal(letter, Assert.Single(_paper.Lines).Text);
    }

    [Fact]
    public void Octets_may_come_one_by_one_and_what_is_unknown_is_passed_over()
    {
        foreach (var octet in "\x1B!\x08One\n\x1B%\x1D?Two\n\r\a"u8.ToArray()) _paper.Write([octet]);

        Assert.Equal([("One", true), ("Two", true)], _paper.Lines.Select(line => (line.Text, line.IsBold)));
    }

    [Fact]
    public void Old_paper_is_torn_off_and_a_line_has_an_end()
    {
        Print(string.Concat(Enumerable.Repeat("x\n", PaperRoll.MostLines + 1)) + new string('y', 1000) + "\n");
        Assert.Equal((PaperRoll.MostLines, 256), (_paper.Lines.Count, _paper.Lines[^1].Text.Length));

        _paper.Tear();

        Assert.Empty(_paper.Lines);
    }

    private void Print(string text) => _paper.Write(Encoding.Latin1.GetBytes(text));
}
