using Tessera.Cards.Atr;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Os;

public class CardOsTests
{
    private const string SelectPurse = "00A4040009F0544553534552410100";
    private const string Template = "6F278409F05445535345524101A51AC00101C1080123456789ABCDEFC2020978C3017FC404000186A0";

    [Fact]
    public void The_answer_to_reset_is_valid_and_tells_what_the_card_can_do()
    {
        using var card = TestCard.Demonstration();

        var atr = card.Os.Reset().Read<AnswerToReset>();

        Assert.Equal(Bytes.FromHex("3B8D8131FE45 80 73C001DB 57 54455353455241 7F"), card.Os.Atr);
        Assert.Equal([1], atr.Protocols);
        Assert.EndsWith(Convert.ToHexString("TESSERA"u8), atr.Historical.ToString(), StringComparison.Ordinal);
        Assert.Equal(new CardCapabilities(CommandChaining: true, ExtendedLengths: true), atr.Capabilities);
    }

    [Theory]
    [InlineData("", "6700")]
    [InlineData("00", "6700")]
    [InlineData("00A404", "6700")]
    [InlineData("00A40400 09 F054", "6700")]
    [InlineData("00A40400 02 F054 00 00", "6700")]
    [InlineData("00A40400 00 0000 F054", "6700")]
    [InlineData("FF000000", "6E00")]
    [InlineData("A0A40000 02 3F00", "6E00")]
    [InlineData("20A40400", "6E00")]
    [InlineData("01A40400 09 F05445535345524101", "6881")]
    [InlineData("82500000", "6881")]
    [InlineData("40A40400", "6881")]
    [InlineData("04A40400", "6882")]
    [InlineData("845C0000", "6882")]
    [InlineData("0CA40400", "6882")]
    [InlineData("60A40400", "6882")]
    [InlineData("00A40000 02 3F00", "6A86")]
    [InlineData("00A40401 09 F05445535345524101", "6A86")]
    [InlineData("00A40404 09 F05445535345524101", "6A86")]
    [InlineData("00A40400 0C A0000003080000100001 00", "6700")]
    [InlineData("00A40400 0A A0000003080000100001 00", "6A82")]
    [InlineData("00A40400 0A F0544553534552410100 00", "6A82")]
    [InlineData("805C0000 00", "6D00")]
    [InlineData("00200080", "6D00")]
    [InlineData("00CB3FFF 05 5C035FC102 00", "6D00")]
    [InlineData("00C00000 10", "6985")]
    [InlineData("00C00000", "6700")]
    [InlineData("00CA00C1 00", "0123456789ABCDEF9000")]
    [InlineData("00CA00C2 00", "6D00")]
    [InlineData(SelectPurse, Template + "9000")]
    [InlineData("00A4040C 09 F05445535345524101", "9000")]
    [InlineData("00A40400 000009 F05445535345524101 0000", Template + "9000")]
    public void Answers_after_reset(string command, string answer)
    {
        using var card = TestCard.Demonstration();

        Assert.Equal(answer, card.Send(command));
    }

    [Fact]
    public void A_card_without_power_is_of_no_use()
    {
        using var card = TestCard.Demonstration();
        card.Os.PowerOff();

        Assert.Equal("6F00", card.Send(SelectPurse));
        Assert.False(card.Os.IsPowered);
    }

    [Fact]
    public void An_application_stays_selected_when_another_is_not_found()
    {
        using var card = TestCard.Demonstration();
        card.Send(SelectPurse);
        Assert.Equal("6A82", card.Send("00A4040009F0544553534552410300"));

        Assert.Equal("00000000000000009000", card.Send("805C000000"));
        Assert.StartsWith("6F1D", card.Send("00A4040009F0544553534552410200"), StringComparison.Ordinal);
        Assert.Equal("6D00", card.Send("805C000000"));
    }

