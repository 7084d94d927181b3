using Tessera.Sms.Messages;
using Tessera.Sms.Packets;
using Tessera.Sms.Parts;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Sim.Toolkit;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>What the card does not take (docs/protocols/sms.md §2): no answer, no trace, always 9000.</summary>
public sealed class PacketRuleTests : IDisposable
{
    private readonly SimWorld _world = new();
    private readonly Opening _opening;

    public PacketRuleTests() => _opening = _world.Open();

    public void Dispose() => _world.Dispose();

    /// <summary>A script of two messages.</summary>
    private Bytes Long(char text) => SimWorld.Showing(_opening.Session, 1, new string(text, 200));

    private Bytes Script => SimWorld.Showing(_opening.Session, 1);

    [Theory]
    [InlineData("another TAR")]
    [InlineData("keys of the other direction")]
    [InlineData("header of the other direction")]
    [InlineData("counter one higher")]
    [InlineData("proof of receipt")]
    [InlineData("another key")]
    [InlineData("counter 0")]
    [InlineData("not a script")]
    [InlineData("an opening")]
    [InlineData("nothing")]
    public void Packets_that_are_not_taken(string what)
    {
        using var down = _world.Gateway.DownKeys;
        using var up = _world.Gateway.UpKeys;
        using var other = new PacketKeys(SecretKey.Generate(), SecretKey.Generate());
        var header = Gateway.Down;
        var oneHigher = header with { Spi = header.Spi with { Counter = CounterMode.OneHigher } };
        var withProof = header with { Spi = header.Spi with { Proof = ProofOfReceipt.Always } };
        var packet = what switch
        {
            "another TAR" => new CommandPacket(Gateway.Header("544554", 1), 1, Script).Wrap(down),
            "keys of the other direction" => new CommandPacket(header, 1, Script).Wrap(up),
            "header of the other direction" => new CommandPacket(Gateway.Up, 1, Script).Wrap(up),
            "counter one higher" => new CommandPacket(oneHigher, 1, Script).Wrap(down),
            "proof of receipt" => new CommandPacket(withProof, 1, Script).Wrap(down),
            "another key" => new CommandPacket(header, 1, Script).Wrap(other),
            "counter 0" => new CommandPacket(header, 0, Script).Wrap(down),
            "not a script" => new CommandPacket(header, 1, Bytes.FromHex("AB03800100")).Wrap(down),
            "an opening" => new CommandPacket(header, 1, Bytes.Of(_opening)).Wrap(down),
            _ => new CommandPacket(header, 1, Bytes.Empty).Wrap(down),
        };
        var before = _world.Sim.Image;

        Assert.All(_world.Phone.Deliver(Gateway.Envelopes(packet)), status => Assert.Equal("9000", status));
        Assert.Single(_world.Gateway.Received);
        if (what is not ("not a script" or "an opening" or "nothing")) Assert.Equal(before, _world.Sim.Image);
    }

    [Fact]
    public void A_changed_octet_anywhere_leaves_no_trace_and_the_true_packet_is_taken_afterwards()
    {
        var packet = _world.Gateway.Wrap(Script);
        var before = _world.Sim.Image;
        for (var at = 0; at < packet.Length; at++)
        {
            var changed = packet.ToArray();
            changed[at] ^= 0x10;
            Assert.Equal(["9000"], _world.Phone.Deliver(Gateway.Envelopes(new Bytes(changed))));
        }

        Assert.Equal(before, _world.Sim.Image);
        Assert.StartsWith(
            "91", Assert.Single(_world.Phone.Deliver(Gateway.Envelopes(packet))), StringComparison.Ordinal);
        Assert.Equal(2, _world.Gateway.Received.Count);
    }

    [Fact]
    public void A_packet_is_taken_once_and_never_after_a_later_one()
    {
        var (first, second) = (_world.Gateway.Wrap(Script), _world.Gateway.Wrap(Script));
        _world.Phone.Deliver(Gateway.Envelopes(second));
        var received = _world.Gateway.Received.Count;

        Assert.Equal(["9000"], _world.Phone.Deliver(Gateway.Envelopes(second)));
        Assert.Equal(["9000"], _world.Phone.Deliver(Gateway.Envelopes(first)));
        _world.Sim.Os.Reset();
        _world.Phone.SwitchOn();
        Assert.Equal(["9000"], _world.Phone.Deliver(Gateway.Envelopes(second)));
        Assert.Equal(received, _world.Gateway.Received.Count);
    }

