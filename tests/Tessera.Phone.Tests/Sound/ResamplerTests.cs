using Tessera.Phone.Sound;
using Xunit;

namespace Tessera.Phone.Tests.Sound;

public class ResamplerTests
{
    [Theory]
    [InlineData(44_100, 8000)]
    [InlineData(22_050, 8000)]
    [InlineData(11_025, 8000)]
    [InlineData(48_000, 8000)]
    [InlineData(4000, 8000)]
    [InlineData(8000, 44_100)]
    public void A_tone_stays_what_it_is(int from, int to)
    {
        var made = Resampler.Resample(Tone(from, 1000), from, to);

        var wanted = Tone(to, 1000);
        Assert.Equal(wanted.Length, made.Length);
        var error = wanted.Zip(made, (a, b) => (short)(a - b)).ToArray();
        Assert.True(Level.Of(error.AsSpan((to / 10)..(to * 9 / 10))) < -75);
    }

    [Fact]
    public void What_the_lower_rate_cannot_carry_is_gone()
    {
        var made = Resampler.Resample(Tone(44_100, 4400), 44_100, 8000);

        Assert.True(Level.Of(made.AsSpan(800..7200)) < -75);
    }

    [Fact]
    public void The_band_of_the_telephone_comes_through_to_its_edge()
    {
        var made = Resampler.Resample(Tone(44_100, 3600), 44_100, 8000);

        Assert.Equal(Level.Of(Tone(44_100, 3600)), Level.Of(made.AsSpan(800..7200)), 0.1);
    }

    [Fact]
    public void A_clock_that_is_a_little_off_moves_a_tone_a_little()
    {
        var made = Resampler.Resample(Tone(8000, 1000), 1.0001);

        var error = Tone(8000, 1000.1).Zip(made, (a, b) => (short)(a - b)).ToArray();
        Assert.True(Level.Of(error.AsSpan(800..7200)) < -75);
    }

    [Fact]
    public void The_same_rate_changes_nothing() =>
        Assert.Equal(Tone(8000, 440), Resampler.Resample(Tone(8000, 440), 8000, 8000));

    [Fact]
    public void Nothing_stays_nothing() => Assert.Empty(Resampler.Resample([], 44_100, 8000));

    private static short[] Tone(int rate, double frequency) =>
        [.. Enumerable.Range(0, rate).Select(i => Level.Clip(10_000 * Math.Sin(2 * Math.PI * frequency * i / rate)))];
}
