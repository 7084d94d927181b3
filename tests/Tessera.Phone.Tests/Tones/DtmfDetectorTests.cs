using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Xunit;

namespace Tessera.Phone.Tests.Tones;

/// <summary>The limits of ITU-T Q.24 and around them.</summary>
public class DtmfDetectorTests
{
    [Theory]
    [InlineData(40, 40)]
    [InlineData(50, 50)]
    [InlineData(80, 80)]
    [InlineData(500, 45)]
    public void Every_key_is_heard_once_wherever_its_tone_begins(int on, int off)
    {
        var options = Options(on, off);
        for (var shift = 0; shift < 102; shift++)
            Assert.Equal(Dtmf.Keys, Heard([.. new short[shift], .. DtmfGenerator.Samples(Dtmf.Keys, options)]));
    }

    [Fact]
    public void The_shortest_tone_is_heard_whatever_its_phases_are()
    {
        var random = new Random(11);
        for (var run = 0; run < 200; run++)
        {
            Each((row, column) =>
            {
                var (low, high) = (new Oscillator(Dtmf.Low[row], -10), new Oscillator(Dtmf.High[column], -10));
                for (var skip = random.Next(100); skip > 0; skip--) low.Next();
                for (var skip = random.Next(100); skip > 0; skip--) high.Next();
                var tone = Enumerable.Range(0, 320).Select(_ => Level.Clip(low.Next() + high.Next()));
                Assert.Equal($"{Dtmf.Keys[(row * 4) + column]}", Heard([.. new short[random.Next(102)], .. tone]));
            });
        }
    }

    [Fact]
    public void The_same_key_again_and_again_is_heard_as_often()
    {
        for (var shift = 0; shift < 102; shift++)
            Assert.Equal("555000", Heard([.. new short[shift], .. DtmfGenerator.Samples("555000", Options(40, 40))]));
    }

    [Theory]
    [InlineData(-0.015, -0.015)]
    [InlineData(-0.015, 0.015)]
    [InlineData(0.015, -0.015)]
    [InlineData(0.015, 0.015)]
    public void Frequencies_may_be_off_a_little(double low, double high) =>
        Each((row, column) => Assert.Equal(
            1, Heard(Pair(Dtmf.Low[row] * (1 + low), Dtmf.High[column] * (1 + high), -10, -10)).Length));

    [Theory]
    [InlineData(-0.035, 0)]
    [InlineData(0.035, 0)]
    [InlineData(0, -0.035)]
    [InlineData(0, 0.035)]
    [InlineData(0.05, 0.05)]
    public void Frequencies_that_are_off_too_far_are_no_key(double low, double high) =>
        Each((row, column) => Assert.Empty(
            Heard(Pair(Dtmf.Low[row] * (1 + low), Dtmf.High[column] * (1 + high), -10, -10))));

    [Theory]
    [InlineData(-8, -16, true)]
    [InlineData(-12, -8, true)]
    [InlineData(-5, -17, false)]
    [InlineData(-16, -5, false)]
    public void One_group_may_be_louder_but_not_by_much(double low, double high, bool isKey) =>
        Each((row, column) => Assert.Equal(
            isKey, Heard(Pair(Dtmf.Low[row], Dtmf.High[column], low, high)).Length == 1));

    [Theory]
    [InlineData(0, true)]
    [InlineData(-3, true)]
    [InlineData(-26, true)]
    [InlineData(-34, true)]
    [InlineData(-40, false)]
    public void What_a_line_leaves_is_heard_and_crosstalk_is_not(double level, bool isKey) =>
        Each((row, column) => Assert.Equal(
            isKey, Heard(Pair(Dtmf.Low[row], Dtmf.High[column], level, level)).Length == 1));

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    public void A_tone_that_short_is_no_key(int milliseconds)
    {
        for (var shift = 0; shift < 102; shift += 5)
            Assert.Empty(Heard([.. new short[shift], .. DtmfGenerator.Samples(Dtmf.Keys, Options(milliseconds, 60))]));
    }

    [Fact]
    public void A_gap_of_10_ms_in_a_tone_does_not_make_two_keys_of_it()
    {
        for (var shift = 0; shift < 102; shift += 3)
        {
            var samples = DtmfGenerator.Samples("7", Options(200, 50));
            samples.AsSpan(700 + shift, 80).Clear();
            Assert.Equal("7", Heard(samples));
        }
    }

