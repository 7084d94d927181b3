using Tessera.Testing;
using Xunit;

namespace Tessera.Cards.Tests;

public class CardIdTests
{
    [Fact]
    public void Is_eight_octets_and_sixteen_digits()
    {
        var id = CardId.Parse("0123456789abcdef");

        WireFormat.Holds(id, "0123456789ABCDEF");
        Assert.Equal("0123456789ABCDEF", id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789ABCDE")]
    [InlineData("0123456789ABCDEF0")]
    [InlineData("0123456789ABCDEG")]
    [InlineData(" 123456789ABCDEF")]
    [InlineData("-123456789ABCDEF")]
    public void Refuses_anything_else(string hex) => Assert.Throws<FormatException>(() => CardId.Parse(hex));

    [Theory]
    [InlineData(0x63C2, 2)]
    [InlineData(0x63C0, 0)]
    [InlineData(0x6983, null)]
    [InlineData(0x9000, null)]
    public void A_status_tells_the_tries_left(int value, int? tries)
    {
        Assert.Equal(tries, new StatusWord((ushort)value).TriesLeft);
        if (tries is { } left) Assert.Equal(value, StatusWord.WithTriesLeft(left).Value);
    }

    [Fact]
    public void A_refusal_names_header_and_status_and_no_data()
    {
        var command = new CommandApdu(0x00, 0x20, 0x00, 0x80, Wire.Bytes.FromHex("3132333435363738"));
        var refused = Assert.Throws<CardStatusException>(
            () => new ResponseApdu(new StatusWord(0x63C2)).EnsureSuccess(command));

        Assert.Equal("The card answered 63C2 to command 00200080.", refused.Message);
    }
}
