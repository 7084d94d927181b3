using Tessera.Phone.Rtp;
using Tessera.Testing;
using Xunit;

namespace Tessera.Phone.Tests.Rtp;

public class TelephoneEventTests
{
    private const string AllKeys = "0123456789*#ABCD";

    private readonly TelephoneEventReceiver _receiver = new();

    [Fact]
    public void An_event_has_four_octets() =>
        WireFormat.Holds(new TelephoneEvent(11, true, 10, 0x1234), "0B 8A 1234");

    [Fact]
    public void Every_key_has_its_code()
    {
        var codes = AllKeys.Select(TelephoneEvent.CodeOf);
        Assert.Equal(AllKeys, string.Concat(codes.Select(code => new TelephoneEvent(code, false, 0, 0).Key)));
        Assert.Null(new TelephoneEvent(16, false, 0, 0).Key);
        Assert.Throws<ArgumentException>(() => TelephoneEvent.CodeOf('E'));
    }

    [Fact]
    public void A_key_is_told_in_every_packet_and_its_end_three_times()
    {
        var sender = new TelephoneEventSender(TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(80));
        sender.Press('5');

        var told = Blocks(sender, 9).ToList();

        Assert.Equal(
            [
                (5, false, 160, 1000), (5, false, 320, 1000), (5, false, 480, 1000),
                (5, true, 640, 1000), (5, true, 640, 1000), (5, true, 640, 1000),
                null, null, null,
            ],
            told);
        Assert.True(sender.IsIdle);
    }

    [Fact]
    public void Keys_follow_each_other_after_the_pause()
    {
        var sender = new TelephoneEventSender(TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(60));
        foreach (var key in "12") sender.Press(key);

        var told = Blocks(sender, 10).ToList();

        Assert.Equal((1, false, 160, 1000), told[0]);
        Assert.Equal((2, false, 160, 1000 + (5 * 160)), told[5]);
        Assert.Equal(0, told.Take(5).Count(packet => packet is { Event: 2 }));
    }

    [Fact]
    public void No_more_keys_wait_than_anybody_presses()
    {
        var sender = new TelephoneEventSender();
        for (var i = 0; i < TelephoneEventSender.MaxWaiting; i++) sender.Press('0');
        Assert.Throws<InvalidOperationException>(() => sender.Press('0'));
    }

    [Fact]
    public void Each_key_is_heard_once_whatever_is_lost_doubled_or_late()
    {
        var random = new Random(4);
        for (var run = 0; run < 500; run++)
        {
            var sender = new TelephoneEventSender();
            var receiver = new TelephoneEventReceiver();
            var keys = string.Concat(Enumerable.Range(0, 12).Select(_ => AllKeys[random.Next(16)]));
            foreach (var key in keys) sender.Press(key);

            var packets = new List<(TelephoneEvent Payload, uint Timestamp, bool Marker, double Arrives)>();
            for (var block = 0; !sender.IsIdle; block++)
            {
                var now = (uint)(uint.MaxValue - 5000 + (block * 160));
                if (!sender.TryNext(now, out var payload, out var timestamp)) continue;
                var marker = payload.Duration == 160;
                // One of seven packets of a key at least comes through: the second last is never lost.
                if (!payload.End && random.Next(10) < 3) continue;
                for (var copies = random.Next(1, 3); copies > 0; copies--)
                    packets.Add((payload, timestamp, marker, block + (random.NextDouble() * 3)));
            }

            var heard = packets.OrderBy(packet => packet.Arrives)
                .Select(packet => receiver.Take(packet.Payload, packet.Timestamp, packet.Marker));

            Assert.Equal(keys, string.Concat(heard));
        }
    }

    [Fact]
    public void A_key_held_longer_than_the_field_holds_is_one_key()
    {
        Assert.Equal('7', Take(7, 1000, 160, marker: true));
        Assert.Null(Take(7, 1000, 0xFFFF));
        Assert.Null(Take(7, 1000 + 0xFFFF, 160));
        Assert.Null(Take(7, 1000 + 0xFFFF, 320, end: true));
        Assert.Equal('7', Take(7, 1000 + 0xFFFF + 800, 160, marker: true));
    }

    [Fact]
    public void An_event_that_is_no_key_is_none()
    {
        Assert.Null(Take(16, 1000, 160, marker: true));
        Assert.Equal('1', Take(1, 2000, 160, marker: true));
    }

    [Fact]
    public void A_clock_that_began_anew_is_believed()
    {
        Assert.Equal('1', Take(1, 1_000_000, 160, marker: true));
        Assert.Null(Take(2, 999_000, 160, marker: true));
        Assert.Equal('3', Take(3, 100_000, 160, marker: true));
    }

    private char? Take(byte code, uint timestamp, ushort duration, bool marker = false, bool end = false) =>
        _receiver.Take(new TelephoneEvent(code, end, 10, duration), timestamp, marker);

    private static IEnumerable<(int Event, bool End, int Duration, int Timestamp)?> Blocks(
        TelephoneEventSender sender, int count)
    {
        for (var block = 0; block < count; block++)
        {
            if (sender.TryNext((uint)(1000 + (block * 160)), out var payload, out var timestamp))
                yield return (payload.Event, payload.End, payload.Duration, (int)timestamp);
            else
                yield return null;
        }
    }
}