    [Fact]
    public void The_last_counter_is_taken_and_then_none()
    {
        using var keys = _world.Gateway.DownKeys;
        var last = new CommandPacket(Gateway.Down, PacketCounter.Max, Script).Wrap(keys);
        _world.Phone.Deliver(Gateway.Envelopes(last));
        Assert.Equal(2, _world.Gateway.Received.Count);

        Assert.Equal(["9000"], _world.Phone.Deliver(Gateway.Envelopes(last)));
        Assert.Equal(2, _world.Gateway.Received.Count);
    }

    /// <summary>98, 242, 370: docs/protocols/sms.md §2.</summary>
    [Fact]
    public void The_card_knows_how_many_messages_a_packet_takes()
    {
        using var keys = _world.Gateway.UpKeys;
        for (var data = 0; data < 1000; data++)
        {
            var packet = new CommandPacket(Gateway.Up, 1, new Bytes(new byte[data])).Wrap(keys);
            Assert.Equal(Segmenter.Command(packet, 0).Count, PacketDesk.MessagesFor(data));
        }

        Assert.Equal(
            [1, 2, 2, 3, 3, 4],
            new[] { 98, 99, 242, 243, 370, 371 }.Select(data => PacketDesk.MessagesFor(data)));
    }

    [Fact]
    public void Parts_come_in_any_order_and_more_than_once()
    {
        var parts = Gateway.Envelopes(_world.Gateway.Wrap(Long('x')));
        Assert.Equal(2, parts.Count);

        Assert.Equal(["9000", "9000"], _world.Phone.Deliver([parts[1], parts[1]]));
        Assert.StartsWith("91", Assert.Single(_world.Phone.Deliver([parts[0]])), StringComparison.Ordinal);
        Assert.Equal(2, _world.Gateway.Received.Count);
    }

    [Fact]
    public void A_part_of_another_message_takes_the_place_of_what_was_there()
    {
        var old = Gateway.Envelopes(_world.Gateway.Wrap(Long('x')), 1);
        var fresh = Gateway.Envelopes(_world.Gateway.Wrap(Long('y')), 2);

        _world.Phone.Deliver([old[0], fresh[0], old[1]]);
        Assert.Single(_world.Gateway.Received);
        _world.Phone.Deliver(fresh);
        Assert.Equal(2, _world.Gateway.Received.Count);
        Assert.Equal(new string('y', 200), _world.Phone.Commands[^2].Text);
    }

    [Fact]
    public void Parts_are_lost_with_the_power()
    {
        var parts = Gateway.Envelopes(_world.Gateway.Wrap(Long('x')));
        _world.Phone.Deliver([parts[0]]);
        _world.Phone.SwitchOn();
        _world.Phone.Deliver([parts[1]]);

        Assert.Single(_world.Gateway.Received);
    }

    [Theory]
    [InlineData(0x00, 0xF6)]
    [InlineData(0x7F, 0x04)]
    [InlineData(0x7F, 0x16)]
    [InlineData(0x7F, 0xF4)]
    public void Messages_for_the_phone_are_none_for_the_card(byte protocol, byte coding)
    {
        var part = Assert.Single(Segmenter.Command(_world.Gateway.Wrap(Script), 1));

        Assert.Equal("9000", _world.Phone.Exchange(Gateway.Envelope(part, protocol, coding)));
        Assert.Single(_world.Gateway.Received);
    }

    [Fact]
    public void A_message_that_is_no_command_packet_is_none()
    {
        var packet = _world.Gateway.Wrap(Script);
        UserDataHeader[] headers =
        [
            UserDataHeader.None, new([new InformationElement(0x71, Bytes.Empty)]),
            new([new InformationElement(0x70, Bytes.FromHex("01"))]),
            new([new InformationElement(0x70, Bytes.Empty), new InformationElement(0x01, Bytes.FromHex("00"))]),
        ];
        foreach (var header in headers)
            Assert.Equal("9000", _world.Phone.Exchange(Gateway.Envelope(new UserData(header, packet))));

        Assert.Single(_world.Gateway.Received);
        Assert.StartsWith(
            "91", Assert.Single(_world.Phone.Deliver(Gateway.Envelopes(packet))), StringComparison.Ordinal);
    }
}
