using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public class EscapeDetectorTests
{
    private static readonly LineConditions[] Lines =
    [
        LineConditions.Clean,
        new() { Companding = Companding.MuLaw },
        new() { Companding = Companding.Transcoded, Gain = -20 },
        new() { Companding = Companding.ALaw, SignalToNoise = 15 },
        new() { Companding = Companding.ALaw, BandFilter = true, Drift = 100 },
    ];

    [Fact]
    public void The_signal_is_heard_on_every_line_wherever_it_begins()
    {
        for (var line = 0; line < Lines.Length; line++)
        {
            for (var offset = 0; offset < AudioBlock.Length; offset += 7)
            {
                var sound = new short[offset + 960 + 480];
                new EscapeSignal().Read(sound.AsSpan(offset));
                Assert.True(Hears(new Line(Lines[line], offset).Carry(sound).Samples), $"line {line}, offset {offset}");
            }
        }
    }

    [Fact]
    public void Any_lost_packet_repeated_or_silent_leaves_it_heard()
    {
        var sound = new short[4 * AudioBlock.Length + 960];
        new EscapeSignal().Read(sound.AsSpan(2 * AudioBlock.Length));
        for (var lost = 2; lost < 8; lost++)
        {
            var repeated = sound.ToArray();
            var before = sound.AsSpan((lost - 1) * AudioBlock.Length, AudioBlock.Length);
            before.CopyTo(repeated.AsSpan(lost * AudioBlock.Length));
            Assert.True(Hears(repeated), $"packet {lost}");
        }
    }

    [Fact]
    public void One_pair_the_pairs_in_the_wrong_order_or_far_apart_are_no_signal()
    {
        var signal = new short[960];
        new EscapeSignal().Read(signal);
        short[] first = signal[..480], second = signal[480..], silence = new short[800];

        Assert.True(Hears([.. first, .. second, .. silence]));
        Assert.False(Hears([.. first, .. silence]));
        Assert.False(Hears([.. second, .. silence]));
        Assert.False(Hears([.. second, .. first, .. silence]));
        Assert.False(Hears([.. first, .. silence, .. second, .. silence]));
        Assert.False(Hears([.. first, .. first, .. first, .. second, .. silence]));
    }

    [Theory]
    [InlineData("voice")]
    [InlineData("chords")]
    [InlineData("sweep")]
    [InlineData("keys")]
    [InlineData("noise")]
    public void Nothing_that_people_hear_on_a_telephone_is_a_signal(string kind)
    {
        var random = new Random(1);
        var detector = new EscapeDetector();
        var sound = new short[20 * AudioBlock.Rate];
        for (var run = 0; run < 4; run++)
        {
            Fill(kind, sound, random);
            Assert.False(detector.Write(sound), $"run {run}");
        }
    }

    private static bool Hears(ReadOnlySpan<short> sound) => new EscapeDetector().Write(sound);

    private static void Fill(string kind, Span<short> sound, Random random)
    {
        var phases = new double[64];
        var (pitch, gain, low, high) = (120d, 0d, 0d, 0d);
        for (var i = 0; i < sound.Length; i++)
        {
            // A syllable, a note or a key lasts 80 ms to 300 ms.
            if (i % 1200 == 0 || random.Next(1600) == 0)
            {
                pitch = 70 * Math.Pow(2, random.NextDouble() * 3);
                gain = Level.Amplitude(-30 + (20 * random.NextDouble()));
                low = 697 + random.Next(245);
                high = 1209 + random.Next(425);
            }

            sound[i] = Level.Clip(gain * kind switch
            {
                "voice" => Harmonics(phases, pitch * (1 + (0.02 * Math.Sin(i / 300d))), 3400 / pitch, 1.2),
                "chords" => Harmonics(phases, pitch, 3, 1) + Harmonics(phases.AsSpan(20), pitch * 1.26, 3, 1)
                    + Harmonics(phases.AsSpan(40), pitch * 1.5, 3, 1),
                "sweep" => Harmonics(phases, 300 + (3100d * (i % 8000) / 8000), 1, 1)
                    + Harmonics(phases.AsSpan(1), 3400 - (3000d * (i % 6000) / 6000), 1, 1),
                "keys" => Harmonics(phases, low, 1, 1) + Harmonics(phases.AsSpan(1), high, 1, 1),
                _ => 2 * (random.NextDouble() + random.NextDouble() - 1),
            });
        }
    }

    private static double Harmonics(Span<double> phases, double pitch, double count, double fall)
    {
        var sum = 0d;
        for (var n = 1; n <= Math.Min(count, 20); n++)
        {
            phases[n - 1] += 2 * Math.PI * n * pitch / AudioBlock.Rate;
            sum += Math.Sin(phases[n - 1]) / Math.Pow(n, fall);
        }

        return sum;
    }
}
