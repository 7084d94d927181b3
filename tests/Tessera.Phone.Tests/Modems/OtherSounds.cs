namespace Tessera.Phone.Tests.Modems;

/// <summary>What may be heard on a telephone line and is no frame.</summary>
internal static class OtherSounds
{
    private const int Rate = 8000;

    public static short[] Noise(int seconds, int seed, double amplitude = 8000)
    {
        var random = new Random(seed);
        return Make(seconds, _ => amplitude * ((2 * random.NextDouble()) - 1));
    }

    /// <summary>Digits in turn, 100 ms of tone and 50 of silence.</summary>
    public static short[] Dtmf(int seconds)
    {
        double[] rows = [697, 770, 852, 941];
        double[] columns = [1209, 1336, 1477, 1633];
        return Make(seconds, at =>
        {
            var (digit, into) = Math.DivRem(at, Rate * 150 / 1000);
            if (into > Rate / 10) return 0;
            return 6000 * (Wave(rows[digit % 4], at) + Wave(columns[digit / 4 % 4], at));
        });
    }

    /// <summary>From 200 to 3600 Hz and back, slower each time: 0.02 s to some seconds.</summary>
    public static short[] Sweeps(int seconds)
    {
        var (phase, length, begun) = (0.0, Rate / 50, 0);
        return Make(seconds, at =>
        {
            if (at - begun >= length) (begun, length) = (at, length * 5 / 4);
            var part = (double)(at - begun) / length;
            phase += 2 * Math.PI * (200 + (3400 * (part < 0.5 ? 2 * part : 2 - (2 * part)))) / Rate;
            return 10000 * Math.Sin(phase);
        });
    }

    /// <summary>
    /// Harmonics of a voice that rises and falls, through formants that move, with pauses and hisses.
    /// </summary>
    public static short[] Speech(int seconds, int seed)
    {
        var random = new Random(seed);
        var (phase, pitch, open, close, hiss) = (0.0, 120.0, 500.0, 1500.0, 0.0);
        return Make(seconds, at =>
        {
            if (at % (Rate / 10) == 0)
            {
                pitch = Math.Clamp(pitch + (random.NextDouble() * 40) - 20, 80, 300);
                (open, close) = (300 + (500 * random.NextDouble()), 900 + (2000 * random.NextDouble()));
                hiss = random.Next(5) == 0 ? 3000 : 0;
            }

            if (at / (Rate / 4) % 5 == 4) return 0;
            phase += 2 * Math.PI * pitch / Rate;
            var sum = hiss * (random.NextDouble() - 0.5);
            for (var harmonic = 1; harmonic * pitch < 3400; harmonic++)
            {
                var frequency = harmonic * pitch;
                var level = Peak(frequency, open, 100) + (0.5 * Peak(frequency, close, 150)) + 0.02;
                sum += 4000 * level * Math.Sin(harmonic * phase);
            }

            return sum;
        });
    }

    private static double Peak(double frequency, double centre, double width) =>
        1 / (1 + Math.Pow((frequency - centre) / width, 2));

    private static double Wave(double frequency, int at) => Math.Sin(2 * Math.PI * frequency * at / Rate);

    private static short[] Make(int seconds, Func<int, double> sample)
    {
        var sound = new short[seconds * Rate];
        for (var i = 0; i < sound.Length; i++)
            sound[i] = (short)Math.Clamp(sample(i), short.MinValue, short.MaxValue);
        return sound;
    }
}
