using Tessera.Phone.Modems.Ofdm;
using Tessera.Phone.Sound;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Modems.Ofdm;

public class OfdmReceiverTests
{
    private const int Packet = 160;

    public static TheoryData<string> Quiet => ["noise", "hiss", "dtmf", "sweeps", "speech", "silence"];

    [Theory]
    [MemberData(nameof(Quiet))]
    public void Three_minutes_of_other_sounds_hold_no_frame(string kind)
    {
        const int Seconds = 180;
        var sound = kind switch
        {
            "noise" => OtherSounds.Noise(Seconds, 1),
            "hiss" => OtherSounds.Noise(Seconds, 2, 60),
            "dtmf" => OtherSounds.Dtmf(Seconds),
            "sweeps" => OtherSounds.Sweeps(Seconds),
            "speech" => OtherSounds.Speech(Seconds, 3),
            _ => new short[Seconds * 8000],
        };
        var receiver = new OfdmReceiver();
        Assert.Empty(Heard.In(sound, receiver));
        Assert.Equal(0, receiver.Broken);
    }

    [Fact]
    public void A_burst_is_heard_in_the_middle_of_speech()
    {
        var sound = OtherSounds.Speech(4, 5);
        var (frame, burst) = Burst(Constellation.Qam16, 60, 1);
        burst.CopyTo(sound.AsSpan(16_001));
        Assert.Equal(frame, Assert.Single(Heard.In(sound, new OfdmReceiver())).Payload);
    }

    [Fact]
    public void Any_alignment_and_any_pieces_give_the_same_frames()
    {
        for (var shift = 0; shift < Packet; shift += 7)
        {
            var sound = Three(shift);
            var expected = Heard.In(sound, new OfdmReceiver());
            Assert.Equal(3, expected.Count);
            var random = new Random(shift);
            Assert.Equal(expected, Heard.In(sound, new OfdmReceiver(), () => random.Next(1, 1000)));
            Assert.Equal(expected, Heard.In(sound, new OfdmReceiver(), () => sound.Length));
        }

        Assert.Equal(3, Heard.In(Three(3), new OfdmReceiver(), () => 1).Count);
    }

    [Fact]
    public void A_line_that_turns_the_wave_upside_down_does_no_harm()
    {
        var sound = Three(11);
        for (var i = 0; i < sound.Length; i++) sound[i] = (short)-sound[i];
        Assert.Equal(3, Heard.In(sound, new OfdmReceiver()).Count);
    }

    /// <summary>The first burst teaches the line; of the second any packet may be missing, told or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Any_packet_of_a_burst_may_be_lost_if_that_is_known(bool repeats)
    {
        var (first, burst) = Burst(Constellation.Qam64, 90, 1);
        var (second, other) = Burst(Constellation.Qam64, 77, 2);
        for (var lost = 0; lost < other.Length / Packet; lost++)
        {
            var receiver = new OfdmReceiver();
            Play(receiver, [.. burst, .. new short[Packet * 3]], lost: -1, repeats);
            Assert.True(receiver.TryRead(out var heard));
            Assert.Equal(first, heard.Payload);
            Play(receiver, [.. other, .. new short[Packet * 3]], lost, repeats);
            Assert.True(receiver.TryRead(out heard), $"{lost}");
            Assert.Equal(second, heard.Payload);
            Assert.Equal(0, receiver.Broken);
        }
    }

    [Fact]
    public void A_header_that_nobody_heard_is_found_by_trying()
    {
        foreach (var constellation in Enum.GetValues<Constellation>())
        {
            for (var length = 1; length <= 256; length += 15)
            {
                var (frame, burst) = Burst(constellation, length, length);
                var receiver = new OfdmReceiver();
                Play(receiver, [.. burst, .. new short[Packet * 3]], lost: 1, repeats: true);
                Assert.True(receiver.TryRead(out var heard), $"{constellation} {length}");
                Assert.Equal(frame, heard.Payload);
            }
        }
    }

    [Fact]
    public void A_packet_that_a_gateway_repeated_without_a_word_is_found_out()
    {
        var (frame, burst) = Burst(Constellation.Qam64, 90, 3);
        for (var lost = 1; lost < burst.Length / Packet; lost++)
        {
            var sound = burst.ToArray();
            sound.AsSpan((lost - 1) * Packet, Packet).CopyTo(sound.AsSpan(lost * Packet));
            var heard = Heard.In([.. sound, .. new short[Packet * 3]], new OfdmReceiver());
            Assert.Equal(frame, Assert.Single(heard).Payload);
        }
    }

