using Tessera.Phone.Rtp;
using Tessera.Phone.Sound;
using Xunit;

namespace Tessera.Phone.Tests.Rtp;

/// <summary>
/// Every packet carries its number in each of its samples, so that what comes out tells where it is from.
/// </summary>
public class JitterBufferTests
{
    private const uint Begin = uint.MaxValue - 1000;

    private readonly JitterBuffer _buffer = new(new JitterOptions());

    [Fact]
    public void Before_the_first_packet_there_is_silence() => Assert.Equal((0, true), Take());

    [Fact]
    public void Packets_come_out_in_order_two_blocks_later()
    {
        List<(int, bool)> heard = [];
        for (var i = 1; i <= 6; i++)
        {
            Put(i);
            heard.Add(Take());
        }

        Assert.Equal([(0, true), (0, true), (1, false), (2, false), (3, false), (4, false)], heard);
        Assert.Equal((2L, 0L), (_buffer.Concealed, _buffer.Late));
    }

    [Fact]
    public void Packets_in_the_wrong_order_come_out_in_the_right_one()
    {
        foreach (var i in (int[])[1, 3, 2, 5, 4]) Put(i);
        Assert.Equal([(0, true), (0, true), (1, false), (2, false), (3, false), (4, false), (5, false)], Take(7));
    }

    [Fact]
    public void A_lost_packet_is_the_last_one_again_and_says_so()
    {
        foreach (var i in (int[])[1, 2, 5]) Put(i);
        Take(2);
        Assert.Equal([(1, false), (2, false), (2, true), (2, true), (5, false)], Take(5));
    }

    [Fact]
    public void Repeating_ends_in_silence()
    {
        Put(1);
        Take(3);
        var heard = Take(15);
        Assert.Equal(Enumerable.Repeat((1, true), 10), heard[..10]);
        Assert.Equal(Enumerable.Repeat((0, true), 5), heard[10..]);
    }

    [Fact]
    public void Packets_of_other_lengths_fill_the_same_blocks()
    {
        var thirty = new short[240];
        for (var i = 0; i < 8; i++)
        {
            for (var j = 0; j < thirty.Length; j++) thirty[j] = (short)(1 + ((i * 240) + j) / 160);
            _buffer.Put(Begin + (uint)(i * 240), thirty);
        }

        Take(2);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (i, false)), Take(12));
    }

    [Fact]
    public void One_late_packet_makes_it_one_block_deeper()
    {
        Hurry(held: 20);

        Assert.Equal(1, _buffer.Late);
        var heard = new List<(int, bool)>();
        for (var i = 24; i < 40; i++)
        {
            Put(i);
            heard.Add(Take());
        }

        // One block was put in, and from there on all are three blocks behind.
        Assert.Equal((36, false), heard[^1]);
        Assert.DoesNotContain(heard, block => block.Item2);
        Assert.Equal(2 + 1 + 1, _buffer.Concealed);
    }

    [Fact]
    public void A_way_that_became_longer_is_followed_at_once()
    {
        Steady(1, 50);
        // Half a second nothing comes, and all that follows is as late.
        Take(25);
        var heard = new List<(int Number, bool Concealed)>();
        for (var i = 51; i < 100; i++)
        {
            Put(i);
            heard.Add(Take());
        }

        Assert.Equal(1 + 5, _buffer.Late);
        Assert.DoesNotContain(heard.SkipWhile(block => block.Concealed), block => block.Concealed);
        Assert.Equal(99, heard[^1].Number);
    }

    [Fact]
    public void It_becomes_less_deep_only_where_nothing_is_to_be_heard()
    {
        Hurry(held: 20);
        var loud = Behind(24, 600, amplitude: 8000);
        var pause = Behind(600, 800, amplitude: 0);

        Assert.Equal(480, loud);
        Assert.Equal(320, pause);
    }

    [Fact]
    public void What_waits_too_long_is_left_out()
    {
        Put(1);
        for (var i = 2; i <= 45; i++) Put(i);
        Take(60);

        Assert.InRange(_buffer.Waiting, 0, 15 * 160);
        var first = Take();
        Assert.True(first.Concealed);
    }

    [Fact]
    public void One_packet_from_afar_is_passed_over_and_three_are_another_stream()
    {
        Steady(1, 10);
        PutAt(Begin - 5_000_000, 77);
        Put(11);
        Assert.Equal((9, false), Take());
        Assert.Equal(1, _buffer.Misplaced);

        for (var i = 0; i < 8; i++) PutAt(Begin - 6_000_000 + (uint)(i * 160), 80 + i);
        Take(2);
        Assert.Equal((82, false), Take());
    }

    [Fact]
    public void Every_sample_is_heard_once_and_in_order_whatever_the_network_does()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var buffer = new JitterBuffer(new JitterOptions { MaxDepth = random.Next(4, 20) });
            var jitter = random.NextDouble() * 4;
            var arrivals = Enumerable.Range(1, 3000).Where(_ => random.Next(100) >= 3)
                .Select(i => (Number: i, At: i + (random.NextDouble() * jitter) + (i > 1500 ? 7 : 0)))
                .OrderBy(arrival => arrival.At).ToList();
            var (next, last, concealed) = (0, 0, 0);
            var block = new short[160];
            for (var now = 0; now < 3100; now++)
            {
                for (; next < arrivals.Count && arrivals[next].At <= now; next++)
                    buffer.Put((uint)(arrivals[next].Number * 160), Samples(arrivals[next].Number));
                var isConcealed = buffer.Take(block);
                if (isConcealed) concealed++;
                if (isConcealed) continue;
                Assert.False(block.AsSpan().ContainsAnyExcept(block[0]));
                Assert.True(block[0] > last);
                last = block[0];
            }

            Assert.InRange(last, 2950, 3000);
            // 3 % are lost; growing, and the way that became longer, cost some more.
            Assert.InRange(concealed, 60, 300);
        }
    }

    /// <summary>Samples between a packet and its turn, after steady blocks of that loudness.</summary>
    private int Behind(int first, int last, short amplitude)
    {
        var block = new short[160];
        for (var i = first; i < last; i++)
        {
            _buffer.Put(Timestamp(i), [.. Enumerable.Repeat(amplitude, 160)]);
            _buffer.Take(block);
        }

        return _buffer.Waiting;
    }

    /// <summary>Packets at their times.</summary>
    private void Steady(int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            Put(i);
            Take();
        }
    }

    /// <summary>
    /// Packets at their times up to three behind the one that is held up and comes with the last of them.
    /// </summary>
    private void Hurry(int held)
    {
        Steady(1, held - 1);
        Take();
        Steady(held + 1, held + 2);
        Put(held + 3);
        Put(held);
        Take();
    }

    private void Put(int number) => PutAt(Timestamp(number), number);

    private void PutAt(uint timestamp, int number) => _buffer.Put(timestamp, Samples(number));

    private static uint Timestamp(int number) => Begin + (uint)((number - 1) * AudioBlock.Length);

    private static short[] Samples(int number) => [.. Enumerable.Repeat((short)number, AudioBlock.Length)];

    private (int Number, bool Concealed) Take()
    {
        var block = new short[AudioBlock.Length];
        var concealed = _buffer.Take(block);
        return (block[0], concealed);
    }

    private List<(int Number, bool Concealed)> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Take())];
}
