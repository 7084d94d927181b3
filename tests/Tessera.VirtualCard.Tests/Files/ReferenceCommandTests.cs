using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

public sealed class ReferenceCommandTests : IDisposable
{
    private const string Wrong = "08 5858585858585858";
    private const string Right = "08 " + FileCard.Password;
    private const string Inside = "06 696E73696465";

    private TestCard _card = FileCard.Open();

    public void Dispose() => _card.Dispose();

    [Theory]
    [InlineData("00200001", "63C3")]
    [InlineData("00200002", "63C5")]
    [InlineData("00200003", "6A88")]
    [InlineData("0020000F", "6A86")]
    [InlineData("00200041", "6A86")]
    [InlineData("00200101", "6A86")]
    [InlineData("0020FF01 01 00", "6700")]
    [InlineData("00200001 07 50415353574F52", "6700")]
    [InlineData("00200080", "63C3")]
    [InlineData("00200000", "63C3")]
    [InlineData("00200080 08 313233343536FFFF", "9000")]
    [InlineData("00240001 08 0102030405060708", "6700")]
    [InlineData("00240101 08 0102030405060708", "6982")]
    [InlineData("00240201 08 0102030405060708", "6A86")]
    [InlineData("002C0201 08 0102030405060708", "6982")]
    [InlineData("002C0301", "6982")]
    [InlineData("002C0401", "6A86")]
    [InlineData("002C0102 08 0102030405060708", "6A88")]
    [InlineData("00210081", "6A88")]
    public void Answers_after_reset(string command, string status) => Assert.Equal(status, _card.Send(command));

    [Fact]
    public void Three_wrong_ones_block_it_a_right_one_before_that_gives_all_tries_back()
    {
        Assert.Equal("63C2", _card.Send("00200001" + Wrong));
        Assert.Equal("9000", _card.Send("00200001" + Right));
        Assert.Equal("9000", _card.Send("00200001"));
        for (var left = 2; left >= 0; left--) Assert.Equal($"63C{left}", _card.Send("00200001" + Wrong));
        Assert.Equal("6983", _card.Send("00200001" + Right));
        Assert.Equal("6983", _card.Send("00200001"));

        Reopen();
        Assert.Equal("6983", _card.Send("00200001" + Right));
    }

    [Fact]
    public void The_resetting_code_gives_tries_back_and_a_new_password()
    {
        for (var i = 0; i < 3; i++) _card.Send("00200001" + Wrong);
        Assert.Equal("63C4", _card.Send("002C0001 10 5858585858585858 4E4557504153532E"));

        Assert.Equal("9000", _card.Send("002C0001 10" + FileCard.ResettingCode + "4E4557504153532E"));

        Assert.Equal("63C3", _card.Send("00200001"));
        Assert.Equal("63C2", _card.Send("00200001" + Right));
        Assert.Equal("9000", _card.Send("002C0101 08" + FileCard.ResettingCode));
        Assert.Equal("9000", _card.Send("00200001 08 4E4557504153532E"));
    }

    [Fact]
    public void Who_knows_the_old_password_sets_a_new_one()
    {
        Assert.Equal("63C2", _card.Send("00240001 10 5858585858585858 4E4557504153532E"));
        Assert.Equal("9000", _card.Send("00240001 10" + FileCard.Password + "4E4557504153532E"));

        Reopen();
        Assert.Equal("9000", _card.Send("00200001 08 4E4557504153532E"));
    }

    [Fact]
    public void Who_may_update_the_file_sets_and_resets_without_knowing_it()
    {
        AuthenticationTests.Authenticate(_card);

        Assert.Equal("9000", _card.Send("00240101 08 4E4557504153532E"));
        Assert.Equal("9000", _card.Send("00200001 08 4E4557504153532E"));
        for (var i = 0; i < 3; i++) _card.Send("00200001" + Wrong);
        Assert.Equal("9000", _card.Send("002C0301"));
        Assert.Equal("63C3", _card.Send("00200001"));
        Assert.Equal("9000", _card.Send("002C0201" + Right));
        Assert.Equal("9000", _card.Send("00200001" + Right));
    }

    [Fact]
    public void A_password_of_a_directory_counts_in_it_and_is_lost_when_it_is_left()
    {
        Assert.Equal("6700", _card.Send("00200081" + Inside));
        _card.Send("00A4000C 02 5000");
        Assert.Equal("9000", _card.Send("00200081" + Inside));
        Assert.Equal("63C3", _card.Send("00200001"));
        _card.Send("00A4000C 02 5001");
        Assert.Equal("9000", _card.Send("00200081"));

        _card.Send("00A4000C 02 5000");
        Assert.Equal("9000", _card.Send("00200081"));
        _card.Send("00A40000");
        _card.Send("00A4000C 02 5000");
        Assert.Equal("63C3", _card.Send("00200081"));
    }

    [Fact]
    public void The_password_of_the_MF_stays_until_it_is_withdrawn_or_wrong_or_the_card_is_reset()
    {
        _card.Send("00200001" + Right);
        _card.Send("00A4000C 02 5000");
        Assert.Equal("9000", _card.Send("00200001"));
        Assert.Equal("9000", _card.Send("0020FF01"));
        Assert.Equal("63C3", _card.Send("00200001"));

        _card.Send("00200001" + Right);
        _card.Send("00200001" + Wrong);
        Assert.Equal("63C2", _card.Send("00200001"));

        _card.Send("00200001" + Right);
        _card.Os.Reset();
        Assert.Equal("63C3", _card.Send("00200001"));
    }

    [Fact]
    public void A_file_opens_to_who_presented_what_its_rules_ask_for()
    {
        _card.Send("00A4080C 04 50005006");
        Assert.Equal("6982", _card.Send("00B0000001"));
        _card.Send("00200081" + Inside);
        Assert.Equal("009000", _card.Send("00B0000001"));
        Assert.Equal("6982", _card.Send("00D60000 01 AA"));
        Assert.Equal("6982", _card.Send("00D00000 01 AA"));

        AuthenticationTests.Authenticate(_card);
        Assert.Equal("9000", _card.Send("00D60000 01 A0"));
        Assert.Equal("9000", _card.Send("00D00000 01 0A"));
        Assert.Equal("AA9000", _card.Send("00B0000001"));
        _card.Send("0020FF81");
        Assert.Equal("6982", _card.Send("00D00000 01 0A"));
        Assert.Equal("9000", _card.Send("00D60000 01 00"));
    }

    [Fact]
    public void No_command_reads_a_password_or_a_key()
    {
        AuthenticationTests.Authenticate(_card);
        foreach (var file in (string[])["0001", "0002", "0003"])
        {
            Assert.Equal("9000", _card.Send("00A4000C 02" + file));
            string[] commands =
                ["00B0000000", "00B10000 03 540100 00", "00B2010400", "00CB0000 02 5C00 00", "00A20104 01 50 00"];
            foreach (var command in commands) Assert.Matches("^6(981|A88)$", _card.Send(command));
            Assert.Equal("6981", _card.Send("00D00000 01 00"));
            Assert.Equal("6981", _card.Send("000E0000"));
        }
    }

    private void Reopen()
    {
        var image = _card.Image;
        _card.Dispose();
        _card = TestCard.Open(image);
    }
}