    [Fact]
    public void Bursts_that_follow_each_other_at_once_are_all_heard()
    {
        var sender = new OfdmSender { Constellation = Constellation.Qam256 };
        for (var i = 1; i <= 20; i++) sender.Send(Frame(10 * i, i));
        var sound = new short[20 * 20 * Packet];
        sender.Read(sound);
        Assert.Equal(
            Enumerable.Range(1, 20).Select(i => Frame(10 * i, i)),
            Heard.In(sound, new OfdmReceiver()).Select(heard => heard.Payload));
    }

    /// <summary>The header promises 29 symbols; what comes is another burst, after any number of them.</summary>
    [Fact]
    public void A_burst_that_breaks_off_hides_none_behind_it()
    {
        var (frame, burst) = Burst(Constellation.Qam64, 60, 4);
        var (_, longest) = Burst(Constellation.Qpsk, 256, 5, losses: 4);
        for (var packets = 1; packets * Packet < longest.Length; packets++)
        {
            short[] sound = [.. longest.AsSpan(0, packets * Packet), .. burst, .. new short[Packet * 3]];
            Assert.Equal(frame, Assert.Single(Heard.In(sound, new OfdmReceiver())).Payload);
        }
    }

    [Fact]
    public void Training_symbols_without_end_hide_no_burst()
    {
        var (frame, burst) = Burst(Constellation.Qam16, 60, 6);
        var training = Enumerable.Repeat(burst[..Packet], 200).SelectMany(symbol => symbol);
        short[] sound = [.. training, .. burst, .. new short[800]];
        Assert.Equal(frame, Assert.Single(Heard.In(sound, new OfdmReceiver())).Payload);
    }

    [Fact]
    public void Pieces_of_bursts_in_any_order_throw_nothing_and_are_no_frames()
    {
        var random = new Random(7);
        var bursts = Enumerable.Range(0, 8).Select(i => Burst((Constellation)(i % 4), 30 * (i + 1), i).Sound).ToArray();
        var receiver = new OfdmReceiver();
        for (var i = 0; i < 3000; i++)
        {
            var burst = bursts[random.Next(bursts.Length)];
            var at = random.Next(burst.Length - 100);
            receiver.Write(burst.AsSpan(at, random.Next(1, 100)), random.Next(20) == 0);
        }

        Assert.False(receiver.TryRead(out _));
    }

    [Fact]
    public void The_loudest_noise_with_any_gaps_throws_nothing()
    {
        var random = new Random(8);
        var receiver = new OfdmReceiver();
        var (_, burst) = Burst(Constellation.Qpsk, 20, 9);
        receiver.Write(burst);
        var packet = new short[Packet];
        for (var i = 0; i < 2000; i++)
        {
            foreach (ref var sample in packet.AsSpan()) sample = (short)random.Next(short.MinValue, short.MaxValue + 1);
            receiver.Write(packet.AsSpan(0, random.Next(Packet)), random.Next(3) == 0);
        }

        Assert.True(receiver.TryRead(out _));
        Assert.False(receiver.TryRead(out _));
    }

    private static short[] Three(int shift)
    {
        List<short> sound = [.. new short[shift]];
        for (var i = 0; i < 3; i++)
        {
            sound.AddRange(Burst(Constellation.Qam64, 50 + i, i).Sound);
            sound.AddRange(new short[333 * i]);
        }

        return [.. sound, .. new short[400]];
    }

    private static (Bytes Frame, short[] Sound) Burst(Constellation constellation, int length, int seed, int losses = 1)
    {
        var sender = new OfdmSender { Constellation = constellation, Losses = losses };
        var frame = Frame(length, seed);
        sender.Send(frame);
        var sound = new short[sender.SamplesOf(length)];
        sender.Read(sound);
        foreach (ref var sample in sound.AsSpan()) sample = G711.DecodeA(G711.EncodeA(sample));
        return (frame, sound);
    }

    private static Bytes Frame(int length, int seed)
    {
        var frame = new byte[length];
        new Random(seed).NextBytes(frame);
        return new Bytes(frame);
    }

    private static void Play(OfdmReceiver receiver, short[] sound, int lost, bool repeats)
    {
        for (var packet = 0; packet < sound.Length / Packet; packet++)
        {
            var heard = sound.AsSpan(packet * Packet, Packet).ToArray();
            if (packet == lost && repeats && packet > 0) heard = sound.AsSpan((packet - 1) * Packet, Packet).ToArray();
            else if (packet == lost) heard.AsSpan().Clear();
            receiver.Write(heard, packet == lost);
        }
    }
}
