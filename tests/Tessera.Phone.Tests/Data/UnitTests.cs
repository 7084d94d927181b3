using Tessera.Phone.Data;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public class UnitTests
{
    private readonly RoundTrip _trip = new();

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.05, 0.0)]
    [InlineData(0.2, 0.2)]
    [InlineData(0.5, 0.1)]
    public void Octets_arrive_in_order_once_through_loss_doubling_and_disorder(double loss, double doubling)
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var octets = new byte[random.Next(1, 6000)];
            random.NextBytes(octets);
            Assert.Equal(octets, Carry(octets, random, loss, doubling));
        }
    }

    [Fact]
    public void What_was_overtaken_is_sent_again_at_once_and_what_was_not_waits_for_its_time()
    {
        var (sender, receiver) = (new UnitSender(), new UnitReceiver());
        sender.Write(new byte[64]);
        var first = sender.Take(0, 16, fresh: true)!.Value;
        var second = sender.Take(1, 16, fresh: true)!.Value;
        var third = sender.Take(2, 16, fresh: true)!.Value;
        foreach (var number in new ulong[] { 0, 1, 2 }) sender.Sent(number, 100);
        Assert.Equal((0, 1, 2), (first.Unit, second.Unit, third.Unit));

        receiver.Accept(first.Unit, first.Octets);
        receiver.Accept(third.Unit, third.Octets);
        Assert.Equal(new Acknowledgement(2, 1), sender.Acknowledge(receiver.Next, receiver.Heard, 200, _trip));
        Assert.Equal(1, sender.Take(3, 32, fresh: false)!.Value.Unit);
        Assert.False(sender.HasWork(fresh: false));

        sender.Sent(3, 300);
        Assert.Equal(0, sender.Expire(300 + _trip.Timeout - 1, 0, _trip));
        Assert.Equal(1, sender.Expire(300 + _trip.Timeout, 0, _trip));
        Assert.True(sender.HasWork(fresh: false));
    }

    [Fact]
    public void A_bye_counts_only_behind_all_that_came_before_it()
    {
        var receiver = new UnitReceiver();
        var last = Frame(1, new byte[20]);
        receiver.Accept(last.Unit, last.Octets);
        Assert.False(receiver.HasAll(last));
        receiver.Accept(0, new Bytes(new byte[UnitSender.UnitLength]));
        Assert.True(receiver.HasAll(last));
        Assert.False(receiver.HasAll(Frame(1, new byte[33])));

        static LineFrame Frame(byte unit, byte[] octets) =>
            new(FrameSigns.Data | FrameSigns.Bye, 0, 30, Bytes.Empty, unit, new Bytes(octets));
    }

    [Fact]
    public void Units_sent_again_fit_a_shorter_frame()
    {
        var sender = new UnitSender();
        sender.Write(new byte[100]);
        Assert.Equal(100, sender.Take(0, 200, fresh: true)!.Value.Octets.Length);
        sender.Sent(0, 0);
        sender.Expire(_trip.Timeout, 0, _trip);

        foreach (var (number, length) in new (ulong, int)[] { (1, 32), (2, 32), (3, 36) })
            Assert.Equal(length, sender.Take(number, 40, fresh: true)!.Value.Octets.Length);
    }

    [Fact]
    public void Hostile_acknowledgements_and_units_change_nothing_they_should_not()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var (sender, receiver) = (new UnitSender(), new UnitReceiver());
            sender.Write(new byte[3000]);
            for (ulong number = 0; number < 200; number++)
            {
                if (sender.Take(number, random.Next(16, 250), fresh: true) is not null)
                    sender.Sent(number, (long)number);
                var heard = new byte[random.Next(16)];
                random.NextBytes(heard);
                sender.Acknowledge((byte)random.Next(256), new Bytes(heard), (long)number, _trip);
                receiver.Accept((byte)random.Next(256), new Bytes(new byte[random.Next(1, 250)]));
                Assert.InRange(receiver.Ready, 0, UnitReceiver.MaxReady + (UnitSender.Window * UnitSender.UnitLength));
                Assert.InRange(receiver.Heard.Length, 0, LineFrame.MaxHeard);
            }
        }
    }

    [Fact]
    public void The_waiting_time_follows_the_line()
    {
        Assert.Equal(4800, _trip.Timeout);
        for (var i = 0; i < 20; i++) _trip.Observe(2400);
        Assert.InRange(_trip.Timeout, 2400, 3200);

        var before = _trip.Timeout;
        _trip.Expire();
        Assert.Equal(2 * before, _trip.Timeout);
        for (var i = 0; i < 40; i++) _trip.Observe(7200);
        Assert.InRange(_trip.Timeout, 7200, 9000);
    }

    private byte[] Carry(byte[] octets, Random random, double loss, double doubling)
    {
        var (sender, receiver) = (new UnitSender(), new UnitReceiver());
        var (heard, underway) = (new List<byte>(), new List<(byte Unit, Bytes Octets)>());
        var buffer = new byte[UnitReceiver.MaxReady];
        var written = 0;
        for (ulong number = 0; heard.Count < octets.Length || !sender.IsEmpty; number++)
        {
            Assert.InRange(number, 0u, 50_000u);
            written += sender.Write(octets.AsSpan(written, Math.Min(random.Next(300), octets.Length - written)));
            if (sender.Take(number, random.Next(16, 250), fresh: true) is { } taken)
            {
                sender.Sent(number, (long)number * 800);
                if (random.NextDouble() >= loss) underway.Add(taken);
                if (random.NextDouble() < doubling) underway.Add(taken);
            }

            while (underway.Count > 3 || (underway.Count > 0 && random.Next(2) == 0))
            {
                var next = doubling > 0 ? random.Next(underway.Count) : 0;
                receiver.Accept(underway[next].Unit, underway[next].Octets);
                underway.RemoveAt(next);
            }

            heard.AddRange(buffer.AsSpan(0, receiver.Read(buffer)));
            if (random.NextDouble() >= loss)
                sender.Acknowledge(receiver.Next, receiver.Heard, (long)number * 800, _trip);
            sender.Expire((long)number * 800, 0, _trip);
        }

        return [.. heard];
    }
}
