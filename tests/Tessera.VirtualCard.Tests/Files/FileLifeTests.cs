using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

public sealed class FileLifeTests : IDisposable
{
    private TestCard _card = FileCard.Open();

    public void Dispose() => _card.Dispose();

    [Fact]
    public void A_file_that_is_created_is_current_empty_and_there_after_power_was_lost()
    {
        Assert.Equal("9000", Create("80020010 820101 83026001 8C0303 0000"));
        Assert.Equal("9000", _card.Send("00D60000 03 010203"));

        Reopen();
        Assert.Equal("9000", _card.Send("00A4000C 02 6001"));
        Assert.Equal("010203000000000000000000000000009000", _card.Send("00B0000000"));
    }

    [Theory]
    [InlineData("80020010 820101 83022F00", "6A89")]
    [InlineData("820138 83023F00", "6A89")]
    [InlineData("820138 83026000 8409" + FileCard.MasterName, "6A8A")]
    [InlineData("820138 83026000 840A" + FileCard.Name, "6A8A")]
    [InlineData("80020010 820101 83026001 8801F0", "6A80")]
    [InlineData("80027FFF 820101 83026001", "6A84")]
    [InlineData("80028000 820101 83026001", "6A80")]
    [InlineData("80020000 820101 83026001", "6A80")]
    [InlineData("80020010 820101 8302FFFF", "6A80")]
    [InlineData("80020010 820107 83026001", "6A80")]
    [InlineData("80020010 83026001", "6A80")]
    [InlineData("80020010 820101", "6A80")]
    [InlineData("80020010 820101 83026001 8A0107", "6A80")]
    [InlineData("80020010 820101 83026001 8A010C", "6A80")]
    [InlineData("80020010 820101 83026001 8C0203", "6A80")]
    [InlineData("80020010 820101 83026001 8C028100", "6A80")]
    [InlineData("80020010 820101 83026001 AB03800101", "6A80")]
    [InlineData("80020010 820101 83026001 9900", "6A80")]
    [InlineData("80020010 820101 83026001 8401AA", "6A80")]
    [InlineData("82054201000010 83026001", "6A80")]
    [InlineData("820542010100FF 83026001", "6A80")]
    [InlineData("80022001 8205440100100A 83026001", "6A80")]
    public void What_cannot_be_is_not_created(string parameters, string status)
    {
        Assert.Equal(status, Create(parameters));

        Assert.Equal("6A82", _card.Send("00A4000C 02 6001"));
    }

    [Theory]
    [InlineData("00E00100 00", "6A86")]
    [InlineData("00E00000", "6A80")]
    [InlineData("00E00000 02 6300", "6A80")]
    [InlineData("00E00000 0B 6207 820138 83026000 00 00", "6A80")]
    [InlineData("00E4000002 6099", "6A82")]
    [InlineData("00E40000", "6985")]
    [InlineData("00E4010002 2F00", "6A82")]
    [InlineData("00E4000102 2F00", "6A86")]
    [InlineData("00E4000002 2F00", "9000")]
    [InlineData("00440000", "6985")]
    [InlineData("0044000002 2F00", "6985")]
    [InlineData("0004000002 2F00", "6982")]
    [InlineData("00E8000002 5000", "6981")]
    [InlineData("00E6000002 2F00", "6981")]
    [InlineData("00E60000", "6985")]
    [InlineData("00FE0000", "6982")]
    [InlineData("00FE000002 3F00", "6A86")]
    [InlineData("00FE0100", "6A86")]
    public void Answers_after_reset(string command, string status) => Assert.Equal(status, _card.Send(command));

    [Fact]
    public void There_is_no_more_than_there_is_room_for_and_deleting_makes_room()
    {
        var created = 0;
        while (Create($"80020300 820101 8302{0x6000 + created:X4} 8800") is "9000") created++;
        Assert.InRange(created, 5, 12);
        for (var i = 0; i < created; i++)
        {
            Assert.Equal("9000", _card.Send($"00A4000C 02 {0x6000 + i:X4}"));
            Assert.Equal("9000", _card.Send("00D602FF 01 AA"));
        }

        Assert.Equal("9000", _card.Send("00E4000002 6000"));
        Assert.Equal("6A82", _card.Send("00A4000C 02 6000"));
        Assert.Equal("9000", Create("80020300 820101 83027000 8800"));
        Assert.Equal("009000", _card.Send("00B002FF00"));
        Reopen();
        Assert.Equal("9000", _card.Send("00A4000C 02 7000"));
        Assert.Equal("6A84", Create("80020300 820101 83027001 8800"));
    }

