using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Os;

public class CardPinTests
{
    private const string Pin = "313233343536FFFF";
    private const string OtherPin = "3938373635343332";
    private const string WrongPin = "303030303030FFFF";
    private const string Puk = "3132333435363738";
    private const string WrongPuk = "3030303030303030";
    private const string Status = "00200080";

    [Fact]
    public void A_pin_is_verified_until_it_is_cleared_or_the_card_reset()
    {
        using var card = Selected();
        Assert.Equal("63C3", card.Send(Status));

        Assert.Equal("9000", card.Send("0020008008" + Pin));
        Assert.Equal("9000", card.Send(Status));
        Assert.Equal("9000", card.Send("0020FF80"));
        Assert.Equal("63C3", card.Send(Status));

        card.Send("0020008008" + Pin);
        card.Os.Reset();
        Select(card, "02");
        Assert.Equal("63C3", card.Send(Status));
    }

    [Fact]
    public void All_applications_share_the_pin()
    {
        using var card = Selected();
        card.Send("0020008008" + Pin);

        Select(card, "02");

        Assert.Equal("9000", card.Send(Status));
    }

    [Fact]
    public void Three_wrong_pins_block_it_and_a_wrong_one_unverifies()
    {
        using var card = Selected();
        card.Send("0020008008" + Pin);

        Assert.Equal("63C2", card.Send("0020008008" + WrongPin));
        Assert.Equal("63C2", card.Send(Status));
        Assert.Equal("63C1", card.Send("0024008010" + WrongPin + OtherPin));
        Assert.Equal("63C0", card.Send("0020008008" + WrongPin));
        Assert.Equal("6983", card.Send("0020008008" + Pin));
        Assert.Equal("6983", card.Send("0024008010" + Pin + OtherPin));
        Assert.Equal("6983", card.Send(Status));
    }

    [Fact]
    public void The_right_pin_gives_the_tries_back()
    {
        using var card = Selected();
        card.Send("0020008008" + WrongPin);
        card.Send("0020008008" + WrongPin);
        Assert.Equal("63C1", card.Send(Status));

        Assert.Equal("9000", card.Send("0020008008" + Pin));
        card.Send("0020FF80");
        Assert.Equal("63C3", card.Send(Status));
    }

    [Fact]
    public void A_new_pin_replaces_the_old_one()
    {
        using var card = Selected();

        Assert.Equal("9000", card.Send("0024008010" + Pin + OtherPin));
        Assert.Equal("63C3", card.Send(Status));
        Assert.Equal("63C2", card.Send("0020008008" + Pin));
        Assert.Equal("9000", card.Send("0020008008" + OtherPin));
    }

    [Fact]
    public void The_puk_gives_a_blocked_pin_back_without_verifying_it()
    {
        using var card = Selected();
        for (var i = 0; i < 3; i++) card.Send("0020008008" + WrongPin);

        Assert.Equal("63C9", card.Send("002C008010" + WrongPuk + OtherPin));
        Assert.Equal("9000", card.Send("002C008010" + Puk + OtherPin));
        Assert.Equal("63C3", card.Send(Status));
        Assert.Equal("9000", card.Send("0020008008" + OtherPin));
        Assert.Equal("9000", card.Send("002C008010" + Puk + Pin));
        Assert.Equal("63C3", card.Send(Status));
    }

    [Fact]
    public void Ten_wrong_puks_end_it()
    {
        using var card = Selected();
        for (var left = 9; left >= 0; left--) Assert.Equal($"63C{left}", card.Send("002C008010" + WrongPuk + OtherPin));

        Assert.Equal("6983", card.Send("002C008010" + Puk + OtherPin));
        Assert.Equal("9000", card.Send("0020008008" + Pin));
    }

    [Theory]
    [InlineData("0020008008 3132333435FFFFFF", "6A80")]
    [InlineData("0020008008 31323334353600FF", "6A80")]
    [InlineData("0020008008 313233343536FF37", "6A80")]
    [InlineData("0020008008 31323334353641FF", "6A80")]
    [InlineData("0020008008 FFFFFFFFFFFFFFFF", "6A80")]
    [InlineData("0020008007 31323334353637", "6700")]
    [InlineData("0020008009 313233343536FFFFFF", "6700")]
    [InlineData("0020008108 313233343536FFFF", "6A88")]
    [InlineData("0020018008 313233343536FFFF", "6A86")]
    [InlineData("0020FF8008 313233343536FFFF", "6700")]
    [InlineData("0020FF81", "6A88")]
    [InlineData("0024008010 313233343536FFFF 3132333435FFFFFF", "6A80")]
    [InlineData("0024008008 313233343536FFFF", "6700")]
    [InlineData("0024018010 313233343536FFFF 313233343536FFFF", "6A86")]
    [InlineData("0024008110 3132333435363738 3132333435363738", "6A88")]
    [InlineData("002C008010 313233343536FFFF 313233343536FFFF", "6A80")]
    [InlineData("002C008010 3132333435363738 31323334FFFFFFFF", "6A80")]
    [InlineData("002C008008 3132333435363738", "6700")]
    [InlineData("00240080", "6700")]
    public void A_wrong_form_costs_no_try(string command, string answer)
    {
        using var card = Selected();

        Assert.Equal(answer, card.Send(command));
        Assert.Equal("63C3", card.Send(Status));
        Assert.Equal("63C9", card.Send("002C008010" + WrongPuk + OtherPin));
    }

    /// <summary>
    /// The first step is what makes the loss of a try true; nothing was compared before. Until then a right PIN and a
    /// wrong one look alike from outside, so nobody learns which it was and saves the try by cutting the power.
    /// </summary>
    [Theory]
    [InlineData(0, 0, "63C3")]
    [InlineData(0, 1000, "63C2")]
    [InlineData(1, 0, "63C2")]
    [InlineData(2, 5, "63C2")]
    [InlineData(3, 0, "63C2")]
    public void A_try_is_taken_before_anything_is_compared(int step, int tear, string tries)
    {
        foreach (var pin in new[] { Pin, WrongPin })
        {
            var medium = new CutMedium(TestCard.NewImage());
            using var card = TestCard.Open(medium);
            Select(card, "01");
            medium.CutAfter(step, _ => tear);

            Assert.Throws<PowerLostException>(() => card.Send("0020008008" + pin));

            using var again = TestCard.Open(medium.Image);
            Select(again, "01");
            Assert.Equal(tries, again.Send(Status));
        }
    }

    private static TestCard Selected()
    {
        var card = TestCard.Demonstration();
        Select(card, "01");
        return card;
    }

    private static void Select(TestCard card, string application) =>
        Assert.EndsWith("9000", card.Send($"00A40400 09 F054455353455241{application} 00"), StringComparison.Ordinal);
}
