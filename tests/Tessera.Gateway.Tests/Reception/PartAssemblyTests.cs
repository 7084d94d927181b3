using System.Net;
using Tessera.Smpp;
using Tessera.Sms.Messages;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Reception;

public class PartAssemblyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PartAssembly _assembly = new(Options());

    [Fact]
    public void A_packet_of_one_message_is_whole_at_once()
    {
        var whole = Assert.IsType<PacketWhole>(_assembly.Add(Part("1", "027000AABB")));

        Assert.Equal((Bytes.FromHex("AABB"), new MessageCount(1, 5)), (whole.Packet, whole.Count));
        Assert.Empty(whole.Waited);
    }

    [Fact]
    public void A_packet_of_three_messages_is_whole_in_any_order_and_however_often_they_come()
    {
        string[] parts = ["0700030703017000A1A2", "050003070302B1", "050003070303C1C2C3"];
        foreach (int[] order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            var assembly = new PartAssembly(Options());
            Assert.Empty(Assert.IsType<PartWaiting>(assembly.Add(Part("1", parts[order[0]]))).Dropped);
            Assert.Empty(Assert.IsType<PartWaiting>(assembly.Add(Part("1", parts[order[0]], 3))).Dropped);
            Assert.Empty(Assert.IsType<PartWaiting>(assembly.Add(Part("1", parts[order[1]]))).Dropped);
            var whole = Assert.IsType<PacketWhole>(assembly.Add(Part("1", parts[order[2]])));

            Assert.Equal(Bytes.FromHex("A1A2B1C1C2C3"), whole.Packet);
            Assert.Equal(new MessageCount(3, 26), whole.Count);
            Assert.Equal(2, whole.Waited.Count);
        }
    }

    [Fact]
    public void The_last_message_may_come_again_until_the_rest_is_forgotten()
    {
        var first = Part("1", "0700030702017000A1");
        var last = Part("1", "050003070202B1");
        _assembly.Add(first);

        Assert.IsType<PacketWhole>(_assembly.Add(last));
        var whole = Assert.IsType<PacketWhole>(_assembly.Add(last));
        _assembly.Forget(whole.Waited);

        Assert.IsType<PartWaiting>(_assembly.Add(last));
    }

    [Fact]
    public void Another_part_in_the_place_of_one_begins_anew()
    {
        var stale = Part("1", "0700030703017000A1");
        _assembly.Add(stale);
        _assembly.Add(Part("1", "050003070302B1"));

        var waiting = Assert.IsType<PartWaiting>(_assembly.Add(Part("1", "0700030703017000A2")));

        Assert.Equal(2, waiting.Dropped.Count);
        Assert.Contains(stale, waiting.Dropped);
    }

    [Fact]
    public void References_and_totals_keep_packets_apart()
    {
        _assembly.Add(Part("1", "0700030702017000A1"));

        Assert.IsType<PartWaiting>(_assembly.Add(Part("1", "050003080202B1")));
        Assert.IsType<PartWaiting>(_assembly.Add(Part("1", "050003070302B1")));
        Assert.IsType<PartWaiting>(_assembly.Add(Part("2", "050003070202B1")));
        Assert.IsType<PacketWhole>(_assembly.Add(Part("1", "050003070202B1")));
    }

    [Fact]
    public void A_sender_that_leaves_packets_unfinished_loses_its_own_oldest_only()
    {
        var other = Part("2", "0700030702017000A1");
        _assembly.Add(other);
        List<InboxPart> sent = [], dropped = [];
        for (var reference = 0; reference < 100; reference++)
        {
            var part = Part("1", $"070003{reference:X2}02017000A1", reference);
            sent.Add(part);
            dropped.AddRange(Assert.IsType<PartWaiting>(_assembly.Add(part)).Dropped);
        }

        Assert.Equal(sent[..94], dropped);
        Assert.IsType<PacketWhole>(_assembly.Add(Part("2", "050003070202B1")));
    }

    [Fact]
    public void Above_the_limit_of_all_nothing_is_lost_that_waits()
    {
        var assembly = new PartAssembly(Options() with { MaxPartsWaiting = 3, AssuredPartsOfSender = 0 });
        for (var sender = 1; sender <= 3; sender++) assembly.Add(Part($"{sender}", "0700030702017000A1"));

        Assert.Equal(new PartRefused(Refusal.Crowded), assembly.Add(Part("4", "0700030702017000A1")));
        Assert.IsType<PacketWhole>(assembly.Add(Part("1", "050003070202B1")));
        Assert.IsType<PacketWhole>(assembly.Add(Part("3", "050003070202B1")));
    }

    [Fact]
    public void Above_the_limit_of_all_each_sender_still_keeps_its_first()
    {
        var assembly = new PartAssembly(Options() with { MaxPartsWaiting = 5, AssuredPartsOfSender = 2 });
        for (var reference = 0; reference < 5; reference++) assembly.Add(Part("1", $"070003{reference:X2}02017000A1"));

        Assert.Equal(new PartRefused(Refusal.Crowded), assembly.Add(Part("1", "0700030902017000A1")));
        for (var sender = 2; sender <= 4; sender++)
        {
            Assert.IsType<PartWaiting>(assembly.Add(Part($"{sender}", "0700030703017000A1")));
            Assert.IsType<PartWaiting>(assembly.Add(Part($"{sender}", "0700030803017000A1")));
            Assert.Equal(new PartRefused(Refusal.Crowded), assembly.Add(Part($"{sender}", "0700030902017000A1")));
        }

        Assert.IsType<PacketWhole>(assembly.Add(Part("1", "050003000202B1")));
    }

    [Fact]
    public void A_packet_that_does_not_become_whole_in_time_is_forgotten()
    {
        var (old, young) = (Part("1", "0700030702017000A1"), Part("1", "0700030802017000A1", 60));
        _assembly.Add(old);
        _assembly.Add(young);

        Assert.Empty(_assembly.Expire(Start.AddSeconds(299)));
        Assert.Equal([old], _assembly.Expire(Start.AddSeconds(300)));
        Assert.Empty(_assembly.Expire(Start.AddSeconds(300)));
        Assert.Equal([young], _assembly.Expire(Start.AddSeconds(360)));
    }

    [Theory]
    [InlineData("027100AA")]
    [InlineData("070003070701700000")]
    [InlineData("AA")]
    public void What_no_card_sends_is_refused(string hex) =>
        Assert.Equal(new PartRefused(Refusal.Malformed), _assembly.Add(Part("1", hex)));

    [Fact]
    public void Whatever_comes_the_limits_hold_and_what_is_dropped_was_kept()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var assembly = new PartAssembly(Options() with { MaxPartsWaiting = 12, AssuredPartsOfSender = 3 });
            var kept = new HashSet<InboxPart>();
            for (var i = 0; i < 400; i++)
            {
                var total = random.Next(1, 8);
                var place = new Concatenation((ushort)random.Next(3), (byte)total, (byte)random.Next(1, total + 1), false);
                var header = new UserDataHeader(place.Number == 1
                    ? [place.ToElement(), new InformationElement(InformationElement.CommandPacket, Bytes.Empty)]
                    : [place.ToElement()]);
                var data = new UserData(header, new Bytes(new[] { (byte)random.Next(2) })).ToOctets();
                var part = new InboxPart($"{random.Next(5)}", data, Start.AddSeconds(i));

                switch (assembly.Add(part))
                {
                    case PartWaiting waiting:
                        Assert.All(waiting.Dropped, dropped => Assert.True(kept.Remove(dropped)));
                        if (!kept.Any(other => (other.Sender, other.UserData) == (part.Sender, part.UserData))) kept.Add(part);
                        break;
                    case PacketWhole whole:
                        Assert.All(whole.Waited, waited => Assert.True(kept.Remove(waited)));
                        assembly.Forget(whole.Waited);
                        break;
                }

                Assert.InRange(kept.Count, 0, 12 + (5 * 3));
                Assert.All(kept.CountBy(one => one.Sender), sender => Assert.InRange(sender.Value, 1, 6));
            }

            Assert.Equal(kept, [.. assembly.Expire(DateTimeOffset.MaxValue)]);
        }
    }

    private static InboxPart Part(string sender, string hex, int second = 0) =>
        new(sender, Bytes.FromHex(hex), Start.AddSeconds(second));

    private static SmsGatewayOptions Options() => new()
    {
        Smsc = new IPEndPoint(IPAddress.Loopback, 0),
        Esme = new SmppClientOptions { SystemId = "gateway", Password = "" },
        ServiceNumber = SmppAddress.International("5000"),
        Keys = _ => null,
        MaxPartsOfSender = 6,
    };
}
