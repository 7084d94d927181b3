using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

public sealed class BinaryCommandTests : IDisposable
{
    private readonly TestCard _card = FileCard.Open();

    public BinaryCommandTests() => _card.Send("00A4000C 02 5000");

    public void Dispose() => _card.Dispose();

    [Theory]
    [InlineData("00B0810004", "A0A1A2A39000")]
    [InlineData("00B0810404", "A4A5A6A79000")]
    [InlineData("00B0000004", "6986")]
    [InlineData("00B0820004", "6981")]
    [InlineData("00B0830004", "6A82")]
    [InlineData("00B0800004", "6A86")]
    [InlineData("00B0E10004", "6A86")]
    [InlineData("00B08100 01 00 04", "6700")]
    [InlineData("80B0810004", "6E00")]
    [InlineData("00B10000 03 540100 04", "6986")]
    [InlineData("00B10001 03 540104 04", "5302A4A59000")]
    [InlineData("00B15001 03 540104 06", "5304A4A5A6A79000")]
    [InlineData("00B15099 03 540104 06", "6A82")]
    [InlineData("00B15001 04 54020257 00", "5301009000")]
    [InlineData("00B15001 04 54020257 03", "5301009000")]
    [InlineData("00B15001 04 54020257 04", "5301006282")]
    [InlineData("00B15001 04 54020258 00", "6B00")]
    [InlineData("00B15001 02 0104 06", "6A80")]
    [InlineData("00B15001 05 540104 0102 06", "6A80")]
    public void Reads(string command, string answer) => Assert.Equal(answer, _card.Send(command));

    [Fact]
    public void Reads_to_the_end_and_says_when_that_comes_early()
    {
        _card.Send("00A4000C 02 5001");

        Assert.Equal(600 + 2, Bytes.FromHex(_card.Send("00B00000 000000")).Length);
        Assert.Equal(256 + 2, Bytes.FromHex(_card.Send("00B0000000")).Length);
        Assert.Equal("00009000", _card.Send("00B0025600"));
        Assert.Equal("00009000", _card.Send("00B0025602"));
        Assert.Equal("00006282", _card.Send("00B0025603"));
        Assert.Equal("6B00", _card.Send("00B0025801"));
    }

    [Fact]
    public void Updates_across_pages_and_keeps_what_stands_beside()
    {
        var long300 = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i & 0xFF:X2}"));
        Assert.Equal("9000", _card.Send("00D68106 00012C" + long300));

        Assert.Equal("A0A1A2A3A4A5000102039000", _card.Send("00B081000A"));
        Assert.Equal("28292A2B00009000", _card.Send("00B0012E06"));
        Assert.Equal("9000", _card.Send("00D60256 02 EEEF"));
        Assert.Equal("EEEF9000", _card.Send("00B0025600"));
    }

    [Theory]
    [InlineData("00D60000", "6700")]
    [InlineData("00D60257 02 0102", "6A84")]
    [InlineData("00D60258 01 01", "6B00")]
    [InlineData("00D70000 02 5401", "6A80")]
    [InlineData("00D70000 06 540100 530101 ", "9000")]
    [InlineData("00D00257 02 0102", "6A84")]
    [InlineData("000E0258", "6B00")]
    [InlineData("000E0002 01 04", "6700")]
    [InlineData("000E0004 02 0004", "6A80")]
    [InlineData("000E0000 02 0259", "6B00")]
    public void Refuses_what_does_not_fit(string command, string status)
    {
        _card.Send("00A4000C 02 5001");

        Assert.Equal(status, _card.Send(command));
    }

    [Fact]
    public void Writes_bits_and_erases_them()
    {
        _card.Send("00A4000C 02 5001");

        Assert.Equal("9000", _card.Send("00D00001 02 0F10"));
        Assert.Equal("A0AFB2A39000", _card.Send("00B0000004"));
        Assert.Equal("9000", _card.Send("000E0001 02 0003"));
        Assert.Equal("A00000A39000", _card.Send("00B0000004"));
        Assert.Equal("9000", _card.Send("00D10000 06 540102 530180"));
        Assert.Equal("A00080A39000", _card.Send("00B0000004"));
        Assert.Equal("9000", _card.Send("000F0000 06 540100 540102"));
        Assert.Equal("000080A39000", _card.Send("00B0000004"));
        Assert.Equal("9000", _card.Send("000E0000"));
        Assert.Equal(new string('0', 1200) + "9000", _card.Send("00B00000 000000"));
    }

    [Fact]
    public void What_is_in_one_block_is_in_many_too()
    {
        Assert.Equal("9000", _card.Send("10D68100 03 010203"));
        Assert.Equal("9000", _card.Send("00D68100 02 0405"));

        Assert.Equal("6102", _card.Send("00B0810003").Length == 10 ? "6102" : "");
        Assert.Equal("0102030405A59000", _card.Send("00B0810006"));
    }
}
