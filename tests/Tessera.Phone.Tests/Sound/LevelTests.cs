using Tessera.Phone.Sound;
using Xunit;

namespace Tessera.Phone.Tests.Sound;

public class LevelTests
{
    [Fact]
    public void A_sine_that_fills_the_law_has_3_14_dBm0() => Assert.Equal(3.14, Level.Of(Sine(32767)), 0.01);

    [Theory]
    [InlineData(0)]
    [InlineData(-13)]
    [InlineData(-40)]
    public void A_sine_has_the_level_its_amplitude_was_made_for(double level) =>
        Assert.Equal(level, Level.Of(Sine(Level.Amplitude(level))), 0.05);

    [Fact]
    public void Silence_is_as_low_as_it_goes()
    {
        Assert.Equal(Level.Silence, Level.Of([]));
        Assert.Equal(Level.Silence, Level.Of(new short[160]));
    }

    [Fact]
    public void The_loudest_sound_does_not_overflow() =>
        Assert.Equal(6.15, Level.Of(Enumerable.Repeat(short.MinValue, 80_000).ToArray()), 0.01);

    private static short[] Sine(double amplitude) =>
        [.. Enumerable.Range(0, 8000).Select(i => Level.Clip(amplitude * Math.Sin(2 * Math.PI * 1004 * i / 8000)))];
}
