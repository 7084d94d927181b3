using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

public class PivPinTests
{
    private const string WrongPin = "303030303030FFFF";
    private const string OtherPin = "363534333231FFFF";
    private const string OtherPuk = "3837363534333231";
    private const string Status = "00200080";

    [Fact]
    public void The_pin_is_verified_asked_for_and_given_up()
    {
        using var card = PivCard.New();

        // Samples.
        Assert.Equal("63C3", card.Send(Status));
        Assert.Equal("9000", card.Send("0020008008313233343536FFFF"));
        Assert.Equal("9000", card.Send(Status));
        Assert.Equal("9000", card.Send("0020FF80"));
        Assert.Equal("63C3", card.Send(Status));
    }

    [Fact]
    public void Three_wrong_pins_block_it_for_the_whole_card_and_the_puk_frees_it()
    {
        using var card = PivCard.New();
        card.Send(PivCard.Verify);

        Assert.Equal("63C2", card.Send("0020008008" + WrongPin));
        Assert.Equal("63C2", card.Send(Status));
        Assert.Equal("63C1", card.Send("0024008010" + WrongPin + OtherPin));
        Assert.Equal("63C0", card.Send("0020008008" + WrongPin));
        Assert.Equal("6983", card.Send(PivCard.Verify));
        Assert.Equal("6983", card.Send(Status));
        card.Send("00A4040009F0544553534552410100");
        Assert.Equal("6983", card.Send(Status));

        card.Send(PivCard.Select);
        Assert.Equal("63C9", card.Send("002C008010" + OtherPuk + OtherPin));
        // Sample.
        Assert.Equal("9000", card.Send("002C0080103132333435363738363534333231FFFF"));
        Assert.Equal("63C3", card.Send(Status));
        Assert.Equal("9000", card.Send("0020008008" + OtherPin));
    }

    // SP 800-73-4 part 2, 3.2.2: the security status of the key reference is set to TRUE.
    [Fact]
    public void Who_changes_the_pin_has_verified_it_also_for_a_key_that_wants_it_each_time()
    {
        using var card = PivCard.New(PivCard.Key(0x9C));
        const string sign = "0087119C26 7C24 82008120 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F 00";

        Assert.Equal("9000", card.Send("0024008010313233343536FFFF" + OtherPin));
        Assert.Equal("9000", card.Send(Status));
        Assert.StartsWith("7C", card.Send(sign), StringComparison.Ordinal);
        Assert.Equal("6982", card.Send(sign));

        Assert.Equal("63C2", card.Send("0024008010" + WrongPin + OtherPin));
        Assert.Equal("63C2", card.Send(Status));
        card.Send("002C008010" + PivCard.Puk + OtherPin);
        Assert.Equal("63C3", card.Send(Status));
        Assert.Equal("9000", card.Send("0024008110" + PivCard.Puk + OtherPuk));
        Assert.Equal("63C3", card.Send(Status));
    }

    [Fact]
    public void Pin_and_puk_are_changed_by_who_knows_them()
    {
        using var card = PivCard.New();

        // Sample.
        Assert.Equal("9000", card.Send("0024008010313233343536FFFF363534333231FFFF"));
        Assert.Equal("63C2", card.Send(PivCard.Verify));
        Assert.Equal("9000", card.Send("0020008008" + OtherPin));

        Assert.Equal("63C9", card.Send("0024008110" + OtherPuk + PivCard.Puk));
        Assert.Equal("9000", card.Send("0024008110" + PivCard.Puk + OtherPuk));
        Assert.Equal("63C9", card.Send("002C008010" + PivCard.Puk + PivCard.Pin));
        Assert.Equal("9000", card.Send("002C008010" + OtherPuk + PivCard.Pin));
        Assert.Equal("9000", card.Send(PivCard.Verify));
    }

    [Fact]
    public void Ten_wrong_puks_end_it()
    {
        using var card = PivCard.New();
        for (var left = 9; left >= 0; left--)
            Assert.Equal($"63C{left:X}", card.Send("0024008110" + OtherPuk + OtherPuk));

        Assert.Equal("6983", card.Send("0024008110" + PivCard.Puk + OtherPuk));
        Assert.Equal("6983", card.Send("002C008010" + PivCard.Puk + OtherPin));
    }

    [Theory]
    [InlineData("0020008007 31323334353637", "6A80")]
    [InlineData("0020008008 3132333435FFFFFF", "6A80")]
    [InlineData("0020018008 313233343536FFFF", "6A86")]
    [InlineData("0020000008 313233343536FFFF", "6A88")]
    [InlineData("0020008108 313233343536FFFF", "6A88")]
    [InlineData("0024008008 313233343536FFFF", "6A80")]
    [InlineData("0024018110 3132333435363738 3132333435363738", "6A86")]
    [InlineData("0024008110 313233343536FFFF 3132333435363738", "6A80")]
    [InlineData("0024008110 3132333435363738 313233343536FFFF", "6A80")]
    [InlineData("002C008110 3132333435363738 313233343536FFFF", "6A88")]
    [InlineData("002C008008 3132333435363738", "6A80")]
    public void A_wrong_form_costs_no_try(string command, string answer)
    {
        using var card = PivCard.New();

        Assert.Equal(answer, card.Send(command));
        Assert.Equal("63C3", card.Send(Status));
        Assert.Equal("63C9", card.Send("002C008010" + OtherPuk + OtherPin));
    }

    [Fact]
    public void A_pin_that_was_verified_for_the_purse_opens_no_key_here()
    {
        using var card = TestCard.Open(PivCard.NewImage(PivCard.Key(0x9A)));
        card.Send("00A4040009F0544553534552410100");
        Assert.Equal("9000", card.Send(PivCard.Verify));

        card.Send(PivCard.Select);

        Assert.Equal("63C3", card.Send(Status));
        Assert.Equal("6982", card.Send("0087119A 09 7C07 8200 8103 010203 00"));
    }
}
