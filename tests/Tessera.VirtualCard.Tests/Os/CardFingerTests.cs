using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Biometrics;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Os;

/// <summary>docs/protocols/finger.md §2: the card compares, counts and tells nothing but the status.</summary>
public class CardFingerTests
{
    private const string Status = "00210081";
    private const string PinStatus = "00200080";
    private const string Pin = "0020008008 313233343536FFFF";
    private const string WrongPin = "0020008008 303030303030FFFF";
    private const string Unblock = "002C008010 3132333435363738 313233343536FFFF";

    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly Bytes Digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");

    private readonly SyntheticFinger _own = new(3);
    private readonly SyntheticFinger _other = new(4);

    [Fact]
    public void A_finger_verifies_until_it_is_cleared_or_the_card_reset()
    {
        using var card = Selected();
        Assert.Equal("63C5", card.Send(Status));

        Assert.Equal("9000", Lay(card, _own));
        Assert.Equal("9000", card.Send(Status));
        Assert.Equal("9000", card.Send(PinStatus));
        Assert.Equal("9000", card.Send("0020FF80"));
        Assert.Equal("63C5", card.Send(Status));
        Assert.Equal("63C3", card.Send(PinStatus));

        Lay(card, _own);
        card.Os.Reset();
        Select(card);
        Assert.Equal("63C5", card.Send(Status));
    }

