using System.Security.Cryptography;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Biometrics;
using Tessera.VirtualCard.Piv;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

/// <summary>NIST SP 800-73-5 part 2, VERIFY: on-card biometric comparison by key reference 96, which opens keys as the PIN does.</summary>
public class PivFingerTests
{
    private static readonly SyntheticFinger Own = new(17);
    private static readonly byte[] Input = SHA256.HashData("what is signed"u8);

    [Fact]
    public void A_finger_of_the_holder_permits_one_use_of_the_signature_key()
    {
        using var card = New();

        Assert.Equal("6982", Sign(card, 0x9C));
        Assert.Equal("9000", Lay(card, Own.Lay(2)));
        Assert.Equal("9000", Sign(card, 0x9C));
        Assert.Equal("6982", Sign(card, 0x9C));
        Assert.Equal("9000", card.Send("00200096")); // verified it still is, and 9A needs it once
        Assert.Equal("9000", Sign(card, 0x9A));
        Assert.Equal("9000", Lay(card, Own.Lay(3)));
        Assert.Equal("9000", Sign(card, 0x9C));
    }

    [Fact]
    public void Finger_and_PIN_each_have_a_status_of_their_own()
    {
        using var card = New();
        Lay(card, Own.Lay(2));

        Assert.Equal("63C3", card.Send("00200080"));
        Assert.Equal("9000", card.Send(PivCard.Verify));
        Assert.Equal("9000", card.Send("0020FF96"));
        Assert.Equal("63C5", card.Send("00200096"));
        Assert.Equal("9000", card.Send("00200080"));
        Assert.Equal("9000", Sign(card, 0x9C));
    }

    [Fact]
    public void Another_finger_takes_a_try_and_the_verification_and_none_left_is_blocked()
    {
        using var card = New();
        Lay(card, Own.Lay(2));
        for (var left = 4; left >= 0; left--)
        {
            Assert.Equal($"63C{left}", Lay(card, new SyntheticFinger(18).Lay(left)));
            Assert.Equal("6982", Sign(card, 0x9C));
        }

        Assert.Equal("6983", Lay(card, Own.Lay(4)));
        Assert.Equal("6983", card.Send("00200096"));
        Assert.Equal("9000", card.Send(PivCard.Verify));
        Assert.Equal("9000", Sign(card, 0x9C));
    }

    [Theory]
    [InlineData("0020009602 4130")] // no whole minutiae
    [InlineData("0020009606 413045 413045")] // two in one place
    [InlineData("0020009603 4130C5")] // a type that is none
    public void What_is_no_minutiae_costs_no_try(string command)
    {
        using var card = New();

        Assert.Equal("6A80", card.Send(command.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal("63C5", card.Send("00200096"));
    }

    [Fact]
    public void A_reset_and_another_application_end_it()
    {
        using var card = New();
        Lay(card, Own.Lay(2));
        card.Send("00A4040009F0544553534552410100");
        card.Send(PivCard.Select);
        Assert.Equal("63C5", card.Send("00200096"));

        Lay(card, Own.Lay(2));
        card.Reset();
        Assert.Equal("63C5", card.Send("00200096"));
    }

    [Fact]
    public void The_discovery_object_says_that_it_compares_and_a_card_without_a_finger_knows_no_such_reference()
    {
        using var with = New();
        using var without = PivCard.New(PivCard.Key(0x9C));

        Assert.EndsWith("5F2F0250009000", with.Send("00CB3FFF035C017E00"), StringComparison.Ordinal);
        Assert.EndsWith("5F2F0240009000", without.Send("00CB3FFF035C017E00"), StringComparison.Ordinal);
        Assert.Equal("6A88", without.Send("00200096"));
        Assert.Equal("6A88", with.Send("00200097"));
        Assert.Equal("6A86", with.Send("00200196"));
    }

    [Fact]
    public void It_opens_the_printed_information_and_no_other_object()
    {
        using var card = New();
        card.Managed();
        Assert.Equal("9000", card.Send("00DB3FFF0A5C035FC10953030100FE"));
        Assert.Equal("6982", card.Send("00CB3FFF055C035FC10900"));
        Lay(card, Own.Lay(2));

        Assert.EndsWith("9000", card.Send("00CB3FFF055C035FC10900"), StringComparison.Ordinal);
        Assert.Equal("6982", card.Send("00CB3FFF055C035FC10300"));
    }

    private static PivCard New()
    {
        var piv = PivPersonalisation.Demonstration(TestCard.Id, PivCard.Made, PivCard.Key(0x9A), PivCard.Key(0x9C));
        return PivCard.Open(TestCard.NewImage(
            Personalisation.Demonstration(TestCard.Id, finger: Own.Enrol(), piv: piv)));
    }

    private static string Lay(PivCard card, FingerTemplate finger)
    {
        using (finger)
        {
            var minutiae = Bytes.CopyOf(FingerTemplate.MinutiaeOf(finger.Reveal()));
            return card.Send(0x20, 0x00, 0x96, minutiae).Status.ToString();
        }
    }

    private static string Sign(PivCard card, byte key) => card.Sign(PivAlgorithm.P256, key, Input).Status.ToString();
}
