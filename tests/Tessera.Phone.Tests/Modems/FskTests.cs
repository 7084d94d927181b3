using Tessera.Phone.Modems;
using Tessera.Phone.Modems.Fsk;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems;

public class FskTests
{
    public static TheoryData<double, double, double> Channels => new(new[]
    {
        FskChannel.V21Caller, FskChannel.V21Answerer, FskChannel.V23Forward, FskChannel.V23Backward, FskChannel.Bell202,
    }.Select(c => (c.Mark, c.Space, c.Rate)));

    [Theory]
    [MemberData(nameof(Channels))]
    public void Frames_come_through_a_clean_line(double mark, double space, double rate)
    {
        var channel = new FskChannel(mark, space, rate);
        var frames = Sounds.Frames(seed: 1, count: 6, length: 16);

        var heard = Sounds.Hear(new FskReceiver(channel), Sounds.Of(new FskSender(channel), frames));

        Assert.Equal(frames, heard.Select(f => f.Payload));
        Assert.All(heard, frame => Assert.InRange(frame.Quality, 15, 60));
    }

    [Fact]
    public void Any_octets_come_through_whatever_is_heard_before_and_after()
    {
        var random = new Random(2);
        for (var run = 0; run < 40; run++)
        {
            var frame = Sounds.Octets(random, random.Next(1, 100));
            if (run % 4 == 0) frame = new Bytes(frame.ToArray().Select(_ => (byte)(run % 8 == 0 ? 255 : 0)).ToArray());
            var data = Sounds.Of(new FskSender(FskChannel.Bell202), frame)[..^7000];
            short[] sound = [.. Noise(random, -20), .. data, .. Noise(random, -20)];

            Assert.Contains(frame, Sounds.Hear(new FskReceiver(FskChannel.Bell202), sound).Select(f => f.Payload));
        }
    }

    [Fact]
    public void The_sound_does_not_depend_on_how_it_is_read_nor_the_frames_on_how_it_is_heard()
    {
        var random = new Random(3);
        var frames = Sounds.Frames(seed: 3, count: 3, length: 20);
        var whole = Sounds.Of(new FskSender(FskChannel.V23Forward), frames);
        for (var run = 0; run < 5; run++)
        {
            var sender = new FskSender(FskChannel.V23Forward);
            foreach (var frame in frames) sender.Send(frame);
            var receiver = new FskReceiver(FskChannel.V23Forward);
            var sound = new short[whole.Length];
            for (var at = 0; at < sound.Length;)
            {
                var some = sound.AsSpan(at, Math.Min(random.Next(400), sound.Length - at));
                sender.Read(some);
                receiver.Write(some);
                at += some.Length;
            }

            Assert.Equal(whole, sound);
            foreach (var frame in frames)
            {
                Assert.True(receiver.TryRead(out var heard));
                Assert.Equal(frame, heard.Payload);
            }
        }
    }

    [Fact]
    public void A_sound_has_the_level_of_data_and_its_tones_join_without_a_step()
    {
        var sound = Sounds.Of(new FskSender(FskChannel.Bell202, keepsCarrier: true), Sounds.Frames(4, 10, 30));

        Assert.Equal(-13, Level.Of(sound), 0.1);
        // No two samples of the higher tone are farther apart than this.
        var most = 2 * Level.Amplitude(-13) * Math.Sin(Math.PI * FskChannel.Bell202.Space / 8000);
        for (var i = 2; i < sound.Length; i++) Assert.InRange(Math.Abs(sound[i] - sound[i - 1]), 0, most + 12);
    }

    [Fact]
    public void Between_frames_is_silence_or_the_carrier()
    {
        var bursts = new FskSender(FskChannel.Bell202);
        var carrier = new FskSender(FskChannel.Bell202, keepsCarrier: true);
        var pause = new short[800];

        Sounds.Of(bursts, Sounds.Frames(5, 1, 10));
        bursts.Read(pause);
        Assert.Equal(Level.Silence, Level.Of(pause));
        Sounds.Of(carrier, Sounds.Frames(5, 1, 10));
        carrier.Read(pause);
        Assert.Equal(-13, Level.Of(pause), 0.2);
    }