    [Fact]
    public void Commands_of_another_class_or_instruction_are_told_apart()
    {
        using var card = TestCard.Demonstration();
        card.Send(SelectPurse);

        Assert.Equal("6E00", card.Send("005C000000"));
        Assert.Equal("6E00", card.Send("80B2010400"));
        Assert.Equal("6D00", card.Send("8060000000"));
        Assert.Equal("6D00", card.Send("80200080"));
    }

    [Fact]
    public void Get_response_fetches_what_the_command_did_not_want()
    {
        using var card = TestCard.Demonstration();

        Assert.Equal("6129", card.Send(SelectPurse[..^2]));
        Assert.Equal("6A86", card.Send("00C0010010"));
        Assert.Equal(Template[..32] + "6119", card.Send("00C0000010"));
        Assert.Equal(Template[32..] + "9000", card.Send("00C0000000"));
        Assert.Equal("6985", card.Send("00C0000000"));
        Assert.Equal(Template[..16] + "6121", card.Send(SelectPurse[..^2] + "08"));
        Assert.Equal(Template[16..] + "9000", card.Send("80C0000021"));
    }

    [Fact]
    public void An_answer_waits_for_the_very_next_command_only()
    {
        using var card = TestCard.Demonstration();
        card.Send(SelectPurse[..^2]);
        card.Send("805C000000");

        Assert.Equal("6985", card.Send("00C0000029"));
    }

    [Fact]
    public void A_command_in_blocks_is_one_command()
    {
        using var card = TestCard.Demonstration();

        Assert.Equal("9000", card.Send("10A40400 04 F0544553"));
        Assert.Equal("9000", card.Send("10A40400"));
        Assert.Equal("9000", card.Send("10A40400 03 534552"));
        Assert.Equal(Template + "9000", card.Send("00A40400 02 4101 00"));
    }

    [Theory]
    [InlineData("00A40401 02 4101 00")]
    [InlineData("10A40401 02 4101")]
    [InlineData("80A40400 02 4101 00")]
    [InlineData("00C00000 00")]
    [InlineData("E0A40400 02 4101 00")]
    [InlineData("00A404")]
    public void A_block_that_does_not_belong_ends_the_chain(string stranger)
    {
        using var card = TestCard.Demonstration();
        card.Send("10A40400 07 F0544553534552");
        card.Send(stranger);

        Assert.Equal("6A82", card.Send("00A40400 02 4101 00"));
    }

    [Theory]
    [InlineData("01A40400 02 4101 00")]
    [InlineData("45A40400 02 4101 00")]
    public void A_block_for_a_channel_that_is_not_there_leaves_the_chain_of_another(string stranger)
    {
        using var card = TestCard.Demonstration();
        card.Send("10A40400 07 F0544553534552");
        Assert.Equal("6881", card.Send(stranger));

        Assert.Equal(Template + "9000", card.Send("00A40400 02 4101 00"));
    }

    [Fact]
    public void A_chain_that_grows_too_long_is_refused_to_its_last_block()
    {
        using var card = TestCard.Demonstration();
        var block = "10A40400 80" + string.Concat(Enumerable.Repeat("AB", 128));
        for (var length = 0; length < CommandChain.MaxData; length += 128) Assert.Equal("9000", card.Send(block));

        Assert.Equal("6700", card.Send("10A40400 01 AB"));
        Assert.Equal("6700", card.Send(block));
        Assert.Equal("6700", card.Send(SelectPurse));
        Assert.Equal(Template + "9000", card.Send(SelectPurse));
    }

    [Fact]
    public void Reset_forgets_selection_chain_and_waiting_answer()
    {
        using var card = TestCard.Demonstration();
        card.Send(SelectPurse[..^2]);
        card.Os.Reset();
        Assert.Equal("6985", card.Send("00C0000029"));
        Assert.Equal("6D00", card.Send("805C000000"));

        card.Send("10A40400 07 F0544553534552");
        card.Os.PowerOff();
        card.Os.Reset();
        Assert.Equal("6A82", card.Send("00A40400 02 4101 00"));
    }
}