    [Fact]
    public void With_the_finger_a_purse_moves_what_needs_the_PIN()
    {
        using var card = Selected();
        using var issuer = new PurseIssuer();
        Move(card, issuer, new Movement(MoveKind.Load, MoveTerms.WithoutPin, 0, 5000, default));
        var debit = new Movement(MoveKind.Debit, MoveTerms.PinRequired, 0, 320, default);

        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, Move(card, issuer, debit));
        Assert.Equal("63C4", Lay(card, _other));
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, Move(card, issuer, debit));
        Assert.Equal("9000", Lay(card, _own));
        Assert.Equal(StatusWord.Success, Move(card, issuer, debit));
    }

    [Fact]
    public void S1_says_that_there_is_a_finger_as_long_as_it_has_tries()
    {
        using var card = Selected();
        Assert.Equal(TestCard.Condition | PurseCondition.FingerKnown, Flags(card));

        for (var left = 4; left >= 0; left--) Lay(card, _other);
        Assert.Equal(TestCard.Condition, Flags(card));

        card.Send(Unblock);
        Assert.Equal(TestCard.Condition | PurseCondition.FingerKnown, Flags(card));
    }

    /// <summary>A verified finger and what it allows are volatile: whatever is cut, old state or new, and asked again.</summary>
    [Fact]
    public void A_debit_by_finger_is_done_whole_or_not_at_all_wherever_the_power_goes()
    {
        using var issuer = new PurseIssuer();
        using var loaded = Selected();
        Move(loaded, issuer, new Movement(MoveKind.Load, MoveTerms.WithoutPin, 0, 5000, default));
        var debit = new Movement(MoveKind.Debit, MoveTerms.PinRequired, 0, 320, default);
        var (notDone, done) = (0, 0);
        for (var cut = true; cut;)
        {
            var medium = new CutMedium(loaded.Image);
            cut = false;
            using (var card = TestCard.Open(medium))
            {
                Select(card);
                medium.CutAfter(notDone + done, length => length / 2);
                try
                {
                    Assert.Equal("9000", Lay(card, _own));
                    Assert.Equal(StatusWord.Success, Move(card, issuer, debit));
                }
                catch (PowerLostException)
                {
                    cut = true;
                }
            }

            using var again = TestCard.Open(medium.Image);
            Select(again);
            var s1 = again.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
            Assert.Equal(s1.Number == 1 ? 5000u : 4680u, s1.Balance);
            Assert.True(s1.Flags.HasFlag(PurseCondition.FingerKnown));
            Assert.StartsWith("63C", again.Send(Status), StringComparison.Ordinal);
            Assert.Equal(
                StatusWord.SecurityStatusNotSatisfied, again.Send(issuer.Authorise(s1, Nonce, debit, Digest)).Status);
            if (s1.Number == 1) notDone++;
            else done++;
        }

        Assert.True(notDone > 2 && done > 1, $"{notDone} cuts before the debit, {done} behind it");
    }

    [Fact]
    public void Five_other_fingers_block_it_each_unverifies_and_the_PIN_stays_what_it_is()
    {
        using var card = Selected();
        card.Send(Pin);

        Assert.Equal("63C4", Lay(card, _other));
        Assert.Equal("63C3", card.Send(PinStatus));
        for (var left = 3; left >= 0; left--) Assert.Equal($"63C{left}", Lay(card, _other));
        Assert.Equal("6983", Lay(card, _own));
        Assert.Equal("6983", card.Send(Status));
        Assert.Equal("9000", card.Send(Pin));

        Assert.Equal("9000", card.Send(Unblock));
        Assert.Equal("63C5", card.Send(Status));
        Assert.Equal("9000", Lay(card, _own));
    }

    [Fact]
    public void The_right_finger_gives_its_own_tries_back_and_no_others()
    {
        using var card = Selected();
        card.Send(WrongPin);
        Lay(card, _other);
        Lay(card, _other);

        Assert.Equal("9000", Lay(card, _own));
        card.Send("0020FF80");

        Assert.Equal("63C5", card.Send(Status));
        Assert.Equal("63C2", card.Send(PinStatus));
    }

    [Theory]
    [InlineData("0021008101 00", "6A80")]
    [InlineData("0021008108 7F2E0581034130C5", "6A80")]
    [InlineData("0021008107 7F2E0581034130", "6A80")]
    [InlineData("0021008109 7F2E05810341304500", "6A80")]
    [InlineData("002100810B 7F2E088106413045413045", "6A80")]
    [InlineData("0021008008 7F2E058103413045", "6A88")]
    [InlineData("0021018108 7F2E058103413045", "6A86")]
    [InlineData("0021FF81", "6A86")]
    public void A_wrong_form_costs_no_try(string command, string answer)
    {
        using var card = Selected();

        Assert.Equal(answer, card.Send(command));

        Assert.Equal("63C5", card.Send(Status));
    }

    [Fact]
    public void A_template_of_next_to_nothing_costs_one()
    {
        using var card = Selected();

        Assert.Equal("63C4", card.Send("0021008108 7F2E058103413045"));
    }

    [Fact]
    public void A_card_without_a_finger_says_that_it_knows_none()
    {
        using var card = TestCard.Demonstration();
        Select(card);

        Assert.Equal("6A88", card.Send(Status));
        Assert.Equal("6A88", Lay(card, _own));
        Assert.Equal("9000", card.Send(Unblock));
    }

    /// <summary>As with the PIN: until the try is taken nothing was compared.</summary>
    [Theory]
    [InlineData(0, 0, "63C5")]
    [InlineData(0, 1000, "63C4")]
    [InlineData(1, 0, "63C4")]
    [InlineData(3, 0, "63C4")]
    public void A_try_is_taken_before_anything_is_compared(int step, int tear, string tries)
    {
        foreach (var finger in new[] { _own, _other })
        {
            var medium = new CutMedium(NewImage());
            using var card = TestCard.Open(medium);
            Select(card);
            medium.CutAfter(step, _ => tear);

            Assert.Throws<PowerLostException>(() => Lay(card, finger));

            using var again = TestCard.Open(medium.Image);
            Select(again);
            Assert.Equal(tries, again.Send(Status));
        }
    }

    private static PurseCondition Flags(TestCard card) =>
        card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>().Flags;

    private static StatusWord Move(TestCard card, PurseIssuer issuer, Movement movement)
    {
        var s1 = card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        return card.Send(issuer.Authorise(s1, Nonce, movement, Digest)).Status;
    }

    private static string Lay(TestCard card, SyntheticFinger finger)
    {
        using var laid = finger.Lay(press: 77);
        return card.Send(Bytes.Of(FingerCommands.Of(laid)).ToString());
    }

    private TestCard Selected()
    {
        var card = TestCard.Open(NewImage());
        Select(card);
        return card;
    }

    private byte[] NewImage() => TestCard.NewImage(Personalisation.Demonstration(TestCard.Id, finger: _own.Enrol()));

    private static void Select(TestCard card) =>
        Assert.EndsWith("9000", card.Send("00A40400 09 F05445535345524101 00"), StringComparison.Ordinal);
}
