using Tessera.Phone.Modems;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Xunit;

namespace Tessera.Phone.Tests.Lines;

public class LineTests
{
    [Fact]
    public void A_clean_line_changes_nothing()
    {
        var sound = Sine(1000, 50);

        var (heard, concealed) = new Line(LineConditions.Clean, seed: 1).Carry(sound);

        Assert.Equal(sound, heard);
        Assert.DoesNotContain(true, concealed);
    }

    [Fact]
    public void A_line_takes_packets_only() =>
        Assert.Throws<ArgumentException>(() => new Line(LineConditions.Clean, seed: 1).Pass(new short[159]));

    [Fact]
    public void The_seed_decides_everything()
    {
        var conditions = new LineConditions
        {
            Gain = -3, BandFilter = true, Drift = 60, SignalToNoise = 12, Companding = Companding.Transcoded,
            Loss = PacketLoss.Bursts(0.05, 3), Latency = 2, Jitter = 2, JitterBuffer = 1,
        };
        var sound = Sine(1000, 100);

        var (heard, concealed) = new Line(conditions, seed: 7).Carry(sound);
        var (again, concealedAgain) = new Line(conditions, seed: 7).Carry(sound);
        var (other, _) = new Line(conditions, seed: 8).Carry(sound);

        Assert.Equal(heard, again);
        Assert.Equal(concealed, concealedAgain);
        Assert.NotEqual(heard, other);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 10)]
    [InlineData(-20, 10)]
    public void Noise_lies_below_the_signal_by_what_was_asked(double gain, double ratio)
    {
        var line = new Line(new LineConditions { Gain = gain, SignalToNoise = ratio }, seed: 3);

        var (noise, _) = line.Carry(new short[160 * 200]);

        Assert.Equal(Modem.SignalLevel + gain - ratio, Level.Of(noise), 0.1);
    }

    [Theory]
    [InlineData(Companding.MuLaw)]
    [InlineData(Companding.ALaw)]
    [InlineData(Companding.Transcoded)]
    public void A_law_leaves_noise_37_dB_below_the_signal(Companding companding)
    {
        var sound = Sine(1013, 50);

        var (heard, _) = new Line(new LineConditions { Companding = companding }, seed: 1).Carry(sound);

        Assert.InRange(Ratio(sound, heard), 33, 42);
    }

    [Theory]
    [InlineData(60, -60, -50)]
    [InlineData(300, -3.2, -2.8)]
    [InlineData(1000, -0.1, 0.1)]
    [InlineData(3400, -3.2, -2.8)]
    [InlineData(3900, -80, -40)]
    public void The_band_filter_keeps_the_telephone_band(double frequency, double least, double most)
    {
        var (heard, _) = new Line(new LineConditions { BandFilter = true }, seed: 1).Carry(Sine(frequency, 100));

        Assert.InRange(Level.Of(heard.AsSpan(160 * 50)) - Modem.SignalLevel, least, most);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(-100)]
    [InlineData(37.5)]
    public void Drift_moves_the_frequency_and_adds_nothing_else(double millionths)
    {
        var sound = Sine(2000, 2000);

        var (heard, _) = new Line(new LineConditions { Drift = millionths }, seed: 1).Carry(sound);

        // Besides the delay of one packet, after the start of the sine out of silence.
        var step = 2 * Math.PI * 2000 / 8000;
        var expected = Enumerable.Range(320, 160 * 1000).Select(i => (short)Math.Round(
            Level.Amplitude(Modem.SignalLevel) * Math.Sin(step * (i * (1 + millionths * 1e-6) - 160))));
        Assert.InRange(Ratio([.. expected], heard.AsSpan(320, 160 * 1000)), 60, 120);
    }

    [Fact]
    public void Drift_goes_on_when_the_clocks_are_packets_apart()
    {
        var line = new Line(new LineConditions { Drift = 2000 }, seed: 1);
        var packet = new short[160];
        for (var i = 0; i < 5000; i++)
        {
            packet.AsSpan().Fill(1000);
            line.Pass(packet);
        }

        Assert.All(packet, sample => Assert.InRange(sample, 999, 1001));
    }

    [Fact]
    public void Stages_can_be_put_in_any_order()
    {
        var sound = Sine(1000, 50);
        var louder = new Line(new LineGain(6), new CompandedLine(Companding.ALaw), new LineGain(-6));

        var (heard, _) = new Line(louder, new LineGain(-1)).Carry(sound);

        Assert.Equal(Modem.SignalLevel - 1, Level.Of(heard), 0.1);
        Assert.NotEqual(sound[5], G711.DecodeA(G711.EncodeA(sound[5])));
    }

    /// <summary>A sine wave at the level of data.</summary>
    internal static short[] Sine(double frequency, int packets, double level = Modem.SignalLevel) =>
    [
        .. Enumerable.Range(0, packets * AudioBlock.Length)
            .Select(i => (short)Math.Round(Level.Amplitude(level) * Math.Sin(2 * Math.PI * frequency * i / 8000))),
    ];

    /// <summary>Signal to noise in dB of what was heard, beside what should have been.</summary>
    private static double Ratio(ReadOnlySpan<short> expected, ReadOnlySpan<short> heard)
    {
        var (signal, noise) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            signal += (double)expected[i] * expected[i];
            noise += Math.Pow(expected[i] - heard[i], 2);
        }

        return 10 * Math.Log10(signal / noise);
    }
}
