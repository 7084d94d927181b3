using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Os;

/// <summary>ISO/IEC 7816-4: what a channel has is its own; values on the card are the same on all of them.</summary>
public class LogicalChannelTests
{
    private const string Purse = "F05445535345524101";
    private const string Store = "F05445535345524102";
    private const string Pin = "08 313233343536FFFF";

    [Fact]
    public void The_card_gives_out_the_lowest_free_channel_until_none_is_left()
    {
        using var card = TestCard.Demonstration();

        Assert.Equal("019000", card.Send("0070000001"));
        Assert.Equal("029000", card.Send("0070000001"));
        Assert.Equal("039000", card.Send("0170000000"));
        Assert.Equal("6A81", card.Send("0070000001"));
        Assert.Equal("9000", card.Send("00708002"));
        Assert.Equal("6101", card.Send("00700000"));
        Assert.Equal("029000", card.Send("00C0000001"));
    }

    [Fact]
    public void A_host_may_name_the_channel_itself()
    {
        using var card = TestCard.Demonstration();

        Assert.Equal("9000", card.Send("00700003"));
        Assert.Equal("6A86", card.Send("00700003"));
        Assert.Equal("6A86", card.Send("00700004"));
        Assert.Equal("019000", card.Send("0370000001"));
    }

    [Theory]
    [InlineData("00708000", "6A86")]
    [InlineData("00708001", "6200")]
    [InlineData("00708004", "6A86")]
    [InlineData("00704000", "6A86")]
    [InlineData("00700000 01 00", "6700")]
    [InlineData("01700000", "6881")]
    [InlineData("80700000", "6D00")]
    [InlineData("40700000", "6881")]
    public void What_cannot_be_opened_or_closed_is_refused(string command, string answer)
    {
        using var card = TestCard.Demonstration();

        Assert.Equal(answer, card.Send(command));
    }

    [Fact]
    public void A_channel_closes_itself_and_is_gone()
    {
        using var card = TestCard.Demonstration();
        card.Send("00700001");
        Select(card, 1, Purse);

        Assert.Equal("9000", card.Send("01708000"));

        Assert.Equal("6881", card.Send("815C000000"));
        card.Send("00700001");
        Assert.Equal("6D00", card.Send("815C000000"));
    }

    [Fact]
    public void Each_channel_has_a_selection_of_its_own()
    {
        using var card = TestCard.Demonstration();
        card.Send("00700001");
        Select(card, 0, Purse);
        Select(card, 1, Store);

        Assert.Equal("00000000000000009000", card.Send("805C000000"));
        Assert.Equal("6D00", card.Send("815C000000"));
        Assert.Equal("01000102" + "9000", card.Send("8160000000"));
    }

    [Fact]
    public void A_channel_opened_from_another_begins_with_its_selection_and_one_from_the_basic_with_none()
    {
        using var card = TestCard.Demonstration();
        Select(card, 0, Purse);
        card.Send("00700001");
        Assert.Equal("6D00", card.Send("815C000000"));

        Select(card, 1, Purse);
        card.Send("01700002");

        Assert.Equal("00000000000000009000", card.Send("825C000000"));
    }

    [Fact]
    public void A_PIN_counts_on_the_channel_where_it_was_given()
    {
        using var card = TestCard.Demonstration();
        card.Send("00700001");
        Select(card, 0, Purse);
        Select(card, 1, Purse);

        Assert.Equal("9000", card.Send("00200080" + Pin));

        Assert.Equal("9000", card.Send("00200080"));
        Assert.Equal("63C3", card.Send("01200080"));
        Assert.Equal("9000", card.Send("01200080" + Pin));
        card.Send("00708001");
        card.Send("00700001");
        Select(card, 1, Purse);
        Assert.Equal("63C3", card.Send("01200080"));
        Assert.Equal("9000", card.Send("00200080"));
    }

    /// <summary>A movement that needs the PIN needs it on the channel of the movement.</summary>
    [Fact]
    public void A_debit_is_not_covered_by_the_PIN_of_another_channel()
    {
        using var card = TestCard.Demonstration();
        using var issuer = new PurseIssuer();
        var nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
        var digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");
        card.Send("00700001");
        Select(card, 0, Purse);
        Select(card, 1, Purse);
        card.Send("01200080" + Pin);

        var s1 = card.Send(PurseCommands.Initialize(nonce)).Data.Read<PurseState>();
        var adjust = new Movement(MoveKind.Debit, MoveTerms.PinRequired, 10, 5, Bytes.Empty);
        var move = issuer.Authorise(s1, nonce, adjust, digest);

        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Send(move).Status);
        s1 = card.Send(PurseCommands.Initialize(nonce)).Data.Read<PurseState>();
        move = issuer.Authorise(s1, nonce, adjust, digest);
        Assert.Equal(StatusWord.Success, card.Send(move with { Cla = 0x81 }).Status);
    }

    [Fact]
    public void Chains_and_waiting_answers_of_channels_do_not_mix()
    {
        using var card = TestCard.Demonstration();
        card.Send("00700001");

        Assert.Equal("9000", card.Send("10A40400 07 F0544553534552"));
        Assert.Equal("9000", card.Send("11A40400 08 F054455353455241"));
        Assert.Equal("6129", card.Send("00A40400 02 4101"));
        Assert.Equal("611F", card.Send("01A40400 01 02"));
        Assert.StartsWith("6F278409F05445535345524101", card.Send("00C0000029"), StringComparison.Ordinal);
        Assert.StartsWith("6F1D8409F05445535345524102", card.Send("01C000001F"), StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_reset_the_basic_channel_alone_is_open()
    {
        using var card = TestCard.Demonstration();
        card.Send("00700001");
        Select(card, 1, Purse);

        card.Os.Reset();

        Assert.Equal("6881", card.Send("815C000000"));
        card.Send("00700001");
        Assert.Equal("6D00", card.Send("815C000000"));
    }

    [Fact]
    public void A_partial_name_finds_the_first_and_then_the_next()
    {
        using var card = TestCard.Demonstration();

        Assert.StartsWith("6F278409F05445535345524101", card.Send("00A40400 05 F054455353 00"), StringComparison.Ordinal);
        Assert.StartsWith("6F1D8409F05445535345524102", card.Send("00A40402 05 F054455353 00"), StringComparison.Ordinal);
        Assert.Equal("6A82", card.Send("00A40402 05 F054455353 00"));
        Assert.Equal("01000102" + "9000", card.Send("8060000000"));
        Assert.Equal("9000", card.Send("00A4040C 05 F054455353"));
        Assert.Equal("9000", card.Send("00A4040E 05 F054455353"));
    }

    private static void Select(TestCard card, int channel, string aid) =>
        Assert.EndsWith("9000", card.Send($"0{channel}A40400 09 {aid} 00"), StringComparison.Ordinal);
}
