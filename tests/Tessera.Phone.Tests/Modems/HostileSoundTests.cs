using Tessera.Phone.Modems;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Xunit;

namespace Tessera.Phone.Tests.Modems;

public class HostileSoundTests
{
    private static readonly ModemMode[] Modes = [ModemMode.V21, ModemMode.V23, ModemMode.Bell202];

    [Fact]
    public void Noise_tones_and_speech_like_sound_never_make_a_frame()
    {
        foreach (var sound in new[] { Noise(-13), Noise(3), Tones(), SpeechLike(), FullScale() })
        {
            foreach (var mode in Modes)
            {
                // Some 5 pieces a second lie between flags made of noise; a check of 16 bits is right in one of 65536.
                Assert.Empty(Sounds.Hear(Modem.CreateReceiver(mode, CallSide.Caller), sound));
            }
        }
    }

    [Fact]
    public void Hostile_sound_before_a_frame_does_not_harm_it()
    {
        foreach (var sound in new[] { Noise(3), Tones(), SpeechLike(), FullScale() })
        {
            foreach (var mode in Modes)
            {
                var frames = Sounds.Frames(seed: 12, count: 2, length: 24);
                var data = Sounds.Of(Modem.CreateSender(mode, CallSide.Answerer), frames);

                var heard = Sounds.Hear(
                    Modem.CreateReceiver(mode, CallSide.Caller), [.. sound.AsSpan(0, 8000), .. data]);

                Assert.Equal(frames, heard.Select(f => f.Payload));
            }
        }
    }

    private static short[] Noise(double level) =>
        new Line(new WhiteNoise(level, seed: 13)).Carry(new short[8000 * 20]).Samples;

    /// <summary>All pairs of the DTMF tones, 50 ms with pauses of 50 ms.</summary>
    private static short[] Tones()
    {
        double[] rows = [697, 770, 852, 941], columns = [1209, 1336, 1477, 1633];
        return
        [
            .. from row in rows
               from column in columns
               from i in Enumerable.Range(0, 800)
               let value = Math.Sin(2 * Math.PI * row * i / 8000) + Math.Sin(2 * Math.PI * column * i / 8000)
               select (short)(i < 400 ? 5000 * value : 0),
        ];
    }

    /// <summary>Harmonics of a voice whose pitch and loudness wander.</summary>
    private static short[] SpeechLike()
    {
        var phase = 0.0;
        return
        [
            .. Enumerable.Range(0, 8000 * 10).Select(i =>
            {
                phase += 2 * Math.PI * (130 + 40 * Math.Sin(i / 3000.0)) / 8000;
                var formant = 6 + 5 * Math.Sin(i / 900.0);
                var voice = Enumerable.Range(1, 20).Sum(h => Math.Sin(h * phase) / (1 + Math.Abs(h - formant)));
                return Level.Clip(4000 * voice * (1 + Math.Sin(i / 1300.0)) / 2);
            }),
        ];
    }

    private static short[] FullScale() =>
        [.. Enumerable.Range(0, 8000 * 4).Select(i => i / 3 % 2 == 0 ? short.MaxValue : short.MinValue)];
}
