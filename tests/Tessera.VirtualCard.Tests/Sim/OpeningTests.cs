using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Sim;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

public sealed class OpeningTests : IDisposable
{
    private readonly TestCard _sim = TestSim.Demonstration();
    private readonly Gateway _gateway = new();
    private readonly ScriptedPhone _phone;

    public OpeningTests() => _phone = new ScriptedPhone(_sim.Os, _gateway);

    public void Dispose()
    {
        _sim.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public void The_menu_is_set_up_when_the_phone_has_told_its_profile()
    {
        _phone.SwitchOn();

        Assert.Equal(
            "D02F810301250082028182850754657373657261" + "8F06015075727365" + "8F090253657474696E6773"
                + "8F0803436F6E6E656374",
            Bytes.Of(Assert.Single(_phone.Commands)).ToString());
        Assert.Equal("9000", _phone.Poll());
    }

    [Fact]
    public void A_SIM_without_a_purse_is_not_made()
    {
        using var masters = DemonstrationKeys.Create();
        using var whole = Personalisation.DemonstrationSim(TestCard.Id);
        using var without = new Personalisation
        {
            Card = TestCard.Id,
            Keys = CardKeys.Of(masters, TestCard.Id),
            KeyVersion = masters.Version,
            Pin = PinBlock.OfPin(DemonstrationKeys.Pin),
            Puk = PinBlock.OfPuk(DemonstrationKeys.Puk),
            Purse = null,
            Sim = whole.Sim,
        };

        Assert.Throws<ArgumentException>(() => CardImage.Create(new CutMedium(), without));
    }

    [Theory]
    [InlineData("123", "001010000000001", "83773")]
    [InlineData("8988211000000000018", "00101A", "83773")]
    [InlineData("8988211000000000018", "001010000000001", "")]
    public void A_SIM_with_a_number_that_is_none_is_not_made(string iccid, string imsi, string service)
    {
        using var sim = Personalisation.DemonstrationSim(TestCard.Id, SimSubscription.Demonstration with
        {
            Iccid = iccid,
            Imsi = imsi,
            ServiceNumber = service,
        });
        var medium = new CutMedium();

        Assert.ThrowsAny<ArgumentException>(() => CardImage.Create(medium, sim));
        Assert.Equal(0, medium.Length);
    }

    [Fact]
    public void An_item_opens_a_session_with_one_message()
    {
        _phone.SwitchOn();
        _phone.Choose(1);

        var opening = _gateway.LastOpening;
        Assert.Equal((1, "purse"), (opening.Session, opening.Application));
        Assert.Equal([new OpeningField(1, 1)], opening.Fields);
        Assert.Equal(TestSim.Profile, opening.Profile.Octets.ToString());
        using var issuer = new PurseIssuer();
        Assert.True(issuer.IsGenuine(opening.Purse!, Opening.Nonce));
        Assert.Equal(1, _phone.Sent);
        Assert.Equal("Purse", _phone.Commands[^1].Alpha);

        _phone.Choose(2);
        Assert.Equal((2, "preferences"), (_gateway.LastOpening.Session, _gateway.LastOpening.Application));
    }

    [Theory]
    [InlineData("A0C2000009 D307820201819001 04", "6F00")]
    [InlineData("A0C2000009 D307820201819001 00", "6F00")]
    [InlineData("A0C2000006 D30482020181", "6F00")]
    [InlineData("A0C200000B D309820201819001019500", "9000")]
    [InlineData("A0C2000003 D60100", "6F00")]
    [InlineData("A0C2000003 D30500", "6F00")]
    [InlineData("A0C2000003 D10500", "9000")]
    [InlineData("A0C2000006 D10482028381", "9000")]
    [InlineData("A0C2000000", "6F00")]
    public void Envelopes_that_open_nothing(string envelope, string status)
    {
        _phone.SwitchOn();

        Assert.Equal(status, _phone.Exchange(envelope));
        Assert.Empty(_gateway.Received);
    }
}
