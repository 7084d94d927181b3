using Tessera.Phone.Modems.ToneMode;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems.ToneMode;

public class ToneModeTests
{
    private static readonly LineConditions Packets = new() { Companding = Companding.MuLaw };

    [Fact]
    public void A_frame_of_every_length_arrives()
    {
        var receiver = new ToneReceiver();
        for (var length = 1; length <= 128; length++)
        {
            var frame = Frame(length);
            Assert.Equal(frame, Assert.Single(Modems.Heard.In(Sound(frame), receiver)).Payload);
        }
    }

    [Fact]
    public void Sixty_octets_take_less_than_five_seconds() =>
        Assert.InRange(60 / (ToneSender.SamplesOf(60) / 8000.0), 12, 14);

    public static TheoryData<LineConditions> Damage =>
    [
        Packets,
        Packets with { SignalToNoise = 10, BandFilter = true },
        Packets with { SignalToNoise = 0 },
        Packets with { SignalToNoise = -6 },
        Packets with { Drift = 100, BandFilter = true },
        Packets with { Drift = -100 },
        Packets with { Gain = -25 },
        Packets with { Companding = Companding.Transcoded, Gain = -6 },
        Packets with { Loss = PacketLoss.Random(0.03) },
        Packets with { Loss = PacketLoss.Random(0.02), Concealment = Concealment.Zeros },
        Packets with { Loss = PacketLoss.Random(0.02), SignalToNoise = 3, BandFilter = true, Gain = -10 },
    ];

    [Theory]
    [MemberData(nameof(Damage))]
    public void Nothing_is_lost_where_a_voice_is_hardly_understood(LineConditions conditions)
    {
        var heard = Modems.Heard.Frames(new ToneSender(), new ToneReceiver(), new Line(conditions, seed: 3), 12, 30);
        Assert.Equal(heard.Sent, heard.Arrived);
        Assert.Equal(0, heard.Foreign);
    }

    [Theory]
    [InlineData(0.05, 1, 0.95)]
    [InlineData(0.03, 3, 0.95)]
    [InlineData(0.05, 3, 0.9)]
    public void Lost_packets_are_made_good(double loss, double run, double least)
    {
        var line = new Line(Packets with { Loss = PacketLoss.Bursts(loss, run) }, seed: 4);
        var heard = Modems.Heard.Frames(new ToneSender(), new ToneReceiver(), line, 60, 20);
        Assert.InRange(heard.Rate, least, 1);
        Assert.Equal(0, heard.Foreign);
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("dtmf")]
    [InlineData("sweeps")]
    [InlineData("speech")]
    public void A_minute_of_other_sounds_holds_no_frame(string kind)
    {
        const int Seconds = 60;
        var sound = kind switch
        {
            "noise" => OtherSounds.Noise(Seconds, 1),
            "dtmf" => OtherSounds.Dtmf(Seconds),
            "sweeps" => OtherSounds.Sweeps(Seconds),
            _ => OtherSounds.Speech(Seconds, 3),
        };
        Assert.Empty(Modems.Heard.In(sound, new ToneReceiver()));
    }

    [Fact]
    public void Any_alignment_and_any_pieces_give_the_same_frames()
    {
        for (var shift = 0; shift < 160; shift += 13)
        {
            short[] sound = [.. new short[shift], .. Sound(Frame(8)), .. Sound(Frame(9)), .. Sound(Frame(10))];
            var expected = Modems.Heard.In(sound, new ToneReceiver());
            Assert.Equal([8, 9, 10], expected.Select(frame => frame.Payload.Length));
            var random = new Random(shift);
            Assert.Equal(expected, Modems.Heard.In(sound, new ToneReceiver(), () => random.Next(1, 700)));
            Assert.Equal(expected, Modems.Heard.In(sound, new ToneReceiver(), () => sound.Length));
        }
    }

    /// <summary>Each begins 128 octets long, and breaks off behind the header.</summary>
    [Fact]
    public void Frames_that_break_off_hide_none_behind_them()
    {
        var longest = Sound(Frame(128)).AsSpan(0, 18 * 160).ToArray();
        var broken = Enumerable.Repeat(longest, 6).SelectMany(part => part);
        short[] sound = [.. broken, .. Sound(Frame(12)), .. new short[160]];
        Assert.Equal(Frame(12), Assert.Single(Modems.Heard.In(sound, new ToneReceiver())).Payload);
    }

    [Fact]
    public void The_loudest_noise_with_any_gaps_throws_nothing()
    {
        var random = new Random(5);
        var receiver = new ToneReceiver();
        var tones = Sound(Frame(20));
        for (var i = 0; i < 2000; i++)
        {
            var from = random.Next(tones.Length - 200);
            var piece = tones.AsSpan(from, random.Next(200)).ToArray();
            if (i % 3 == 0) foreach (ref var sample in piece.AsSpan()) sample = (short)random.Next(-32768, 32768);
            receiver.Write(piece, random.Next(4) == 0);
        }

        Assert.False(receiver.TryRead(out _));
    }

    [Fact]
    public void Every_tone_has_the_level_of_data_and_goes_over_into_the_next()
    {
        var sound = Sound(Frame(40));
        Assert.InRange(Level.Of(sound.AsSpan(0, ToneSender.SamplesOf(40))), -13.1, -12.9);
        var steepest = 2 * Math.PI * 1750 / 8000 * Level.Amplitude(-13);
        for (var i = 1; i < ToneSender.SamplesOf(40); i++)
            Assert.InRange(Math.Abs(sound[i] - sound[i - 1]), 0, steepest + 2);
    }

    [Fact]
    public void What_it_cannot_send_is_refused()
    {
        var sender = new ToneSender();
        Assert.Throws<ArgumentException>(() => sender.Send(Bytes.Empty));
        Assert.Throws<ArgumentException>(() => sender.Send(new Bytes(new byte[sender.MaxFrame + 1])));
        for (var i = 0; i < 64; i++) sender.Send(new Bytes(new byte[1]));
        Assert.Throws<InvalidOperationException>(() => sender.Send(new Bytes(new byte[1])));
    }

    private static Bytes Frame(int length)
    {
        var frame = new byte[length];
        new Random(length).NextBytes(frame);
        return new Bytes(frame);
    }

    private static short[] Sound(Bytes frame)
    {
        var sender = new ToneSender();
        sender.Send(frame);
        var sound = new short[ToneSender.SamplesOf(frame.Length) + 160];
        sender.Read(sound);
        Assert.True(sender.IsIdle);
        return sound;
    }
}
