using Tessera.Cards.Atr;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

public class FileSelectTests
{
    private const string MasterParameters =
        "820178 83023F00 8409F054455353455241FF 8A0105 8C087F00210000000000";

    [Fact]
    public void The_answer_to_reset_tells_of_the_files()
    {
        using var card = FileCard.Open();

        var atr = card.Os.Reset().Read<AnswerToReset>();

        Assert.Equal(Bytes.FromHex("80 31F8 73F7C1DB 57 54455353455241"), atr.Historical);
    }

    [Fact]
    public void After_reset_the_MF_is_current()
    {
        using var card = FileCard.Open();

        Assert.Equal("6986", card.Send("00B0000000"));
        Assert.Equal("4301F84703F7C1DB00000000000000009000", card.Send("00B09D0000"));
        Assert.Equal("43019000", card.Send("00B0000002"));
    }

    [Theory]
    [InlineData("00A4000000", "6F", MasterParameters + "500754455353455241")]
    [InlineData("00A40000 02 3F00 00", "6F", MasterParameters + "500754455353455241")]
    [InlineData("00A40004 02 3F00 00", "62", MasterParameters)]
    [InlineData("00A40008 02 3F00 00", "64", "500754455353455241")]
    [InlineData("00A40004 02 2F00 00", "62", "80020040 82024141 83022F00 8801F0 8A0105 8C0303FF00")]
    [InlineData("00A40404 09 " + FileCard.MasterName + "00", "62", MasterParameters)]
    [InlineData("00A40804 04 5000 5002 00", "62", "80020050 8205424100080A 83025002 880110 8A0105 8C087F00000000000000")]
    [InlineData("00A40904 04 5000 5003 00", "62", "800200C8 8205444100200A 83025003 8800 8A0105 8C087F00000000000000")]
    [InlineData("00A40104 02 5000 00", "62", "820138 83025000 840AF0544553534552411001 8A0105 8C087F21000000000000")]
    [InlineData("00A40204 02 0001 00", "62", "8002000D 82020941 83020001 8800 8A0105 8C020221")]
    public void Tells_of_a_file_what_is_asked_for(string command, string tag, string objects)
    {
        using var card = FileCard.Open();
        var inside = Bytes.FromHex(objects).ToString();

        Assert.Equal($"{tag}{inside.Length / 2:X2}{inside}9000", card.Send(command));
    }

    [Theory]
    [InlineData("00A4000C 02 5001", "6A82")]
    [InlineData("00A4020C 02 5000", "6A82")]
    [InlineData("00A4010C 02 2F00", "6A82")]
    [InlineData("00A4030C", "6A82")]
    [InlineData("00A4080C 04 5000 5099", "6A82")]
    [InlineData("00A4080C 03 500050", "6700")]
    [InlineData("00A4080C", "6700")]
    [InlineData("00A4000C 03 3F0000", "6700")]
    [InlineData("00A4030C 02 3F00", "6700")]
    [InlineData("00A4050C 02 3F00", "6A86")]
    [InlineData("00A4000E 02 3F00", "6A86")]
    [InlineData("00A4040C 05 F0544553FF", "6A82")]
    public void What_is_not_there_is_not_selected_and_what_was_stays(string command, string status)
    {
        using var card = FileCard.Open();
        card.Send("00A4000C 02 2F00");

        Assert.Equal(status, card.Send(command));

        Assert.Equal("610B9000", card.Send("00B0000002"));
    }

    [Fact]
    public void One_walks_by_identifier_to_children_the_parent_and_directories_beside()
    {
        using var card = FileCard.Open();
        Assert.Equal("9000", card.Send("00E00000 09 6207 820138 83026000"));

        foreach (var step in (string[])["3F00", "5000", "5001", "5000", "3F00", "5000", "6000", "3F00", "2F01"])
            Assert.Equal("9000", card.Send("00A4000C 02" + step));

        card.Send("00A4000C 02 5000");
        Assert.Equal("9000", card.Send("00A4030C"));
        Assert.Equal("9000", card.Send("00A4020C 02 2F00"));
    }

    [Fact]
    public void A_name_is_that_of_an_applet_or_of_a_directory_and_may_be_partial()
    {
        using var card = FileCard.Open();
        card.Send("00A4040C 09 F05445535345524101");
        Assert.Equal("00000000000000009000", card.Send("805C000000"));

        Assert.Equal("9000", card.Send("00A4040C 0A" + FileCard.Name));
        Assert.Equal("A0A19000", card.Send("00B0810002"));
        Assert.Equal("6E00", card.Send("805C000000"));

        List<string> found = [];
        for (var command = "00A40400 04 F0544553 00"; ; command = "00A40402 04 F0544553 00")
        {
            var answer = card.Send(command);
            if (answer is "6A82") break;
            found.Add(answer[(answer.IndexOf("F0544553", StringComparison.Ordinal) + 14)..][..4]);
        }

        Assert.Equal(["4101", "4102", "41FF", "4110"], found);
    }

    [Fact]
    public void From_an_applet_a_SELECT_of_a_file_leads_back_to_the_MF()
    {
        using var card = FileCard.Open();
        card.Send("00A4000C 02 5000");
        card.Send("00A4040C 09 F05445535345524101");

        Assert.Equal("6A82", card.Send("00A4000C 02 5001"));
        Assert.Equal("00000000000000009000", card.Send("805C000000"));
        Assert.Equal("9000", card.Send("00A4000C 02 2F00"));
        Assert.Equal("6E00", card.Send("805C000000"));
    }

    [Fact]
    public void Channels_have_files_of_their_own_and_a_directory_that_is_not_shareable_is_for_one()
    {
        using var card = FileCard.Open();
        card.Send("00700001");
        card.Send("00A4000C 02 2F00");

        Assert.Equal("6986", card.Send("01B0000002"));
        Assert.Equal("9000", card.Send("01A4000C 02 5000"));
        Assert.Equal("6985", card.Send("00A4000C 02 5000"));
        Assert.Equal("6985", card.Send("00A4040C 0A" + FileCard.Name));
        Assert.Equal("610B9000", card.Send("00B0000002"));
        Assert.Equal("6985", card.Send("01700002"));
        card.Send("01A4000C 02 3F00");
        Assert.Equal("9000", card.Send("00A4000C 02 5000"));

        card.Send("01A4000C 02 2F01");
        Assert.Equal("9000", card.Send("01700002"));
        Assert.Equal("4301F89000", card.Send("02B09D0003"));
    }

    [Fact]
    public void A_file_that_is_not_shareable_is_for_one_channel_by_whatever_name()
    {
        using var card = FileCard.Open();
        card.Send("00700001");
        Assert.Equal("9000", card.Send("00E00000 10 620E 80020002 820101 83026001 880118"));

        Assert.Equal("6985", card.Send("01A4000C 02 6001"));
        Assert.Equal("6985", card.Send("01B0830002"));
        Assert.Equal("6985", card.Send("01B16001 03 540100 04"));
        Assert.Equal("6986", card.Send("01B0000002"));
        card.Send("00A4000C 02 2F00");
        Assert.Equal("00009000", card.Send("01B0830002"));
        Assert.Equal("6985", card.Send("00B16001 03 540100 04"));
    }

    [Fact]
    public void A_card_without_files_knows_nothing_of_them()
    {
        using var card = TestCard.Demonstration();

        Assert.Equal("6A86", card.Send("00A4000C 02 3F00"));
        Assert.Equal("6D00", card.Send("00B0000000"));
    }
}