    [Theory]
    [InlineData(15, 1.0)]
    [InlineData(10, 0.95)]
    public void Noise_may_be_that_loud(double signalToNoise, double atLeast)
    {
        var random = new Random(6);
        var level = Level.Amplitude(-10 + 3 - signalToNoise) / Math.Sqrt(2);
        var (right, all) = (0, 0);
        for (var run = 0; run < 30; run++)
        {
            var keys = string.Concat(Enumerable.Range(0, 20).Select(_ => Dtmf.Keys[random.Next(16)]));
            var clean = DtmfGenerator.Samples(keys, Options(50, 50) with { Low = -10, High = -10 });
            var heard = Heard([.. clean.Select(sample => Level.Clip(sample + (level * Gauss(random))))]);
            (right, all) = (right + (string.Equals(heard, keys, StringComparison.Ordinal) ? 20 : 0), all + 20);
        }

        Assert.True(right >= atLeast * all, $"{right} of {all}");
    }

    [Fact]
    public void Both_laws_leave_keys_as_they_are()
    {
        var clean = DtmfGenerator.Samples(Dtmf.Keys, Options(40, 40) with { Low = -30, High = -28 });
        Assert.Equal(Dtmf.Keys, Heard([.. clean.Select(sample => G711.DecodeMu(G711.EncodeMu(sample)))]));
        Assert.Equal(Dtmf.Keys, Heard([.. clean.Select(sample => G711.DecodeA(G711.EncodeA(sample)))]));
    }

    [Fact]
    public void One_tone_alone_is_no_key()
    {
        foreach (var frequency in Dtmf.Low.Concat(Dtmf.High))
            Assert.Empty(Heard(Pair(frequency, 3000, -5, -90)));
    }

    [Fact]
    public void A_voice_on_the_frequencies_of_keys_is_none()
    {
        // A tone with its harmonics, gliding slowly through all keys: what speech does to a detector.
        for (var step = 0; step < 40; step++)
        {
            var samples = new short[16_000];
            var phase = 0.0;
            for (var i = 0; i < samples.Length; i++)
            {
                phase += Math.Tau * (100 + (step * 7) + (i * 0.006)) / 8000;
                samples[i] = Level.Clip(Enumerable.Range(1, 12).Sum(n => 3000.0 / n * Math.Sin(n * phase)));
            }

            Assert.Empty(Heard(samples));
        }
    }

    [Fact]
    public void White_noise_is_no_key()
    {
        var random = new Random(7);
        var detector = new DtmfDetector();
        var block = new short[8000];
        for (var second = 0; second < 300; second++)
        {
            for (var i = 0; i < block.Length; i++) block[i] = Level.Clip(3000 * Gauss(random));
            detector.Write(block);
        }

        Assert.False(detector.TryRead(out _));
    }

    [Fact]
    public void A_key_is_told_while_it_is_held_and_with_its_time()
    {
        var detector = new DtmfDetector();
        detector.Write(new short[4000]);
        detector.Write(DtmfGenerator.Samples("9", Options(1000, 50)).AsSpan(0, 400));

        Assert.True(detector.TryRead(out var key));
        Assert.Equal('9', key.Key);
        Assert.InRange(key.At, 3900, 4100);
        Assert.Equal('9', detector.Held);
        detector.Write(new short[400]);
        Assert.Null(detector.Held);
        Assert.False(detector.TryRead(out _));
    }

    [Fact]
    public void It_does_not_matter_how_the_samples_come()
    {
        var samples = DtmfGenerator.Samples(Dtmf.Keys, Options(40, 40));
        var random = new Random(8);
        var detector = new DtmfDetector();
        for (var at = 0; at < samples.Length;)
        {
            var count = Math.Min(random.Next(1, 300), samples.Length - at);
            detector.Write(samples.AsSpan(at, count));
            at += count;
        }

        Assert.Equal(Dtmf.Keys, Keys(detector));
    }

    private static DtmfOptions Options(int on, int off) =>
        new() { On = TimeSpan.FromMilliseconds(on), Off = TimeSpan.FromMilliseconds(off) };

    private static string Heard(ReadOnlySpan<short> samples)
    {
        var detector = new DtmfDetector();
        detector.Write(samples);
        detector.Write(new short[400]);
        return Keys(detector);
    }

    private static string Keys(DtmfDetector detector)
    {
        var keys = "";
        while (detector.TryRead(out var key)) keys += key.Key;
        return keys;
    }

    private static short[] Pair(double low, double high, double lowLevel, double highLevel)
    {
        var (first, second) = (new Oscillator(low, lowLevel), new Oscillator(high, highLevel));
        return [.. new short[37], .. Enumerable.Range(0, 480).Select(_ => Level.Clip(first.Next() + second.Next()))];
    }

    private static void Each(Action<int, int> check)
    {
        for (var place = 0; place < 16; place++) check(place / 4, place % 4);
    }

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
}
