using Tessera.Testing.Lines;
using Xunit;

namespace Tessera.Phone.Tests.Lines;

public class PacketPathTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    public void Random_loss_has_its_rate_and_no_memory(double rate)
    {
        var lost = Lost(PacketLoss.Random(rate), 100_000);

        Assert.Equal(rate, Rate(lost), 0.003);
        Assert.Equal(1 / (1 - rate), MeanBurst(lost), 0.05);
    }

    [Theory]
    [InlineData(0.02, 2)]
    [InlineData(0.05, 6)]
    public void Bursts_have_their_rate_and_their_length(double rate, double length)
    {
        var lost = Lost(PacketLoss.Bursts(rate, length), 200_000);

        Assert.Equal(rate, Rate(lost), 0.005);
        Assert.Equal(length, MeanBurst(lost), 0.4);
    }

    [Fact]
    public void A_lost_packet_is_the_last_one_again_or_silence()
    {
        var (repeated, concealed) = Numbered(new LineConditions { Loss = PacketLoss.Random(0.3) });
        var (silent, _) = Numbered(
            new LineConditions { Loss = PacketLoss.Random(0.3), Concealment = Concealment.Zeros });

        for (var i = 1; i < repeated.Length; i++)
        {
            Assert.Equal(concealed[i] ? repeated[i - 1] : i + 1, repeated[i]);
            Assert.Equal(concealed[i] ? 0 : i + 1, silent[i]);
        }

        Assert.Contains(true, concealed);
    }

    [Fact]
    public void Latency_is_counted_in_packets_and_starts_with_silence()
    {
        var (heard, concealed) = Numbered(new LineConditions { Latency = 3, JitterBuffer = 1 });

        Assert.Equal(Enumerable.Range(0, 200).Select(i => Math.Max(0, i - 3)), heard.Select(n => (int)n));
        Assert.DoesNotContain(true, concealed);
    }

    [Fact]
    public void Jitter_that_fits_the_buffer_costs_nothing_and_the_rest_is_lost()
    {
        var (_, kept) = Numbered(new LineConditions { Jitter = 3, JitterBuffer = 3 });
        var (_, late) = Numbered(new LineConditions { Jitter = 3, JitterBuffer = 2 });

        Assert.DoesNotContain(true, kept);
        Assert.InRange(late.Count(c => c), 25, 75);
    }

    [Fact]
    public void What_was_made_up_before_stays_marked()
    {
        var first = new Line(new LineConditions { Loss = PacketLoss.Random(0.2) }, seed: 5);
        var alone = new Line(new LineConditions { Loss = PacketLoss.Random(0.2) }, seed: 5).Carry(new short[160 * 100]);
        var both = new Line(first, new Line(new LineConditions { Latency = 2 }, seed: 6)).Carry(new short[160 * 100]);

        Assert.Equal(alone.Concealed[..98], both.Concealed[2..]);
    }

    [Fact]
    public void Both_directions_of_a_line_have_their_latency_and_their_own_losses()
    {
        var line = new DuplexLine(new LineConditions { Latency = 4, Loss = PacketLoss.Random(0.1) }, seed: 9);
        var concealed = new List<(bool Caller, bool Answerer)>();
        for (short i = 1; i <= 100; i++)
        {
            short[] caller = new short[160], answerer = new short[160];
            caller.AsSpan().Fill(i);
            answerer.AsSpan().Fill((short)-i);

            concealed.Add(line.Exchange(caller, answerer));

            if (!concealed[^1].Answerer && i > 4) Assert.All(answerer, sample => Assert.Equal(i - 4, sample));
            if (!concealed[^1].Caller && i > 4) Assert.All(caller, sample => Assert.Equal(4 - i, sample));
        }

        Assert.Contains(concealed, c => c.Caller && !c.Answerer);
        Assert.Contains(concealed, c => c.Answerer && !c.Caller);
    }

    [Fact]
    public void An_echo_comes_back_after_both_ways()
    {
        var line = new DuplexLine(new LineConditions { Latency = 2 }, seed: 1, echo: -20);
        var heard = new List<short>();
        for (var i = 0; i < 10; i++)
        {
            var caller = new short[160];
            caller.AsSpan().Fill((short)(i == 0 ? 10_000 : 0));
            line.Exchange(caller, new short[160]);
            heard.Add(caller[0]);
        }

        Assert.Equal([0, 0, 0, 0, 0, 1000, 0, 0, 0, 0], heard.Select(n => (int)n));
    }

    private static bool[] Lost(PacketLoss loss, int packets) =>
        new Line(new LineConditions { Loss = loss }, seed: 11).Carry(new short[packets * 160]).Concealed;

    private static double Rate(bool[] lost) => (double)lost.Count(l => l) / lost.Length;

    private static double MeanBurst(bool[] lost) =>
        (double)lost.Count(l => l) / lost.Where((l, i) => l && (i == 0 || !lost[i - 1])).Count();

    /// <summary>200 packets, each of which is full of its own number, from 1.</summary>
    private static (short[] Heard, bool[] Concealed) Numbered(LineConditions conditions)
    {
        var sound = Enumerable.Range(0, 200 * 160).Select(i => (short)(i / 160 + 1)).ToArray();
        var (heard, concealed) = new Line(conditions, seed: 2).Carry(sound);
        return ([.. heard.Where((_, i) => i % 160 == 0)], concealed);
    }
}