    [Theory]
    [InlineData(ModemMode.V21, 0)]
    [InlineData(ModemMode.V23, 6)]
    [InlineData(ModemMode.Bell202, 6)]
    public void Frames_survive_noise_and_the_quality_is_that_of_the_line(ModemMode mode, double ratio)
    {
        var frames = Sounds.Frames(seed: 6, count: 30, length: 16);
        var line = new Line(
            new LineConditions { SignalToNoise = ratio, Companding = Companding.Transcoded, BandFilter = true },
            seed: 6);

        var sound = Sounds.Of(Modem.CreateSender(mode, CallSide.Answerer), frames);
        var heard = Sounds.Hear(Modem.CreateReceiver(mode, CallSide.Caller), sound, line);

        Assert.InRange(heard.Count, 27, 30);
        Assert.All(heard, frame => Assert.InRange(frame.Quality, ratio - 1.5, ratio + 2.5));
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(-100, 0)]
    [InlineData(0, -30)]
    [InlineData(0, 8)]
    public void Drift_and_level_cost_nothing(double drift, double gain)
    {
        var frames = Sounds.Frames(seed: 7, count: 20, length: 64);
        var sender = new FskSender(FskChannel.Bell202, keepsCarrier: true);
        var line = new Line(new LineConditions { Drift = drift, Gain = gain, Companding = Companding.ALaw }, seed: 7);

        var heard = Sounds.Hear(new FskReceiver(FskChannel.Bell202), Sounds.Of(sender, frames), line);

        Assert.Equal(frames, heard.Select(f => f.Payload));
    }

    [Fact]
    public void Loss_costs_the_frames_that_it_hits_and_no_more()
    {
        var frames = Sounds.Frames(seed: 8, count: 100, length: 16);
        var line = new Line(new LineConditions { Loss = PacketLoss.Random(0.02) }, seed: 8);

        var heard = Sounds.Hear(
            new FskReceiver(FskChannel.Bell202), Sounds.Of(new FskSender(FskChannel.Bell202), frames), line);

        // 160 bits with flag and check are 7 packets, and one more for where they begin.
        Assert.InRange(heard.Count, 80, 97);
        Assert.Empty(heard.Select(f => f.Payload).Except(frames));
    }

    [Fact]
    public void Both_directions_of_V21_sound_at_once()
    {
        var (up, down) = (Sounds.Frames(9, 5, 12), Sounds.Frames(10, 5, 12));
        var caller = Sounds.Of(Modem.CreateSender(ModemMode.V21, CallSide.Caller), up);
        var answerer = Sounds.Of(Modem.CreateSender(ModemMode.V21, CallSide.Answerer), down);
        short[] both = [.. caller.Zip(answerer, (a, b) => (short)(a + b))];

        Assert.Equal(up, Payloads(Modem.CreateReceiver(ModemMode.V21, CallSide.Answerer), both));
        Assert.Equal(down, Payloads(Modem.CreateReceiver(ModemMode.V21, CallSide.Caller), both));
    }

    [Fact]
    public void Frames_that_a_sender_cannot_send_are_the_callers_mistake()
    {
        var sender = new FskSender(FskChannel.V21Caller);

        Assert.Throws<ArgumentException>(() => sender.Send(Bytes.Empty));
        Assert.Throws<ArgumentException>(() => sender.Send(new Bytes(new byte[sender.MaxFrame + 1])));
        sender.Send(new Bytes(new byte[sender.MaxFrame]));
        Assert.False(sender.IsIdle);
    }

    private static IEnumerable<Bytes> Payloads(IModemReceiver receiver, short[] sound) =>
        Sounds.Hear(receiver, sound).Select(f => f.Payload);

    /// <summary>Up to a tenth of a second of noise.</summary>
    private static short[] Noise(Random random, double level)
    {
        var packets = random.Next(6);
        return new Line(new WhiteNoise(level, random.Next())).Carry(new short[packets * 160]).Samples;
    }
}
