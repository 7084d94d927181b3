using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

public sealed class ObjectCommandTests : IDisposable
{
    private readonly TestCard _card = FileCard.Open();

    public ObjectCommandTests() => _card.Send("00A4000C 02 5000");

    public void Dispose() => _card.Dispose();

    [Theory]
    [InlineData("00CA00C200", "12349000")]
    [InlineData("00CA5F2000", "4142439000")]
    [InlineData("00CA00C100", "0123456789ABCDEF9000")]
    [InlineData("00CA00C300", "6A88")]
    [InlineData("00CA00FF00", "6A86")]
    [InlineData("00CA001F00", "6A86")]
    [InlineData("00CA402000", "6A86")]
    [InlineData("00CA00C2 01 00", "6700")]
    [InlineData("00CB3FFF 05 5C03 C25F20 00", "C202123" + "45F20034142439000")]
    [InlineData("00CB5005 04 5C02 5F20 00", "5F20034142439000")]
    [InlineData("00CB0000 02 5C00 00", "C20212345F20034142439000")]
    [InlineData("00CB3FFF 03 5C01 99 00", "6A88")]
    [InlineData("00CB5001 02 5C00 00", "6A88")]
    [InlineData("00CB3FFF 02 5300 00", "6A80")]
    [InlineData("00CB3FFF 03 5C01 5F 00", "6A80")]
    public void Gets(string command, string answer) => Assert.Equal(answer, _card.Send(command));

    [Fact]
    public void Puts_one_or_many_and_an_empty_one_deletes()
    {
        Assert.Equal("9000", _card.Send("00DA00C2 03 AABBCC"));
        Assert.Equal("9000", _card.Send("00DB3FFF 08 5F2000 C503010203"));

        Assert.Equal("C203AABBCCC503010203" + "9000", _card.Send("00CB3FFF 02 5C00 00"));
        Assert.Equal("9000", _card.Send("00DA00C2"));
        Assert.Equal("C503010203" + "9000", _card.Send("00CB3FFF 02 5C00 00"));
    }

    [Fact]
    public void Refuses_more_than_there_is_room_for_and_keeps_what_was()
    {
        var much = string.Concat(Enumerable.Repeat("EE", 250));

        Assert.Equal("9000", _card.Send("00DA00C2 FA" + much));
        Assert.Equal("6A84", _card.Send("00DA00C5 FA" + much));
        Assert.Equal("6A88", _card.Send("00CA00C500"));
        Assert.Equal(much + "9000", _card.Send("00CA00C200"));
        Assert.Equal("6A80", _card.Send("00DB3FFF 02 C201"));
        Assert.Equal("6A80", _card.Send("00DB3FFF"));
    }

    [Fact]
    public void A_directory_without_such_a_file_has_no_objects()
    {
        _card.Send("00A40000");

        Assert.Equal("6A88", _card.Send("00CA00C200"));
        Assert.Equal("6A88", _card.Send("00DA00C2 01 00"));
    }
}