    [Fact]
    public void A_directory_goes_with_all_that_is_in_it_and_its_parent_is_current()
    {
        AuthenticationTests.Authenticate(_card);
        _card.Send("00A4080C 04 50005001");

        Assert.Equal("9000", _card.Send("00E4080002 5000"));

        Assert.Equal("6986", _card.Send("00B0000001"));
        Assert.Equal("4301F89000", _card.Send("00B09D0003"));
        Assert.Equal("6A82", _card.Send("00A4040C 0A" + FileCard.Name));
        Assert.Equal("9000", Create("820138 83025000 840A" + FileCard.Name));
    }

    [Fact]
    public void Without_the_key_the_directory_stays()
    {
        Assert.Equal("9000", Create("820138 83027000 8C024021"));
        Assert.Equal("9000", _card.Send("00E40000"));

        _card.Send("00A4000C 02 5000");
        Assert.Equal("9000", Create("820138 83025100 8C024021"));
        Assert.Equal("9000", _card.Send("00A4030C"));
        Assert.Equal("9000", _card.Send("00E4000002 5100"));
    }

    [Fact]
    public void What_is_in_creation_is_filled_freely_and_then_closed()
    {
        Assert.Equal("9000", Create("8002000D 820109 83026001 8A0103"));
        Assert.Equal("9000", _card.Send("00D60000 0D 0105040400 0102030405060708"));
        Assert.Equal("9000", _card.Send("00440000"));

        Assert.Equal("6982", _card.Send("00D60002 01 0F"));
        Assert.Equal("9000", _card.Send("00200005 08 0102030405060708"));
    }

    [Fact]
    public void What_is_deactivated_is_of_no_use_until_it_is_activated()
    {
        _card.Send("00A4000C 02 5000");
        Assert.Equal("9000", _card.Send("0004000002 5001"));

        Assert.Equal("6984", _card.Send("00B0810001"));
        Assert.Equal("6283", _card.Send("00A4000C 02 5001"));
        Assert.Equal("6984", _card.Send("00040000"));
        Reopen();
        _card.Send("00A4000C 02 5000");
        Assert.Equal("6984", _card.Send("00B0810001"));
        Assert.Equal("9000", _card.Send("0044000002 5001"));
        Assert.Equal("A09000", _card.Send("00B0810001"));

        _card.Send("00A4000C 02 5000");
        Assert.Equal("9000", _card.Send("00040000"));
        Assert.Equal("6984", _card.Send("00B0810001"));
        Assert.Equal("6984", _card.Send("00200081 06 696E73696465"));
        Assert.Equal("6283", _card.Send("00A4000C 02 5000"));
        Assert.Equal("9000", _card.Send("00440000"));
        Assert.Equal("A09000", _card.Send("00B0810001"));
    }

    [Fact]
    public void What_is_terminated_never_comes_back()
    {
        _card.Send("00A4000C 02 5000");
        Assert.Equal("9000", _card.Send("00E8000002 5001"));
        Assert.Equal("6985", _card.Send("0044000002 5001"));
        Assert.Equal("6285", _card.Send("00A4000C 02 5001"));
        Assert.Equal("6984", _card.Send("00B0000001"));

        _card.Send("00A4000C 02 5000");
        Assert.Equal("9000", _card.Send("00E60000"));
        Assert.Equal("6984", _card.Send("00B2011400"));
    }

    [Fact]
    public void A_card_whose_usage_is_terminated_answers_nothing_more()
    {
        AuthenticationTests.Authenticate(_card);
        Assert.Equal("9000", _card.Send("00FE0000"));

        foreach (var command in (string[])["00A4000000", "00A4040009F0544553534552410100", "00B0000001", "00CA00C100"])
            Assert.Equal("6985", _card.Send(command));
        Reopen();
        Assert.Equal("6985", _card.Send("00A4000000"));
    }

    [Fact]
    public void Expanded_rules_name_instructions_and_combine_conditions()
    {
        const string pinAndPassword = "AF06 9E0110 9E0111";
        Assert.Equal("9000", Create("80020010 820101 83026001 AB15 800101 9000 8401D6 " + pinAndPassword + "84010E 9700"));
        Assert.Equal("009000", _card.Send("00B0000001"));
        Assert.Equal("6982", _card.Send("00D60000 01 01"));
        Assert.Equal("9000", _card.Send("00200080 08 313233343536FFFF"));
        Assert.Equal("6982", _card.Send("00D60000 01 01"));
        Assert.Equal("9000", _card.Send("00200001 08" + FileCard.Password));

        Assert.Equal("9000", _card.Send("00D60000 01 01"));
        Assert.Equal("6982", _card.Send("000E0000"));
        Assert.Equal("6982", _card.Send("00D00000 01 01"));
    }

    private string Create(string parameters)
    {
        var inside = parameters.Replace(" ", "", StringComparison.Ordinal);
        var length = inside.Length / 2;
        return _card.Send($"00E00000 {length + 2:X2} 62 {length:X2} {inside}");
    }

    private void Reopen()
    {
        var image = _card.Image;
        _card.Dispose();
        _card = TestCard.Open(image);
    }
}
