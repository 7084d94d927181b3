using Tessera.Toolkit.Commands;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim.Usim;

/// <summary>The toolkit for a phone that speaks class 80, beside the files of its USIM.</summary>
public class UsimToolkitTests
{
    private const string Usim = "00A4040C07A0000000871002";

    [Fact]
    public void A_purchase_goes_the_same_way_as_in_class_A0()
    {
        using var world = new SimWorld(Shop.LoadedImage(), isUicc: true);
        var opening = world.Open();
        var script = Shop.Purchase(opening);

        Assert.Equal(["9000", "9133"], world.Send(Bytes.Of(script)));
        var payment = Shop.Paid(opening, script, world.Gateway.Received[^1]);
        Assert.Equal((320u, "Centre 3.20"), (payment!.Amount, payment.Item));
        Assert.Equal(4680u, world.Balance.Balance);
    }

    [Fact]
    public void A_command_that_waits_is_told_after_whatever_the_phone_reads_in_its_own_class()
    {
        using var sim = TestSim.Demonstration();
        sim.Send(Usim);
        var waits = sim.Send($"80100000{TestSim.Profile.Length / 2:X2}{TestSim.Profile}");
        Assert.StartsWith("91", waits, StringComparison.Ordinal);

        Assert.Equal("0809101000000000" + "10" + waits, sim.Send("00B0870009"));
        Assert.Equal("6119", sim.Send("00A40004026F07"));
        Assert.EndsWith(waits, sim.Send("00C0000019"), StringComparison.Ordinal);
        Assert.Equal(waits, sim.Send("00A4000C027FFF"));
        Assert.Equal(waits, sim.Send("80F2000C"));
        Assert.Equal("6A82", sim.Send("00A4000C021234"));
        Assert.Equal("9F0F", sim.Select("3F00", "2FE2"));
        Assert.EndsWith("9000", sim.Send("A0B000000A"), StringComparison.Ordinal);
        Assert.EndsWith("9000", sim.Send("00A4040009F0544553534552410100"), StringComparison.Ordinal);
        Assert.Equal("00000000000000009000", sim.Send("805C000008"));

        Assert.Equal(waits, sim.Send(Usim));
        Assert.Equal($"6C{waits[2..]}", sim.Send("8012000001"));
        Assert.StartsWith("D0", sim.Send($"80120000{waits[2..]}"), StringComparison.Ordinal);
        Assert.Equal("9000", sim.Send("00A4000C027FFF"));
        Assert.Equal("9000", sim.Send("801400000C 810301250082028281830100"));
    }

    [Fact]
    public void A_phone_of_the_second_generation_is_told_in_its_class_only()
    {
        using var sim = TestSim.Demonstration();
        var waits = sim.Send($"A0100000{TestSim.Profile.Length / 2:X2}{TestSim.Profile}");

        Assert.Equal("9000", sim.Send(Usim));
        Assert.StartsWith("91", waits, StringComparison.Ordinal);
        Assert.Equal(waits, sim.Send("A0F2000016")[^4..]);
    }

    [Theory]
    [InlineData("8012000010", "6F00")]
    [InlineData("8014000001 00", "6F00")]
    [InlineData("80C2000003 D10100", "9300")]
    [InlineData("80C2010003 D10100", "6A86")]
    [InlineData("8012000101 00", "6A86")]
    public void Without_a_profile_there_is_no_toolkit(string command, string status)
    {
        using var sim = TestSim.Demonstration();

        Assert.Equal(status, sim.Send(command));
    }

    [Fact]
    public void An_item_that_was_chosen_opens_a_session_and_time_that_goes_by_sends_what_could_not_be_sent()
    {
        using var world = new SimWorld(Shop.LoadedImage(), isUicc: true);
        world.Phone.Network = _ => GeneralResult.NetworkBusy;
        world.Phone.Choose(1);
        Assert.Empty(world.Gateway.Received);

        world.Phone.Network = _ => GeneralResult.Success;
        Assert.StartsWith("91", world.Phone.Poll(), StringComparison.Ordinal);
        Assert.Equal("purse", world.Gateway.LastOpening.Application);
    }
}
