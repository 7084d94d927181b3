using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Xunit;

namespace Tessera.Phone.Tests.Tones;

public class ToneTests
{
    [Theory]
    [InlineData(425)]
    [InlineData(1633)]
    [InlineData(3999)]
    public void An_oscillator_is_a_sine(double frequency)
    {
        var oscillator = new Oscillator(frequency, 0);
        var error = 0.0;
        for (var i = 0; i < 80_000; i++)
        {
            var sine = Level.Amplitude(0) * Math.Sin(Math.Tau * frequency * i / 8000);
            error = Math.Max(error, Math.Abs(oscillator.Next() - sine));
        }

        // A 32-bit step is right to a microhertz.
        Assert.True(error < 2, $"{error}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4000)]
    [InlineData(double.NaN)]
    public void A_frequency_no_telephone_carries_is_refused(double frequency) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Oscillator(frequency, 0));

    [Fact]
    public void Progress_tones_come_and_go()
    {
        Assert.Equal([true, true, true, true, true, true], Halves(Cadence.Dial, 6));
        Assert.Equal([true, true, .. new bool[8], true], Halves(Cadence.Ringback, 11));
        Assert.Equal([true, false, true, false], Halves(Cadence.Busy, 4));
    }

    [Fact]
    public void Congestion_is_twice_as_fast_as_busy()
    {
        var samples = Read(Cadence.Congestion, 8000);
        Assert.Equal(-13, Level.Of(samples.AsSpan(0, 2000)), 0.1);
        Assert.Equal(Level.Silence, Level.Of(samples.AsSpan(2000, 2000)));
        Assert.Equal(-13, Level.Of(samples.AsSpan(4000, 2000)), 0.1);
    }

    [Fact]
    public void Keys_are_two_tones_of_their_levels()
    {
        var options = new DtmfOptions { On = TimeSpan.FromSeconds(1), Off = TimeSpan.FromSeconds(0.5) };
        var samples = DtmfGenerator.Samples("5", options);

        Assert.Equal(12_000, samples.Length);
        Assert.Equal(Level.OfPower(Square(-10) + Square(-8)), Level.Of(samples.AsSpan(0, 8000)), 0.05);
        Assert.Equal(Level.Silence, Level.Of(samples.AsSpan(8000)));

        static double Square(double level) => Math.Pow(Level.Amplitude(level), 2) / 2;
    }

    [Fact]
    public void A_generator_is_idle_after_the_last_pause()
    {
        var generator = new DtmfGenerator();
        Assert.True(generator.IsIdle);
        generator.Press("12");
        var samples = new short[160];
        for (var i = 0; i < 16; i++)
        {
            Assert.False(generator.IsIdle);
            generator.Read(samples);
        }

        Assert.True(generator.IsIdle);
        generator.Read(samples);
        Assert.Equal(Level.Silence, Level.Of(samples));
    }

    [Fact]
    public void Keys_no_telephone_has_are_refused_before_any_is_pressed()
    {
        var generator = new DtmfGenerator();
        Assert.Throws<ArgumentException>(() => generator.Press("12E"));
        Assert.True(generator.IsIdle);
        Assert.Throws<InvalidOperationException>(() => generator.Press(new string('1', DtmfGenerator.MaxWaiting + 1)));
    }

    private static bool[] Halves(Cadence cadence, int count) =>
        [.. Read(cadence, count * 4000).Chunk(4000).Select(half => Level.Of(half) > -20)];

    private static short[] Read(Cadence cadence, int count)
    {
        var samples = new short[count];
        var generator = new ToneGenerator(cadence);
        // In blocks, as a call reads.
        foreach (var start in Enumerable.Range(0, count / 160)) generator.Read(samples.AsSpan(start * 160, 160));
        generator.Read(samples.AsSpan(count / 160 * 160));
        return samples;
    }
}
