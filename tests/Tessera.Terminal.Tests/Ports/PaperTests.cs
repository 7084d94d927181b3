using Tessera.Terminal.Ports;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Ports;

public class PaperTests
{
    /// <summary>docs/protocols/line.md §11.4.</summary>
    private const string Worked =
        "1B40 1B7413 1B4501 4C756E6368 0A 1B4500 31322E3530 20 D5 0A 1B6404 1D5600";

    private readonly VirtualPaper _paper = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sheet_is_these_octets_and_is_read_back_from_them_octet_by_octet()
    {
        using var octets = new MemoryStream();
        await new EscPosPrinter(octets).PrintAsync([new("Lunch", IsBold: true), new("12.50 €")], Cancel);
        Assert.Equal(Bytes.FromHex(Worked.Replace(" ", "", StringComparison.Ordinal)), new Bytes(octets.ToArray()));

        foreach (var octet in octets.ToArray()) _paper.Write([octet]);

        Assert.Equal<Sequence<PrintedLine>>([[new("Lunch", IsBold: true), new("12.50 €")]], _paper.Sheets);
    }

    [Fact]
    public async Task Lines_are_broken_between_words_and_nothing_in_them_is_a_command()
    {
        var printer = new EscPosPrinter(_paper.Head) { Width = 16 };
        await printer.PrintAsync([new("Three words and a bit"), new("\u001D\u0056\0x"), new("é 漢")], Cancel);
        await printer.PrintAsync([new("Again")], Cancel);

        Assert.Equal(2, _paper.Sheets.Count);
        Assert.Equal(
            [new PrintedLine("Three words and"), new PrintedLine("a bit"), new PrintedLine(" V x"), new PrintedLine("é ?")],
            _paper.Sheets[0]);
        Assert.Equal([new PrintedLine("Again")], _paper.Sheets[1]);
    }

    [Fact]
    public async Task Sheets_hang_there_until_somebody_takes_them_and_both_is_told()
    {
        List<int> told = [];
        VirtualPaper paper = null!;
        paper = new VirtualPaper(() => told.Add(paper.Sheets.Count));
        var printer = new EscPosPrinter(paper.Head);
        await printer.PrintAsync([new("One")], Cancel);
        await printer.PrintAsync([new("Two")], Cancel);

        paper.Tear();

        Assert.Equal([1, 2, 0], told);
    }

    [Theory]
    [InlineData("1B5A")]
    [InlineData("1D5601")]
    [InlineData("1B7400")]
    [InlineData("4107")]
    public void What_this_printer_does_not_have_is_no_paper(string octets)
    {
        var broken = Assert.Throws<WireFormatException>(() => _paper.Write(Bytes.FromHex(octets).Span));
        Assert.Equal("paper", broken.Field);
    }

    [Fact]
    public void Paper_has_an_end()
    {
        Assert.Throws<WireFormatException>(() => _paper.Write(Enumerable.Repeat((byte)'\n', 501).ToArray()));
        var wide = new VirtualPaper();
        Assert.Throws<WireFormatException>(() => wide.Write(Enumerable.Repeat((byte)'x', 257).ToArray()));
    }
}
