using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems.Ofdm;

/// <summary>Bursts over simulated lines; the same seeds each time.</summary>
public class OfdmLineTests
{
    private static readonly LineConditions Packets = new() { Companding = Companding.MuLaw };

    [Theory]
    [InlineData(Constellation.Qam64, 90, 120)]
    [InlineData(Constellation.Qam256, 79, 100)]
    [InlineData(Constellation.Qam16, 80, 140)]
    [InlineData(Constellation.Qpsk, 40, 160)]
    public void A_burst_is_as_short_as_its_octets_allow(Constellation constellation, int length, int milliseconds) =>
        Assert.Equal(milliseconds * 8, new OfdmSender { Constellation = constellation }.SamplesOf(length));

    [Theory]
    [InlineData(Constellation.Qam64, 90, 1, 0.01, 0.99)]
    [InlineData(Constellation.Qam64, 90, 1, 0.03, 0.98)]
    [InlineData(Constellation.Qam64, 90, 1, 0.05, 0.97)]
    [InlineData(Constellation.Qam64, 246, 2, 0.01, 0.99)]
    [InlineData(Constellation.Qam64, 246, 2, 0.03, 0.98)]
    [InlineData(Constellation.Qam64, 246, 2, 0.05, 0.97)]
    [InlineData(Constellation.Qam256, 79, 1, 0.01, 0.99)]
    [InlineData(Constellation.Qam256, 79, 1, 0.03, 0.98)]
    [InlineData(Constellation.Qam256, 79, 1, 0.05, 0.97)]
    [InlineData(Constellation.Qam16, 80, 1, 0.01, 0.99)]
    [InlineData(Constellation.Qam16, 80, 1, 0.03, 0.98)]
    [InlineData(Constellation.Qam16, 80, 1, 0.05, 0.96)]
    public void Lost_packets_are_made_good(
        Constellation constellation, int length, int losses, double loss, double least)
    {
        var heard = Send(Packets with { Loss = PacketLoss.Random(loss) }, constellation, losses, 400, length);
        Assert.InRange(heard.Rate, least, 1);
        Assert.Equal(0, heard.Foreign);
    }

    [Theory]
    [InlineData(1, 0.97)]
    [InlineData(2, 0.98)]
    [InlineData(4, 0.985)]
    public void Parity_for_more_symbols_stands_losses_in_a_row(int losses, double least)
    {
        var loss = PacketLoss.Bursts(0.02, 2);
        var heard = Send(Packets with { Loss = loss }, Constellation.Qam64, losses, 600, 90);
        Assert.InRange(heard.Rate, least, 1);
        Assert.Equal(0, heard.Foreign);
    }

    public static TheoryData<Constellation, LineConditions> Impairments
    {
        get
        {
            var data = new TheoryData<Constellation, LineConditions>();
            foreach (var constellation in Enum.GetValues<Constellation>())
            {
                data.Add(constellation, Packets);
                data.Add(constellation, Packets with { Companding = Companding.ALaw });
                data.Add(constellation, Packets with { Companding = Companding.Transcoded });
                data.Add(constellation, Packets with { Drift = 100 });
                data.Add(constellation, Packets with { Drift = -100 });
                data.Add(constellation, Packets with { BandFilter = true });
                data.Add(constellation, Packets with { Gain = -6 });
                data.Add(constellation, Packets with { Gain = -20 });
                data.Add(
                    constellation,
                    Packets with { BandFilter = true, Gain = -6, Drift = 100, Companding = Companding.Transcoded });
            }

            return data;
        }
    }

    /// <summary>Forty bursts last less than it takes two clocks 100 ppm apart to slip by a packet.</summary>
    [Theory]
    [MemberData(nameof(Impairments))]
    public void Nothing_is_lost_on_a_line_that_only_distorts(Constellation constellation, LineConditions conditions)
    {
        var heard = Send(conditions, constellation, 1, 40, 90);
        Assert.Equal(heard.Sent, heard.Arrived);
        Assert.Equal(0, heard.Foreign);
    }

    [Theory]
    [InlineData(Constellation.Qpsk, 10)]
    [InlineData(Constellation.Qam16, 16)]
    [InlineData(Constellation.Qam64, 21)]
    [InlineData(Constellation.Qam256, 27)]
    public void Nothing_is_lost_at_that_signal_to_noise_ratio(Constellation constellation, double ratio)
    {
        var heard = Send(Packets with { SignalToNoise = ratio }, constellation, 1, 100, 60);
        Assert.Equal(heard.Sent, heard.Arrived);
        Assert.InRange(heard.Quality, ratio - 1, ratio + 1);
    }

    /// <summary>Both ends send when they like, and hear themselves in what the other sends.</summary>
    [Fact]
    public void Bursts_of_both_ends_cross_each_other_on_a_line_with_echo()
    {
        var line = new DuplexLine(Packets with { Latency = 2 }, seed: 5, echo: -20);
        var random = new Random(6);
        (OfdmSender Sender, OfdmReceiver Receiver, HashSet<Bytes> Sent)[] ends =
            [(new OfdmSender(), new OfdmReceiver(), []), (new OfdmSender(), new OfdmReceiver(), [])];
        short[][] packets = [new short[AudioBlock.Length], new short[AudioBlock.Length]];
        for (var i = 0; i < 3000; i++)
        {
            for (var end = 0; end < 2; end++)
            {
                var (sender, _, sent) = ends[end];
                if (i < 2900 && sender.IsIdle && random.Next(12) == 0)
                {
                    var frame = new byte[random.Next(1, 100)];
                    random.NextBytes(frame);
                    sent.Add(new Bytes(frame));
                    sender.Send(new Bytes(frame));
                }

                sender.Read(packets[end]);
            }

            line.Exchange(packets[0], packets[1]);
            for (var end = 0; end < 2; end++)
            {
                ends[end].Receiver.Write(packets[end]);
                while (ends[end].Receiver.TryRead(out var heard)) ends[1 - end].Sent.Remove(heard.Payload);
            }
        }

        Assert.Empty(ends[0].Sent);
        Assert.Empty(ends[1].Sent);
    }

    [Fact]
    public void What_is_too_noisy_is_never_another_frame()
    {
        foreach (var ratio in (ReadOnlySpan<double>)[0, 3, 6, 9, 12, 15, 18])
        {
            var conditions = Packets with { SignalToNoise = ratio, Loss = PacketLoss.Random(0.05) };
            Assert.Equal(0, Send(conditions, Constellation.Qam256, 1, 50, 60).Foreign);
        }
    }

    private static Heard Send(
        LineConditions conditions, Constellation constellation, int losses, int count, int length) =>
        Heard.Frames(
            new OfdmSender { Constellation = constellation, Losses = losses }, new OfdmReceiver(),
            new Line(conditions, seed: 7), count, length);
}
