using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Sim;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>The pair of a caller, and a call that is announced (docs/protocols/sms.md §7).</summary>
public sealed class LoginTests : IDisposable
{
    private const byte Connect = 3;

    private static readonly LoginPair Pair = LoginPair.Of("0123", "9876")!;

    private readonly SimWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_holder_types_the_pair_and_a_session_is_opened_with_it()
    {
        Type("0123", "9876");

        _world.Phone.Choose(Connect);

        Assert.Equal((Pair, ""), (_world.Gateway.LastOpening.Login, _world.Gateway.LastOpening.Application));
        var password = _world.Phone.Commands.Last(command => command.Type == CommandType.GetInput);
        Assert.True(password.IsHiddenInput);
        _world.Send(SimWorld.Showing(_world.Gateway.LastOpening.Session, 1));
        Assert.Null(_world.Gateway.LastAnswer.Stopped);
    }

    [Theory]
    [InlineData("123", "9876")]
    [InlineData("12345", "9876")]
    [InlineData("0123", "98*6")]
    [InlineData("0123", "")]
    public void What_is_no_pair_opens_nothing(string login, string password)
    {
        Type(login, password);

        _world.Phone.Choose(Connect);

        Assert.Empty(_world.Gateway.Received);
    }

    [Fact]
    public void Who_gives_up_typing_opens_nothing()
    {
        _world.Phone.Holder = command => TerminalResponse.To(command, GeneralResult.SessionTerminatedByUser);

        _world.Phone.Choose(Connect);

        Assert.Empty(_world.Gateway.Received);
        Assert.Single(_world.Phone.Commands, command => command.Type == CommandType.GetInput);
    }

    [Fact]
    public void A_pair_that_comes_in_a_packet_opens_a_session_without_a_question()
    {
        _world.Send(Bytes.Of(new LoginNotice(Pair)));

        Assert.Equal(Pair, _world.Gateway.LastOpening.Login);
        Assert.DoesNotContain(_world.Phone.Commands, command => command.Type == CommandType.GetInput);
    }

    [Theory]
    [InlineData("E506D704012345")]
    [InlineData("E506D70401234A67")]
    [InlineData("E507D7040123987600")]
    [InlineData("E500")]
    public void What_is_no_notice_is_dropped(string data)
    {
        _world.Send(Bytes.FromHex(data));

        Assert.Empty(_world.Gateway.Received);
    }

    [Fact]
    public void A_call_to_the_service_is_announced()
    {
        Assert.StartsWith("91", Dial(SimSubscription.Demonstration.VoiceNumber), StringComparison.Ordinal);

        var announcement = Assert.Single(_world.Gateway.Received).Read<Announcement>();
        Assert.Equal(OpeningProfile.Whole(Bytes.FromHex(TestSim.Profile).Span), announcement.Profile);
    }

    [Fact]
    public void A_profile_that_the_gateway_has_is_announced_by_its_digest()
    {
        _world.Send(SimWorld.Showing(_world.Open().Session, 1));

        Dial(SimSubscription.Demonstration.VoiceNumber);

        Assert.True(_world.Gateway.Received[^1].Read<Announcement>().Profile.IsDigest);
    }

    [Theory]
    [InlineData("+33639980084")]
    [InlineData("0639980083")]
    [InlineData("112")]
    public void Any_other_call_is_nobodys_business(string number)
    {
        Assert.Equal("9000", Dial(number));

        Assert.Empty(_world.Gateway.Received);
    }

    [Fact]
    public void A_call_may_be_begun_whatever_the_applet_does()
    {
        _world.Phone.Holder = command =>
        {
            Assert.Equal("9000", Dial("112"));
            return TerminalResponse.To(command, GeneralResult.Success);
        };

        _world.Send(SimWorld.Showing(_world.Open().Session, 1));

        Assert.Null(_world.Gateway.LastAnswer.Stopped);
    }

    [Fact]
    public void The_phone_learns_from_the_service_table_that_calls_are_to_be_asked_for()
    {
        _world.Sim.Send("A0A40000023F00");
        _world.Sim.Send("A0A40000027F20");
        _world.Sim.Send("A0A40000026F38");

        var table = _world.Sim.Send("A0B0000008");

        Assert.Equal(0b1100_0000, Bytes.FromHex(table).Span[6] & 0b1100_0000);
    }

    private void Type(string login, string password) => _world.Phone.Holder = command =>
        TerminalResponse.To(
            command, GeneralResult.Success,
            ComprehensionTlv.Of(ObjectTag.TextString, [0x04, .. (command.IsHiddenInput ? password : login).Select(c => (byte)c)]));

    private string Dial(string number) => _world.Phone.Exchange(Gateway.Command(0xC2, Bytes.Of(output =>
        Tlv.Write(new ByteWriter(output), 0xD4, Bytes.Of(inner =>
        {
            var writer = new ByteWriter(inner);
            writer.WriteOctets([0x82, 0x02, 0x82, 0x81]);
            Tlv.Write(writer, 0x86, DialNumber.Encode(number).Span);
        }).Span))));
}
